import { expect, test } from "vitest";
import { http } from "../../alert-rules/http.ts";
import { packs } from "../../alert-rules/index.ts";
import { dashboards } from "../../dashboards/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { count, minutes, percent, requestsPerSecond } from "../../src/model/quantity.ts";
import { renderRules } from "../../src/render/rules.ts";
import {
  type AlertSets,
  drawnAlerts,
  readRunbooks,
  runbookFindings,
  runbookSections,
} from "../../src/review/runbooks.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

const page = (text = "Text.\n") => runbookSections.map((section) => `## ${section}\n\n${text}`).join("\n");

const wholeFolder = () => new Map(http.alerts.map(({ name }) => [`runbooks/http/${name}.md`, page()]));

async function findings(change: (files: Map<string, string>) => void, sets: AlertSets = {}) {
  const files = wholeFolder();
  change(files);
  return runbookFindings({ packs: [http] }, files, await loadEngine(), sets).map(
    ({ rule, place, summary }) => `${rule} ${place.file}${place.line ? `:${place.line}` : ""} ${summary}`,
  );
}

const latency = "runbooks/http/HttpLatencyHigh.md";

test("every alert of this repository has a runbook that can be followed, and a graph", async () => {
  const all = Object.values(packs);
  const found = runbookFindings({ packs: all }, await readRunbooks(), await loadEngine(), {
    drawn: drawnAlerts(all, dashboards),
  });
  expect(found).toEqual([]);
});

