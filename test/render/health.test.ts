import { describe, expect, it } from "vitest";
import { pointsLost } from "../../alert-rules/health.signals.ts";
import { health } from "../../alert-rules/health.ts";
import { packs } from "../../alert-rules/index.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { criticalities } from "../../src/model/conventions.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { renderDrilledRules, renderRules } from "../../src/render/rules.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import fc from "../helpers/fast-check.ts";
import { samplePlatform } from "../sample-platform.ts";

const http = (name: string, rest: Partial<ServiceProps> = {}): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["http"],
  scrape: { targets: { production: [`${name}:8000`] } },
  instrumentation: {
    kind: "fastapi-instrumentator",
    latencyBucketsSeconds: [0.1, 0.5, 1, 1.5, 2, 2.5, 5],
  },
  routes: ["/a", "/b"],
  ...rest,
});
const database: ServiceProps = {
  name: "database",
  owner: "orders",
  packs: ["postgres"],
  scrape: { targets: { production: ["db:9187"] } },
  instrumentation: { kind: "postgres-exporter" },
};
const sent: Partial<ServiceProps> = {
  scrape: undefined,
  otlp: { environments: ["production"] },
  instrumentation: { kind: "otel-http" },
};

const asFiles = (platform: Platform): RuleFile[] =>
  renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
const onlyHealth = (platform: Platform) => asFiles(platform).filter(({ name }) => name.endsWith("/health.yml"));

const at = (time: string): number => clockMs(time) ?? 0;

/** What queries give at a time of day, as values by labels in one text each: `database` or `database/PostgresDown`. */
async function answers(ruleFiles: RuleFile[], series: SampleSeries[], time: string, asked: Record<string, string[]>) {
  const engine = await loadEngine();
  const { queries, errors } = engine.evaluate({
    ruleFiles,
    series,
    startMs: at("11:50"),
    endMs: at("12:30"),
    evaluationIntervalMs: 30_000,
    queries: Object.keys(asked).map((expr) => ({ id: expr, expr, startMs: at(time), endMs: at(time), stepMs: 1 })),
  });
  expect(errors).toEqual([]);
  return queries.map(({ id, series: found }) =>
    Object.fromEntries(
      found.map(({ labels, values }) => [(asked[id] ?? []).map((label) => labels[label]).join("/"), values[0]]),
    ),
  );
}

const parts = { "service:health_points_lost:alerts": ["service", "alertname", "severity"] };
const scores = { "service:health_score:percent": ["service"], "platform:health_score:percent": ["environment"] };

describe("the health of a platform on which alerts fire", () => {
  const platform = samplePlatform({
    services: [
      http("orders-api", { criticality: "critical" }),
      http("reports", { criticality: "low" }),
      database,
      // Nothing ever came from it.
      http("silent", sent),
      http("mobile-api", { criticality: "high", ...sent }),
    ],
  });
  const happens: Record<string, (world: World) => World> = {
    // Critical and a warning, for two routes each.
    "orders-api": (world) => world.from("12:00", everyRoute().withErrors(percent(50))),
    // Above 1.5 s, below 2 s: a warning.
    reports: (world) => world.from("12:00", everyRoute().withLatency({ p95: seconds(1.8) })),
  };
  const series = platform.services
    .filter(({ name }) => name !== "silent")
    .flatMap((service) => {
      const world = healthy(service, "production");
      return expose((happens[service.name] ?? ((same) => same))(world), {
        startMs: at("11:40"),
        endMs: at("12:30"),
      });
    });

  it("is 100 while none does, for whatever something is known of", async () => {
    expect(await answers(asFiles(platform), series, "11:59", { ...parts, ...scores })).toEqual([
      {},
      { "orders-api": 100, reports: 100, database: 100, "mobile-api": 100 },
      { production: 100 },
    ]);
  });

  it("is less by what each costs, once for all routes and severities, and weighs by criticality", async () => {
    expect(await answers(asFiles(platform), series, "12:29", { ...parts, ...scores })).toEqual([
      { "orders-api/HttpErrorRatioHigh/critical": 60, "reports/HttpLatencyHigh/warning": 15 },
      { "orders-api": 40, reports: 85, database: 100, "mobile-api": 100 },
      // (8 · 40 + 1 · 85 + 2 · 100 + 4 · 100) / 15
      { production: 67 },
    ]);
  });

  it("counts open alerts, none as 0", async () => {
    const count = { "service:alerts_open:count": ["service", "severity"] };
    expect((await answers(asFiles(platform), series, "12:29", count))[0]).toMatchObject({
      "orders-api/critical": 1,
      "orders-api/warning": 0,
      "reports/warning": 1,
      "database/critical": 0,
    });
  });
});

interface Firing {
  alertname: string;
  pack: string;
  severity: string;
  [label: string]: string;
}

