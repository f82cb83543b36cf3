import { describe, expect, it } from "vitest";
import { dashboards } from "../../dashboards/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { parseLogql } from "../../src/loki/logql-tree.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import { longestLogql } from "../../src/model/logql.ts";
import { linesPerSecond } from "../../src/model/quantity.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { logCatalogue, theLog } from "../../src/review/log-catalogue.ts";
import { logQueryFindings } from "../../src/review/log-queries.ts";
import { logqlChecker } from "../../src/review/logql-findings.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { logLines } from "../../src/worlds/log-lines.ts";
import { healthy } from "../../src/worlds/world.ts";
import { afterChange } from "../helpers/changed-files.ts";
import { drillLoki, logRulesOf } from "../helpers/log-drills.ts";
import { checkout, ordersApi, shop } from "../helpers/shop.ts";

const engine = await loadEngine();
const platform = shop({ services: [ordersApi, checkout].map((one) => ({ ...one, packs: ["http", "logs"] })) });
const catalogue = logCatalogue(platform);
const dashboardFiles = renderDashboards(platform, dashboards);
const noon = clockMs("12:00") ?? 0;

/** `file:line rule: summary → fix` of what is found after a text of the deployed files has been changed by hand. */
function foundAfter(from: string, to: string): string[] {
  const changed = afterChange({ rules: logRulesOf(platform), dashboards: dashboardFiles }, from, to);
  return logQueryFindings(platform, changed.rules, changed.dashboards, engine).map(
    ({ rule, place, summary, fix }) => `${place.file}:${place.line ?? ""} ${rule}: ${summary} → ${fix ?? ""}`,
  );
}

const faultsOf = (query: string) =>
  logqlChecker([query], catalogue, engine)(query).map(({ rule, summary, fix }) => `${rule}: ${summary} → ${fix ?? ""}`);

/** A query of so many bytes. */
const ofLength = (length: number): string => {
  const [begin, end] = ['{service="checkout"} |= "', '"'];
  return `${begin}${"x".repeat(length - begin.length - end.length)}${end}`;
};

describe("every LogQL query of panels, variables and rules", () => {
  it("asks for what there is", () => {
    expect(logQueryFindings(platform, logRulesOf(platform), dashboardFiles, engine)).toEqual([]);
  });

  it("asks nobody for what must never be logged by others", () => {
    const never = [{ name: "panic", contains: "panic:" }];
    const services = [
      {
        ...ordersApi,
        packs: ["http", "logs"],
        logs: { never },
        thresholds: { LogErrorsHigh: { critical: linesPerSecond(9) } },
      },
      { ...checkout, packs: ["http", "logs"], logs: { never: [{ name: "lost", contains: "lost" }] } },
      { ...checkout, name: "cart", packs: ["http", "logs"], logs: { never }, features: { LogForbiddenPattern: false } },
    ];
    const own = shop({ services });
    expect(logQueryFindings(own, logRulesOf(own), renderDashboards(own, dashboards), engine)).toEqual([]);
  });

  it.each([
    [
      "a rule that is no LogQL",
      "(sum by",
      "(summ by",
      /^loki\/rules\/fake\/logs\.yml:7 query\/invalid: The alert LogErrorsHigh is no LogQL/,
    ],
    [
      "a panel that is no LogQL",
      'detected_level=~\\"',
      'detected_level~=\\"',
      /logs\.json: query\/invalid: The panel "Lines that tell of errors" .* from character \d+ on/,
    ],
    [
      "a label that no stream has",
      "service=~",
      "servce=~",
      /selects the log by servce, a label that it does not have\. → Did you mean service\?/,
    ],
    [
      "a label that no line has",
      "detected_level",
      "detected_levle",
      /query\/missing-label: .* has a filter that needs detected_levle.*Did you mean detected_level\?/,
    ],
    [
      "a level that does not exist",
      "error|fatal|critical",
      "eror",
      /query\/matches-nothing: .*detected_level=~"eror", which is never so/,
    ],
    [
      "a grouping by what is not there",
      "environment, service, team)",
      "environment, service, taem)",
      /query\/missing-label: .*has by \(taem\), but rate.*Did you mean team\?/,
    ],
    [
      "a variable that the dashboard lacks",
      "$environment",
      "$enviroment",
      /query\/unknown-variable: The panel .* uses \$enviroment/,
    ],
    [
      "a variable over a label that is not there",
      '"stream": "{service',
      '"stream": "{sevice',
      /The variable environment of "Logs" selects the log by sevice/,
    ],
  ])("is told of %s", (_, from, to, expected) => {
    const found = foundAfter(from, to);
    expect(
      found.filter((line) => expected.test(line)),
      found.join("\n"),
    ).not.toEqual([]);
  });
});