test("the runbooks hold queries to paste, and the check sees them", async () => {
  const engine = await loadEngine();
  for (const [file, text] of await readRunbooks()) {
    const broken = text.replaceAll(/```promql\n/g, "```promql\n)");
    const found = runbookFindings({ packs: [http] }, new Map([[file, broken]]), engine).filter(
      ({ rule }) => rule === "runbook/query",
    );
    expect(found.length, file).toBe(text.match(/```promql/g)?.length);
    expect(found.length, file).toBeGreaterThan(0);
  }
});

/** The services of the sample, with every detail that an instrumentation can show, and one more with Express. */
const [ordersProps] = sampleProps.services;
const thatShowAll: ServiceProps[] = [
  ...sampleProps.services.map((service) => ({
    ...service,
    instrumentation: { ...service.instrumentation, singleStatusCodes: true, concurrencyLimit: count(100) },
    features: { ...service.features, HttpTimeouts: true },
  })),
  {
    ...ordersProps!,
    name: "cart",
    instrumentation: { kind: "express-prom-bundle" },
    routes: ["/cart"],
    features: { HttpTimeouts: true },
  },
];

/** A day and an hour after which everything is wrong that a runbook asks about. */
function badDay(platform: Platform) {
  const [orders, search, gallery, cart] = platform.services.map((service) => healthy(service));
  if (!orders || !search || !gallery || !cart) throw new Error("the platform has four services");
  const worlds = [
    orders
      .from("24:00", everyRoute().withErrors(percent(50)).withTimeouts(percent(20)))
      .down("24:30", "26:00", { instances: 1 }),
    search
      .from("24:00", everyRoute().withErrors(percent(50)).withTimeouts(percent(20)))
      .from("24:50", everyRoute().withTraffic(requestsPerSecond(1))),
    gallery.losesMetrics("24:40"),
    cart.from("24:00", everyRoute().withTimeouts(percent(20))),
  ];
  const timeline = { startMs: clockMs("00:00") ?? 0, endMs: clockMs("25:00") ?? 0 };
  return { timeline, series: worlds.flatMap((world) => expose(world, timeline, 120)) };
}

test("every query of a runbook about requests and logs finds something on a bad day", async () => {
  // Rarely evaluated: a day and an hour is long.
  const platform = samplePlatform({ intervals: { evaluation: minutes(4) }, services: thatShowAll });
  const { timeline, series } = badDay(platform);
  const pages = [...(await readRunbooks())].filter(([path]) => /^runbooks\/(http|logs)\//.test(path));
  const blocks = pages.flatMap(([, text]) =>
    [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = ""]) => query.replaceAll(/\s+/g, " ").trim()),
  );
  const queries = platform.services.flatMap(({ name, environments: [environment = ""], routes: [route = ""] }) => {
    const values: Record<string, string> = { SERVICE: name, ENVIRONMENT: environment, ROUTE: route };
    return blocks.map((query) => ({
      id: query,
      expr: query.replaceAll(/\b(SERVICE|ENVIRONMENT|ROUTE)\b/g, (word) => values[word] ?? ""),
      startMs: timeline.endMs,
      endMs: timeline.endMs,
      stepMs: 60_000,
    }));
  });
  const { queries: results } = (await loadEngine()).evaluate({
    ruleFiles: renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text })),
    series,
    ...timeline,
    evaluationIntervalMs: 240_000,
    queries,
  });
  expect(results.flatMap(({ id, error }) => (error ? [`${id}: ${error}`] : []))).toEqual([]);
  const answered = new Set(results.filter((result) => result.series.length > 0).map(({ id }) => id));
  expect(blocks.length).toBeGreaterThan(15);
  expect(blocks.filter((query) => !answered.has(query))).toEqual([
    // Prometheus' own notes on a scrape, and last week, are not in the world.
    'scrape_samples_scraped{service="SERVICE", environment="ENVIRONMENT"}',
    'service:http_requests:rate5m{service="SERVICE", environment="ENVIRONMENT"} offset 1w',
  ]);
}, 120_000);

test("an alert without a page and a page without an alert are found", async () => {
  expect(await findings((files) => files.delete(latency))).toEqual([
    "runbook/missing alert-rules/http.ts HttpLatencyHigh has no runbook.",
  ]);
  expect(await findings((files) => files.set("runbooks/http/Gone.md", page()))).toEqual([
    "runbook/orphan runbooks/http/Gone.md There is no alert for the runbook runbooks/http/Gone.md.",
  ]);
});

test("an alert without a drill or a graph is found, and a drill for no alert", async () => {
  const names = http.alerts.map(({ name }) => name);
  const others = new Set(names.slice(1));
  const nothing = () => {};
  expect(await findings(nothing, { drilled: new Set(names), drawn: new Set(names) })).toEqual([]);
  expect(await findings(nothing, { drilled: others })).toEqual([
    `drill/missing alert-rules/http.ts ${names[0]} has no drill.`,
  ]);
  expect(await findings(nothing, { drawn: others })).toEqual([
    `dashboard/missing alert-rules/http.ts ${names[0]} has no graph.`,
  ]);
  expect(await findings(nothing, { drilled: new Set([...names, "Gone"]) })).toEqual([
    "drill/orphan alert-rules There is a drill for Gone, which is no alert.",
  ]);
});

test("a section that is missing, empty or out of order is found", async () => {
  const change = (text: string) => findings((files) => files.set(latency, text));
  expect(await change(page().replace("## Impact", "## Effects"))).toEqual([
    `runbook/section ${latency} The section Impact is missing.`,
  ]);
  expect(await change(page().replace("## Impact\n\nText.\n", "## Impact\n"))).toEqual([
    `runbook/section ${latency}:5 The section Impact is empty.`,
  ]);
  expect(await change(`## Escalation\n\nText.\n${page().replace(/## Escalation[\s\S]*/, "")}`)).toEqual([
    `runbook/section ${latency} The sections are in the order Escalation, Meaning, Impact, Diagnosis, Mitigation.`,
  ]);
  // A heading within a block of commands is a comment there.
  expect(await change(page("```sh\n## a comment\n```\n"))).toEqual([]);
});

test("a link to a page that is not there is found, with its line", async () => {
  const change = (link: string) =>
    findings((files) => files.set(latency, page().replace("Text.", `See [it](${link}).`)));
  expect(await change("HttpTargetDown.md")).toEqual([]);
  expect(await change("../http/HttpTargetDown.md#impact")).toEqual([]);
  expect(await change("https://example.com")).toEqual([]);
  expect(await change("../../docs/x.md")).toEqual([
    `runbook/link ${latency}:3 The link ../../docs/x.md leads to docs/x.md, which is no runbook.`,
  ]);
});

test("a query that does not parse, or asks for a series that nothing records, is found with its line", async () => {
  const change = (query: string) =>
    findings((files) =>
      files.set(latency, page().replace("Text.", `1. Ask:\n\n   \`\`\`promql\n   ${query}\n   \`\`\``)),
    );
  expect(await change("sum(up")).toEqual([expect.stringMatching(/^runbook\/query \S+:6 Not a PromQL expression: /)]);
  expect(await change("service:renamed:rate5m > 1")).toEqual([
    `runbook/query ${latency}:6 The query asks for service:renamed:rate5m, which nothing here records.`,
  ]);
  expect(await change('{service="x"}')).toEqual([
    `runbook/query ${latency}:6 The query asks for a selector without a name, which nothing here records.`,
  ]);
});
