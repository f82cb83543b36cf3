import { expect, test } from "vitest";
import { parse } from "yaml";
import { HttpErrorRatioHigh, HttpLatencyHigh } from "../../alert-rules/http.ts";
import { dashboards } from "../../dashboards/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { severities } from "../../src/model/conventions.ts";
import { dashboardFor } from "../../src/model/own-dashboards.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps, ThresholdChange, ThresholdOverride } from "../../src/model/platform-props.ts";
import { minutes, ratio, seconds } from "../../src/model/quantity.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { renderRules } from "../../src/render/rules.ts";
import fc from "../helpers/fast-check.ts";
import { samplePlatform } from "../sample-platform.ts";

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const rulesOf = (platform: Platform, alert: string): Rule[] =>
  renderRules(platform)
    .flatMap(({ text }) => (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules))
    .filter((rule) => rule.alert === alert);

const service = (name: string, rest: Partial<ServiceProps> = {}): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["http"],
  scrape: { targets: { production: [`${name}:8000`], staging: [`${name}.staging:8000`] } },
  instrumentation: { kind: "fastapi-instrumentator" },
  ...rest,
});

const critical = (platform: Platform) =>
  rulesOf(platform, HttpLatencyHigh.name)
    .filter(({ labels }) => labels?.severity === "critical")
    .map(({ expr, for: held }) => `${expr.replace(/^[\w:]+/, "p95")} for ${held}`);

const inStaging = (there: ThresholdChange | false) => ({ HttpLatencyHigh: { environments: { staging: there } } });

test("a rule names the environment where a service's threshold is another there, and only there", () => {
  const services = [service("a"), service("b", { thresholds: inStaging({ critical: seconds(4) }) }), service("c")];
  expect(critical(samplePlatform({ services }))).toEqual([
    'p95{service!="b"} > 2 for 5m',
    'p95{service="b", environment="production"} > 2 for 5m',
    'p95{service="b", environment="staging"} > 4 for 5m',
  ]);
});

test("one that is off in an environment has no rule there", () => {
  const services = [service("a"), service("b", { thresholds: inStaging(false) })];
  expect(critical(samplePlatform({ services }))).toEqual([
    'p95{service!="b"} > 2 for 5m',
    'p95{service="b", environment="production"} > 2 for 5m',
  ]);
});

test("a threshold of an environment for all costs one rule, however many services there are", () => {
  const thresholds = inStaging({ critical: seconds(4), for: minutes(10) });
  const few = samplePlatform({ services: [service("one")], thresholds });
  expect(critical(few)).toEqual(['p95{environment!="staging"} > 2 for 5m', 'p95{environment="staging"} > 4 for 10m']);
  const many = Array.from({ length: 1000 }, (_, index) => service(`service-${index}`));
  expect(renderRules(samplePlatform({ services: many, thresholds }))).toEqual(renderRules(few));
});