describe("a LogQL query", () => {
  it.each([
    ['{service="orders-api"} |= "x" != "y" | json | anything="at all" | line_format "{{.x}}"'],
    ['sum by (http_route) (rate({service="checkout"} | http_response_status_code=~"5.." [5m]))'],
    ['sum by (kind) (rate({service=~".+"} | label_format kind=detected_level [5m]))'],
    ['quantile_over_time(0.9, {service="orders-api"} | json | unwrap duration [5m]) by (service)'],
    ['count_over_time({service="orders-api", pod=""} | trace_id!="" [5m])'],
    [
      'sum(rate({service="checkout"}[5m])) by (service) / on (service) group_left () sum by (service) (rate({service=~".+"}[5m]))',
    ],
    [
      'topk(3, sum by (service_name) (rate({deployment_environment_name="production"} | logfmt | __error__="" [5m]))) or vector(0)',
    ],
    ['{service="checkout"} | label_format detected_level="x" | detected_level="x" | drop nothing'],
    ['{service="checkout"} | detected_level="error" or http_route="/nowhere"'],
  ])("that can return something is fine: %s", (query) => {
    expect(faultsOf(query)).toEqual([]);
  });

  it.each([
    ['{service="chekout"}', /matches-nothing: selects the log where service="chekout".*Did you mean checkout\?/],
    ['{service="orders-api"} | http_route="/pay"', /matches-nothing: .*never so together/],
    [
      '{detected_level="error"}',
      /unknown-label: .*no stream of lines\. → Write it behind the selector: \{…\} \| detected_level="error"/,
    ],
    ['{service="checkout"} | status >= 500', /missing-label: has a filter that needs status/],
    ['{service="checkout"} | label_format a=lvl', /has a label_format that needs lvl/],
    ['{service="checkout"} | keep service | detected_level="error"', /has a filter that needs detected_level/],
    ['sum_over_time({service="checkout"} | unwrap duration [5m])', /has an unwrap that needs duration/],
    ['rate({service="checkout"} | json [5m)', /invalid: is no LogQL: it cannot be understood from character/],
    ['sum(rate({service="checkout"}[5m])', /invalid: is no LogQL: it ends too soon/],
    ["", /invalid: is no LogQL/],
    ["up > 2", /invalid: is no LogQL/],
    ['rate({service="checkout"}[5m]) > on (nod) rate({service="checkout"}[5m])', /has on \(nod\)/],
  ])("that cannot is told of: %s", (query, expected) => {
    expect(faultsOf(query)).toContainEqual(expect.stringMatching(expected));
  });

  it("may be as long as Loki reads, and no longer", async (context) => {
    const { address } = await drillLoki(context);
    const ask = async (query: string) => {
      const body = new URLSearchParams({ query, start: "0", end: "1" });
      const headers = { "x-scope-orgid": "length" };
      const response = await fetch(`${address}/loki/api/v1/query_range`, { method: "POST", headers, body });
      return { ok: response.ok, text: await response.text() };
    };
    expect(faultsOf(ofLength(longestLogql))).toEqual([]);
    expect(faultsOf(ofLength(longestLogql + 1))).toEqual([
      expect.stringContaining("too-long: has 131,072 bytes; Loki refuses a query of more than 131,071."),
    ]);
    expect(await ask(ofLength(longestLogql))).toMatchObject({ ok: true });
    expect((await ask(ofLength(longestLogql + 1))).text).toContain("input size too long");
  });

  it("is read by Grafana's grammar where Loki takes it, and not where Loki does not", async (context) => {
    const { address } = await drillLoki(context);
    const ask = async (query: string) => {
      const response = await fetch(
        `${address}/loki/api/v1/query_range?${new URLSearchParams({ query, start: "0", end: "1" })}`,
        {
          headers: { "x-scope-orgid": "grammar" },
        },
      );
      const text = await response.text();
      return response.ok || !text.includes("parse error");
    };
    const stages = [
      '|= "x"',
      '!~ "x.*"',
      "| json",
      '| json a="b"',
      "| logfmt --strict",
      '| pattern "<a> <_>"',
      '| regexp "(?P<a>x)"',
      "| unpack",
      "| decolorize",
      '| a="b"',
      "| a > 5",
      "| a > 5s",
      "| a > 5kb",
      '| a=ip("10.0.0.0/8")',
      '| a="b" or c="d" and e="f"',
      '| line_format "{{.a}}"',
      '| label_format a=b, c="{{.d}}"',
      "| drop a",
      "| keep a",
      "| a",
      "|| json",
      "| jsn",
      "| a ==",
      "| a=b",
    ];
    const ranges = ["[5m]", "[5m] offset 1h", "[5]", "[m]", ""];
    const functions = ["rate", "count_over_time", "bytes_rate", "absent_over_time", "raate"];
    const queries = [
      ...stages.map((stage) => `{service="x"} ${stage}`),
      ...functions.flatMap((name) => ranges.map((range) => `${name}({service="x"}${range})`)),
      ...stages.map((stage) => `sum by (a) (rate({service="x"} ${stage} [5m])) > 1`),
    ];
    for (const query of queries) expect([query, parseLogql(query) !== undefined]).toEqual([query, await ask(query)]);
  });
});

