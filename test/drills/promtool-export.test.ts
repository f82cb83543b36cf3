import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { drillsOf } from "../../alert-rules/drills.ts";
import { HttpLatencyHigh } from "../../alert-rules/http.ts";
import { aboutOf, drill, fires, quiet } from "../../src/drills/drill.ts";
import { exportDrills } from "../../src/drills/promtool-export.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Artifact } from "../../src/model/artifact.ts";
import type { Platform } from "../../src/model/platform.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderDrilledRules } from "../../src/render/rules.ts";
import { route } from "../../src/worlds/route-change.ts";
import { type Slot, seriesNotation } from "../../src/worlds/series-notation.ts";
import { healthy } from "../../src/worlds/world.ts";
import fc from "../helpers/fast-check.ts";
import { serviceOf, shop } from "../helpers/shop.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";

const engine = await loadEngine();
const platform = shop();
/** As `firedrill export` gives them: those that a drill can say something about. */
const drilled = (of: Platform) => renderDrilledRules(of).map(({ path, text }) => ({ name: path, yaml: text }));
const exported = (drills = drillsOf(platform)) => exportDrills(drills, platform, drilled(platform), engine);

/** Names of the tests that the real promtool finds wrong, and how many files it looked at. */
function failing(promtool: string, artifacts: readonly Artifact[]): { files: number; failed: string[] } {
  const cwd = writeArtifacts(artifacts);
  const files = artifacts.map(({ path }) => path).filter((path) => path.endsWith(".test.yml"));
  spawnSync(promtool, ["test", "rules", "--junit=verdicts.xml", ...files], { cwd, maxBuffer: 2 ** 28 });
  const suites = readFileSync(join(cwd, "verdicts.xml"), "utf8").split("<testsuite ").slice(1);
  return {
    files: suites.length,
    failed: suites
      .filter((suite) => suite.includes("<failure"))
      .map((suite) => /name="([^"]*)"/.exec(suite)?.[1] ?? ""),
  };
}