const levels: fc.Arbitrary<ThresholdChange> = fc.record(
  {
    warning: fc.constantFrom(seconds(1), seconds(1.5)),
    critical: fc.constantFrom(seconds(2), seconds(3)),
    for: fc.constantFrom(minutes(5), minutes(2)),
  },
  { requiredKeys: [] },
);
const override: fc.Arbitrary<ThresholdOverride> = fc
  .tuple(
    levels,
    fc.record(
      {
        production: fc.oneof(levels, fc.constant(false as const)),
        staging: fc.oneof(levels, fc.constant(false as const)),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([change, environments]) => ({ ...change, environments }));
const places = fc.constantFrom<string[]>(["production"], ["staging"], ["production", "staging"]);

/** What docs/monitoring-yaml.md says: the weakest first, each replaces what it names; `false` counts where it is last. */
function promised(environment: string, changes: readonly (ThresholdOverride | undefined)[]) {
  const there = changes.map((change) => change?.environments?.[environment]);
  if (there.findLast((one) => one !== undefined) === false) return {};
  const { warning, critical } = HttpLatencyHigh.levels;
  const weakestFirst = changes.flatMap((change, index) => [change, there[index] || undefined]);
  return Object.assign({ warning, critical, for: HttpLatencyHigh.for }, ...weakestFirst) as ThresholdChange;
}

test("in every environment each service is matched by the one rule of its promise, by none where it is off", {
  timeout: 120_000,
}, async () => {
  const engine = await loadEngine();
  const someServices = fc.array(fc.record({ override: fc.option(override, { nil: undefined }), places }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(someServices, fc.option(override, { nil: undefined }), (some, forAll) => {
      const platform = samplePlatform({
        services: some.map((one, index) =>
          service(`s${index}`, {
            scrape: { targets: Object.fromEntries(one.places.map((name) => [name, [`${name}-${index}:80`]])) },
            ...(one.override && { thresholds: { HttpLatencyHigh: one.override } }),
          }),
        ),
        ...(forAll && { thresholds: { HttpLatencyHigh: forAll } }),
      });
      const rules = rulesOf(platform, HttpLatencyHigh.name).map((rule) => ({
        rule,
        matchers: engine.parse(rule.expr).selectors?.[0]?.matchers ?? [],
      }));
      some.forEach((one, index) => {
        for (const environment of one.places) {
          const labels: Record<string, string> = { service: `s${index}`, environment };
          const wanted = promised(environment, [forAll, one.override]);
          for (const severity of severities) {
            const matching = rules.filter(
              ({ rule, matchers }) =>
                rule.labels?.severity === severity &&
                matchers.every(({ name, op, value }) => {
                  const actual = labels[name];
                  if (actual === undefined) return true;
                  const same = op.endsWith("~") ? new RegExp(`^(?:${value})$`, "us").test(actual) : value === actual;
                  return same !== op.startsWith("!");
                }),
            );
            const found = matching.map(({ rule }) => `${rule.expr.split("> ").at(-1)} for ${rule.for}`);
            const level = wanted[severity];
            expect(found).toEqual(level ? [`${level.value} for ${(wanted.for?.value ?? 0) / 60}m`] : []);
          }
        }
      });
    }),
    { numRuns: 150, seed: 1 },
  );
});

interface Board {
  uid: string;
  panels: { title: string; fieldConfig?: { defaults: { thresholds?: { steps: { value: number | null }[] } } } }[];
}

test("the lines of a dashboard are those of the environments that it shows, and links lead to it", async () => {
  const errors = (warning: number, worst: number) => ({
    HttpErrorRatioHigh: { environments: { staging: { warning: ratio(warning), critical: ratio(worst) } } },
  });
  const platform = samplePlatform({
    services: [service("a"), service("b", { thresholds: errors(0.3, 0.6) })],
    thresholds: errors(0.1, 0.2),
  });
  const boards = renderDashboards(platform, dashboards).map(({ text }) => JSON.parse(text) as Board);
  const linesIn = (name: string, environment: string) => {
    const uid = dashboardFor("http", name, environment, platform);
    const panel = boards
      .find((one) => one.uid === uid)
      ?.panels.find(({ title }) => title === HttpErrorRatioHigh.signal.title);
    return panel?.fieldConfig?.defaults.thresholds?.steps.flatMap(({ value }) => value ?? []);
  };
  expect(linesIn("a", "production")).toEqual([0.02, 0.05]);
  expect(linesIn("a", "staging")).toEqual([0.1, 0.2]);
  expect(linesIn("b", "production")).toEqual([0.02, 0.05]);
  expect(linesIn("b", "staging")).toEqual([0.3, 0.6]);
  const uids = boards.map(({ uid }) => uid).filter((uid) => uid.startsWith("firedrill-http"));
  expect(uids.sort()).toEqual([
    "firedrill-http",
    "firedrill-http-b_production",
    "firedrill-http-b_staging",
    "firedrill-http_staging",
  ]);
});