/** These alerts as Prometheus writes them, on a platform of one service of which something is known. */
const platform = samplePlatform({
  services: [http("shop", { slos: [{ indicator: "availability", objective: percent(99.9) }] })],
});
const constant = (labels: Record<string, string>): SampleSeries => {
  const timestampsMs = Float64Array.from({ length: 41 }, (_, index) => at("11:50") + index * 60_000);
  return { labels, timestampsMs, values: new Float64Array(41).fill(1) };
};
const shop = { environment: "production", service: "shop", team: "orders" };
const isKnown = constant({ __name__: "service:http_targets_up:ratio", ...shop });
const firing = (alerts: readonly Record<string, string>[]): SampleSeries[] =>
  alerts.map((labels) => constant({ __name__: "ALERTS", alertstate: "firing", ...shop, ...labels }));

async function scoreWith(alerts: readonly Record<string, string>[], known: SampleSeries[] = [isKnown]) {
  const files = onlyHealth(platform);
  const [lost = {}, found = {}] = await answers(files, [...known, ...firing(alerts)], "12:20", { ...parts, ...scores });
  return { lost, score: found.shop };
}

const burn = (alertname: string, severity: string, slo = "availability"): Firing => ({
  alertname,
  pack: "slo",
  severity,
  slo,
});

describe("points", () => {
  it("are lost for the gravest of alerts that are lesser forms of each other, in the same place", async () => {
    const both = [burn("SloBudgetBurnsFast", "critical"), burn("SloBudgetBurnsSlowly", "warning")];
    expect((await scoreWith(both)).lost).toEqual({ "shop/SloBudgetBurnsFast/critical": 60 });
    const apart = [burn("SloBudgetBurnsFast", "critical"), burn("SloBudgetBurnsSlowly", "warning", "latency")];
    expect((await scoreWith(apart)).score).toBe(25);
  });

  it("are not lost for what is only pending, only unusual or nobody's", async () => {
    expect(
      await scoreWith([
        { alertname: "HttpErrorRatioHigh", pack: "http", severity: "critical", alertstate: "pending" },
        { alertname: "SignalAnomaly", pack: "anomaly", severity: "warning" },
        { alertname: "OfAnother", severity: "critical" },
      ]),
    ).toEqual({ lost: {}, score: 100 });
  });

  it("are lost for a service of which nothing else is known; without any alert it has no score", async () => {
    const down = [{ alertname: "HttpTargetDown", pack: "http", severity: "critical" }];
    expect((await scoreWith(down, [])).score).toBe(40);
    expect((await scoreWith([], [])).score).toBeUndefined();
  });

  it("stay between 0 and 100 and are what the parts say, and one alert more never makes them fewer", async () => {
    const every = platform.packs.flatMap((pack) =>
      pack.alerts.flatMap(({ name, levels }) =>
        Object.keys(levels).flatMap((severity) =>
          ["/a", "/b"].map(
            (route): Firing => ({ alertname: name, pack: pack.name, severity, slo: "availability", route }),
          ),
        ),
      ),
    );
    expect(every.length).toBeGreaterThan(20);
    const property = fc.asyncProperty(fc.subarray(every), fc.constantFrom(...every), async (some, another) => {
      const before = await scoreWith(some);
      const after = await scoreWith([...some.filter((one) => one !== another), another]);
      for (const { lost, score = Number.NaN } of [before, after]) {
        const sum = Object.values(lost).reduce<number>((all, points) => all + (points ?? Number.NaN), 0);
        expect(score).toBe(Math.max(0, 100 - sum));
        expect(score).toBeLessThanOrEqual(100);
      }
      expect(after.score).toBeLessThanOrEqual(before.score ?? Number.NaN);
    });
    await fc.assert(property, { numRuns: 40, seed: 5 });
  }, 120_000);
});

describe("the rules", () => {
  it("are as many for ten thousand services as for one, and name those only that are not on the default", () => {
    const one = onlyHealth(samplePlatform({ services: [http("one")] }));
    const many = Array.from({ length: 10_000 }, (_, index) => http(`service-${index}`));
    expect(onlyHealth(samplePlatform({ services: many }))).toEqual(one);
    const mixed = criticalities.map((criticality) => http(`is-${criticality}`, { criticality }));
    const [text] = onlyHealth(samplePlatform({ services: mixed })).map(({ yaml }) => yaml);
    expect(text?.match(/is-\w+/g)).toEqual(["is-low", "is-high", "is-critical"]);
    expect(text?.match(/- record/g)).toHaveLength(one[0]?.yaml.match(/- record/g)?.length ?? 0);
  });

  it("go with the feature, and nothing of them is drilled, since no alert reads them", () => {
    const off = samplePlatform({ features: { health: false } });
    expect(onlyHealth(off)).toEqual([]);
    expect(renderDrilledRules(samplePlatform())).toEqual(renderRules(off));
    expect(health.alerts).toEqual([]);
  });

  it("never take a service with a critical alert for better than one with three warnings", () => {
    expect(pointsLost.critical).toBeGreaterThan(3 * pointsLost.warning);
  });

  it("read alerts that were evaluated before them", () => {
    expect(Object.keys(packs).at(-1)).toBe(health.name);
  });
});
