import { expect, test } from "vitest";
import { parse } from "yaml";
import { targetsUp } from "../../alert-rules/http.ts";
import { dashboards } from "../../dashboards/index.ts";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import { dashboardUid } from "../../src/model/links.ts";
import type { Platform } from "../../src/model/platform.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { renderRules } from "../../src/render/rules.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { healthy } from "../../src/worlds/world.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat?: string }[];
  fieldConfig?: { defaults: { unit: string; thresholds: { steps: { value: number | null; color: string }[] } } };
}

interface DashboardJson {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; query: string }[] };
}

const render = (platform: Platform): DashboardJson[] =>
  renderDashboards(platform, dashboards).map(({ text }) => JSON.parse(text) as DashboardJson);

const find = (platform: Platform, service?: string): DashboardJson => {
  const found = render(platform).find(({ uid }) => uid === dashboardUid("http", service));
  if (!found) throw new Error(`no dashboard for ${service ?? "all"}`);
  return found;
};

const linesOf = (dashboard: DashboardJson, title: string) =>
  dashboard.panels
    .filter((panel) => panel.title === title && panel.type === "timeseries")
    .flatMap((panel) => panel.fieldConfig?.defaults.thresholds.steps.flatMap(({ value }) => value ?? []) ?? []);

const queriesOf = ({ panels }: DashboardJson) => panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** What Grafana puts in the variables' place when everything is chosen. */
const everything = (query: string) => query.replaceAll(/\$(environment|team|service|route)\b/g, ".*");

test("the lines are the very numbers that the rules compare with", () => {
  const platform = samplePlatform();
  for (const { text } of renderRules(platform).filter(({ path }) => path.endsWith("/http.yml"))) {
    const rules = (parse(text) as { groups: { rules: { alert?: string; expr: string }[] }[] }).groups.flatMap(
      (group) => group.rules,
    );
    const literals = rules
      .filter(({ alert }) => alert === "HttpLatencyHigh")
      .map(({ expr }) => [expr.includes('service="search"'), Number(expr.split("> ")[1])]);
    const title = "Request latency, p95";
    expect(linesOf(find(platform), title)).toEqual(
      literals.filter(([isSearch]) => !isSearch).map(([, value]) => value),
    );
    expect(linesOf(find(platform, "search"), title)).toEqual(
      literals.filter(([isSearch]) => isSearch).map(([, value]) => value),
    );
  }
});

test("a changed threshold moves the line, its words and nothing else", () => {
  const changed = find(samplePlatform({ thresholds: { HttpLatencyHigh: { critical: seconds(7) } } }));
  expect(linesOf(changed, "Request latency, p95")).toEqual([1.5, 7]);
  expect(changed.panels.find(({ title }) => title === "Request latency, p95")?.description).toContain(
    "critical above 7 s",
  );
  expect(linesOf(changed, "Share of requests that fail")).toEqual(
    linesOf(find(samplePlatform()), "Share of requests that fail"),
  );
});

test("a service with thresholds of its own has a dashboard of its own, and the shared one leaves it out", () => {
  const platform = samplePlatform();
  expect(render(platform).map(({ uid }) => uid)).toEqual([
    "firedrill-overview",
    "firedrill-service",
    "firedrill-http",
    "firedrill-http-gallery",
    "firedrill-http-search",
  ]);
  for (const query of queriesOf(find(platform))) expect(query).toContain('service!~"gallery|search"');
  for (const query of queriesOf(find(platform, "search"))) expect(query).toContain('service="search"');
  // An alert that is off has no line.
  expect(linesOf(find(platform, "gallery"), "Requests per second, all routes")).toEqual([]);
});

test("dashboards that are switched off are not written", () => {
  expect(renderDashboards(samplePlatform({ features: { dashboards: false } }), dashboards)).toEqual([]);
});

test("the first screen holds at most twelve panels, and no two overlap", () => {
  for (const { panels } of render(samplePlatform())) {
    const details = panels.findIndex(({ type }) => type === "row");
    expect(panels.slice(0, details).length).toBeLessThanOrEqual(12);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  }
});

test("a panel keeps its id whatever else there is, and no two share one", () => {
  const [own, shared] = [find(samplePlatform(), "search"), find(samplePlatform())].map(({ panels }) =>
    panels.map(({ id }) => id),
  );
  expect(shared).toEqual(expect.arrayContaining(own ?? []));
  expect(new Set(own).size).toBe(own?.length);
});

test("every query and every variable parses", async () => {
  const engine = await loadEngine();
  const problems = render(samplePlatform()).flatMap((dashboard) => [
    ...queriesOf(dashboard).map((query) => engine.parse(everything(query)).error),
    ...dashboard.templating.list.flatMap(({ query }) => {
      const selector = /^label_values\((.*), \w+\)$/.exec(query)?.[1];
      return selector === undefined ? [] : [engine.parse(everything(selector)).error];
    }),
  ]);
  expect(problems.length).toBeGreaterThan(40);
  expect(problems.filter(Boolean)).toEqual([]);
});

/** Twenty minutes of every service at its best, and what the queries give at the end. */
function quietDay(platform: Platform, engine: Engine, queries: { id: string; expr: string }[]) {
  const timeline = { startMs: 0, endMs: 20 * 60_000 };
  return engine.evaluate({
    ruleFiles: renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text })),
    series: platform.services.flatMap((service) => expose(healthy(service), timeline, platform.intervals.scrape.value)),
    ...timeline,
    evaluationIntervalMs: 30_000,
    queries: queries.map((query) => ({ ...query, startMs: timeline.endMs, endMs: timeline.endMs, stepMs: 30_000 })),
  });
}

test("every graph of a healthy platform shows something, and nothing fires", async () => {
  const platform = samplePlatform();
  const panels = render(platform).flatMap(({ uid, panels }) => panels.map((panel) => ({ uid, ...panel })));
  const queries = panels.flatMap(({ uid, title, targets = [] }) =>
    targets.map(({ expr }) => ({ id: `${uid}: ${title}: ${expr}`, expr: everything(expr) })),
  );
  const { alerts, errors, queries: results } = quietDay(platform, await loadEngine(), queries);
  expect(errors).toEqual([]);
  expect(alerts).toEqual([]);
  expect(results.filter(({ series }) => series.length === 0).map(({ id }) => id)).toEqual([]);
});

test("a service that nobody scrapes has no graph of its targets, where it is alone", () => {
  const uid = "firedrill-http-search";
  const own = render(samplePlatform()).find((dashboard) => dashboard.uid === uid);
  expect(own && queriesOf(own).filter((query) => query.includes(targetsUp.series))).toEqual([]);
  const shared = render(samplePlatform()).find((dashboard) => dashboard.uid === "firedrill-http");
  expect(shared && queriesOf(shared).filter((query) => query.includes(targetsUp.series))).toHaveLength(2);
});

test("where every service has a dashboard of its own, there is no shared one", () => {
  const [, search] = sampleProps.services;
  const dashboards = render(samplePlatform({ services: search ? [search] : [] }));
  const ofHttp = dashboards.filter(({ uid }) => uid.startsWith("firedrill-http"));
  expect(ofHttp.map(({ uid }) => uid)).toEqual(["firedrill-http-search"]);
});