describe("exported drills", () => {
  it("pass under the real promtool, every one", { timeout: 600_000 }, (context) => {
    const promtool = realTool("promtool", context);
    const { artifacts, omitted } = exported();
    expect(omitted).toEqual([]);
    expect(failing(promtool, artifacts)).toEqual({ files: drillsOf(platform).length, failed: [] });
  });

  it.for<[string, (rule: Rule) => Partial<Rule>]>([
    ["a threshold is halved", ({ expr }) => ({ expr: expr.replace(/> ([\d.]+)$/, (_, value) => `> ${value / 2}`) })],
    ["a threshold is doubled", ({ expr }) => ({ expr: expr.replace(/> ([\d.]+)$/, (_, value) => `> ${value * 2}`) })],
    ["`for` is gone", () => ({ for: undefined })],
    ["the severity is another", ({ labels }) => ({ labels: { ...labels, severity: "info" } })],
  ])("fail under the real promtool when %s", { timeout: 120_000 }, ([, faultOf], context) => {
    const promtool = realTool("promtool", context);
    const drills = drillsOf(platform).filter(
      (one) => one.world.service.name === "orders-api" && aboutOf(one)[0]?.alert === HttpLatencyHigh.name,
    );
    const broken = exported(drills).artifacts.map(({ path, text }) =>
      path.startsWith("rules/") ? { path, text: withFault(text, faultOf) } : { path, text },
    );
    expect(failing(promtool, broken).failed.length).toBeGreaterThan(0);
  });

  it("assert what the drill promises, also where nothing is in the rules that could tell it", () => {
    const orders = serviceOf(platform, "orders-api");
    const one = drill("one: slow\nendpoint", {
      world: healthy(orders).from("12:00", route("/orders").withLatency({ p95: seconds(2.4) })),
      expect: [
        fires(HttpLatencyHigh, "critical", { route: "/orders" })
          .between("12:07", "12:09")
          .resolvesBetween("12:16", "12:20"),
        quiet("HttpNoTraffic").forLabels({ service: "orders-api" }),
      ],
    });
    const [, file] = exported([one, one]).artifacts;
    expect(file?.path).toBe("orders-api/one-slow-endpoint.test.yml");
    expect(file?.text).toMatch(/^# http › orders-api › one: slow endpoint\n# Written by/);
    const [test] = parse(file?.text ?? "").tests;
    const startMs = Date.parse(test.start_timestamp);
    const minutes = (text: string) => (Date.parse(`2026-01-05T${text}:00Z`) - startMs) / 60_000;
    const asserted = test.promql_expr_test.map((each: { expr: string; eval_time: string; exp_samples: object[] }) => [
      each.expr.replace(/^.*ALERTS|\[.*$/g, ""),
      each.eval_time,
      each.exp_samples.length,
    ]);
    const latency = `{alertname="HttpLatencyHigh", alertstate="firing", severity="critical", route="/orders"}`;
    const end = asserted.at(-1)[1];
    expect(asserted).toEqual([
      [latency, `${minutes("12:07") - 1}m29s999ms`, 0],
      [latency, `${minutes("12:09")}m30s`, 1],
      [latency, end, 1],
      [latency, end, 0],
      [`{alertname="HttpNoTraffic", alertstate="firing", service="orders-api"}`, end, 0],
    ]);
  });

  it("have names of their own, and leave out series that no rule reads", () => {
    const one = drill("twice", { world: healthy(serviceOf(platform, "orders-api")), expect: [quiet("HttpNoTraffic")] });
    const { artifacts } = exported([one, one]);
    const paths = ["rules/http.yml", "orders-api/twice.test.yml", "orders-api/twice-2.test.yml"];
    expect(artifacts.map(({ path }) => path)).toEqual(paths);
    expect(artifacts[1]?.text).toContain("http_request_duration_seconds_bucket{");
    expect(artifacts[1]?.text).not.toContain("http_request_duration_seconds_sum{");
  });
});

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
}

/** The rules with a fault in those of one alert. */
function withFault(yaml: string, faultOf: (rule: Rule) => Partial<Rule>): string {
  const file: { groups: { rules: Rule[] }[] } = parse(yaml);
  for (const { rules } of file.groups) {
    for (const rule of rules) if (rule.alert === HttpLatencyHigh.name) Object.assign(rule, faultOf(rule));
  }
  return stringify(file);
}

describe("promtool's notation of series", () => {
  /** What the documentation says that it means. */
  const read = (notation: string): Slot[] =>
    notation.split(" ").flatMap((token): Slot[] => {
      const [, first = "", step = "0", times] =
        /^(stale|_|-?[\d.]+(?:e-?\d+)?|-?Inf|NaN)([+-]\d+)?(?:x(\d+))?$/.exec(token) ?? [];
      if (first === "stale") return ["stale"];
      if (first === "_") return Array.from({ length: Number(times ?? 1) }, () => undefined);
      const value = Number(first.replace("Inf", "Infinity"));
      if (times === undefined) return [value];
      return Array.from({ length: Number(times) + 1 }, (_, index) => value + index * Number(step));
    });

  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double(), fc.maxSafeInteger());
  const slot = fc.oneof({ weight: 5, arbitrary: value }, fc.constantFrom<Slot>("stale", undefined));

  it("gives back every series", () => {
    fc.assert(
      fc.property(fc.array(slot, { minLength: 1 }), (slots) => {
        expect(read(seriesNotation(slots))).toEqual(slots);
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it("is read by the real promtool as it was meant", (context) => {
    const promtool = realTool("promtool", context);
    const slots = fc.sample(slot, { seed: 1, numRuns: 2_000 }).filter((one) => !Number.isNaN(one));
    const samples = (one: Slot) => (typeof one === "number" ? [{ labels: "series{}", value: one }] : []);
    const test = {
      interval: "10m", // longer than Prometheus looks back
      input_series: [{ series: "series", values: seriesNotation(slots) }],
      promql_expr_test: slots.map((one, index) => {
        return { expr: "series", eval_time: `${10 * index}m`, exp_samples: samples(one) };
      }),
    };
    const text = stringify({ evaluation_interval: "10m", tests: [test] });
    expect(failing(promtool, [{ path: "notation.test.yml", text }])).toEqual({ files: 1, failed: [] });
    const wrong = text.replace(/value: (\d+)\n/, "value: 1$1\n");
    expect(failing(promtool, [{ path: "notation.test.yml", text: wrong }]).failed).toHaveLength(1);
  });

  it("is short where it can be", () => {
    expect(seriesNotation([0, 5, 10, 15, 7, undefined, undefined, "stale"])).toBe("0+5x3 7 _x2 stale");
    expect(seriesNotation([3, 2, 1, 1, 1, 1, 0.5, 0.5, 0.5])).toBe("3-1x2 1x2 0.5 0.5 0.5");
  });
});