it("the catalogue has every label that the real Loki makes of what services log, and of streams no other", async (context) => {
  const { address } = await drillLoki(context);
  const timeline = { startMs: noon, endMs: noon + 10 * 60_000 };
  const worlds = platform.services.flatMap((service) => service.environments.map((name) => healthy(service, name)));
  for (const world of worlds) await lokiClient(address).push("catalogue", logLines(world, timeline));
  const ask = async (path: string, query: Record<string, string>) => {
    const times = { start: `${timeline.startMs / 1000}`, end: `${timeline.endMs / 1000}` };
    const response = await fetch(`${address}/loki/api/v1/${path}?${new URLSearchParams({ ...query, ...times })}`, {
      headers: { "x-scope-orgid": "catalogue" },
    });
    const { data } = (await response.json()) as { data: unknown };
    return data;
  };
  const fits = (labels: Record<string, string>, of: "streams" | "lines") =>
    (catalogue[of].get(theLog)?.series ?? []).filter((kind) =>
      Object.entries(labels).every(([name, value]) => kind[name] === "open" || kind[name]?.includes(value)),
    );
  const streams = (await ask("series", { "match[]": '{service=~".+"}' })) as Record<string, string>[];
  expect(streams.length).toBeGreaterThan(3);
  for (const labels of streams) {
    const kinds = fits(labels, "streams");
    expect(kinds.map((kind) => Object.keys(kind).sort())).toEqual([Object.keys(labels).sort()]);
  }
  const { result } = (await ask("query_range", { query: '{service=~".+"}', limit: "5000" })) as {
    result: { stream: Record<string, string> }[];
  };
  for (const { stream } of result) expect(fits(stream, "lines"), JSON.stringify(stream)).toHaveLength(1);
});
