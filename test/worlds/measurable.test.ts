import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { expose } from "../../src/worlds/exposition.ts";
import { bisect } from "../../src/worlds/latency.ts";
import { edgesThatMeasure, effectiveThreshold, measurableFindings } from "../../src/worlds/measurable.ts";
import { everyRoute } from "../../src/worlds/route-change.ts";
import { healthy } from "../../src/worlds/world.ts";
import fc from "../helpers/fast-check.ts";
import { checkout, ordersApi, rulesOf, shop, shopOf } from "../helpers/shop.ts";

const fastapi = [0.1, 0.5, 1];
const otel = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

describe("the value at which a latency alert really fires", () => {
  it("is never one above or at the largest finite edge", () => {
    expect(effectiveThreshold(fastapi, 0.95, 1.5)).toEqual({ never: true, largestMeasurableValue: 1 });
    expect(effectiveThreshold(fastapi, 0.95, 1)).toEqual({ never: true, largestMeasurableValue: 1 });
    expect(effectiveThreshold([], 0.95, 1)).toEqual({ never: true, largestMeasurableValue: 0 });
  });

  it("is the threshold itself where that is an edge, whatever the other edges and the quantile", () => {
    const edges = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(edges, fc.double({ min: 0.5, max: 0.99, noNaN: true }), fc.nat(), (unsorted, quantile, pick) => {
        const sorted = unsorted.map((edge) => edge / 100).sort((a, b) => a - b);
        const threshold = sorted[pick % (sorted.length - 1)] ?? 0;
        const effective = effectiveThreshold(sorted, quantile, threshold);
        expect(effective.never ? Number.NaN : effective.trueValue / threshold).toBeCloseTo(1, 6);
      }),
    );
  });

  it("rises with the threshold", () => {
    const values = [0.3, 0.6, 1.2, 1.5, 2, 2.4, 3, 6, 9].map((threshold) => effectiveThreshold(otel, 0.95, threshold));
    const seen = values.map((effective) => (effective.never ? Number.NaN : effective.trueValue));
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });
});

describe("against the real engine", async () => {
  const engine = await loadEngine();

  /** Whether the deployed rules find a steady world of this true p95 slow. */
  function seemsSlow(bucketsSeconds: readonly number[], threshold: number, p95: number): boolean {
    const { platform, service } = shopOf({
      routes: ["/only"],
      instrumentation: { kind: "fastapi-instrumentator", latencyBucketsSeconds: bucketsSeconds },
      thresholds: { HttpLatencyHigh: { warning: seconds(threshold), critical: seconds(10 * threshold) } },
    });
    // So many requests that whole numbers do not show.
    const steady = everyRoute()
      .withLatency({ p95: seconds(p95) })
      .withTraffic(requestsPerSecond(1_000_000));
    const endMs = 600_000;
    const { alerts } = engine.evaluate({
      ruleFiles: rulesOf(platform),
      series: expose(healthy(service).always(steady), { startMs: 0, endMs }, 15),
      startMs: endMs,
      endMs,
      evaluationIntervalMs: 30_000,
    });
    return alerts.some(({ alert, labels }) => alert === "HttpLatencyHigh" && labels.severity === "warning");
  }

  it.each([
    ["OpenTelemetry's buckets, 1.5 s", otel, 1.5],
    ["OpenTelemetry's buckets, 2 s", otel, 2],
    ["the instrumentator's buckets, 0.7 s", fastapi, 0.7],
    ["the instrumentator's buckets, 0.097 s", fastapi, 0.097],
    ["an edge at the threshold, 2 s", [0.5, 1, 2, 4], 2],
    ["two edges, 3 s", [1, 10], 3],
  ])("a drilled service fires where the formula says: %s", (_, edges, threshold) => {
    const effective = effectiveThreshold(edges, 0.95, threshold);
    let [low, high] = [0.001, 60];
    while (high / low > 1.001) {
      const middle = Math.sqrt(low * high);
      if (seemsSlow(edges, threshold, middle)) high = middle;
      else low = middle;
    }
    const formula = effective.never ? Number.NaN : effective.trueValue;
    expect(Math.abs(high / formula - 1)).toBeLessThan(0.003);
  });

  it("a service always fires where the formula says so", () => {
    expect(effectiveThreshold(fastapi, 0.95, 0.09)).toEqual({ never: false, trueValue: 0 });
    expect([seemsSlow(fastapi, 0.09, 0.001), seemsSlow(fastapi, 0.097, 0.001)]).toEqual([true, false]);
  });

  it("a service never fires where the formula says never", () => {
    expect([seemsSlow(fastapi, 1.5, 60), seemsSlow(fastapi, 1, 60), seemsSlow([...fastapi, 1.6], 1.5, 60)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("findings", () => {
  const placeOf = (path: readonly (string | number)[]) => ({ file: `monitoring.yaml/${path.join("/")}` });
  const findings = (...services: ServiceProps[]) => measurableFindings(shop({ services }), placeOf);
  const defaults = (service: ServiceProps): ServiceProps => ({
    ...service,
    instrumentation: { kind: service.instrumentation.kind },
  });

  it("are none where every threshold is an edge", () => {
    expect(findings(ordersApi, checkout)).toEqual([]);
  });

  it("say for the instrumentator's own buckets that the alert can never fire, and what to change", () => {
    expect(findings(checkout, defaults(ordersApi))).toEqual(
      ["warning at 1.5 s", "critical at 2 s"].map((level) => {
        const [severity] = level.split(" ");
        return {
          rule: "measurable/never-fires",
          severity: "error",
          place: { file: "monitoring.yaml/services/1/instrumentation" },
          summary: `HttpLatencyHigh ${severity} of orders-api can never fire at ${level.slice(level.indexOf("at ") + 3)}.`,
          detail:
            "The value cannot pass 1 s: that is the largest finite bucket of http_request_duration_seconds for orders-api.",
          fix: "Write Instrumentator().instrument(app, latency_lowr_buckets=(0.1, 0.5, 1, 1.5, 2, 2.5, 5)) in orders-api, and latency_buckets: [0.1s, 0.5s, 1s, 1.5s, 2s, 2.5s, 5s] under its instrumentation in monitoring.yaml, or choose a threshold below 1 s.",
        };
      }),
    );
  });

  it("say for OpenTelemetry's own buckets at which value the alert fires", () => {
    const found = findings(defaults(checkout));
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["measurable/fires-elsewhere", "warning"],
      ["measurable/fires-elsewhere", "warning"],
    ]);
    expect(found[1]?.summary).toBe("HttpLatencyHigh critical of checkout fires at another value than 2 s.");
    expect(found[1]?.detail).toMatch(
      /^It fires when the true value is above 1\.\d\d s, not 2 s: .* between 1 and 2\.5,/,
    );
    expect(found[1]?.fix).toMatch(/move the threshold to 1 s or 2\.5 s\.$/);
  });

  it("say that an alert always fires whose threshold is below what the first bucket can show", () => {
    const thresholds = { HttpLatencyHigh: { warning: seconds(0.05) } };
    const [found] = findings({ ...defaults(ordersApi), thresholds });
    expect(found).toMatchObject({ rule: "measurable/always-fires", severity: "error" });
    expect(found?.detail).toMatch(/^The value cannot fall below 0\.095 s: the first bucket .* ends at 0\.1,/);
    expect(found?.fix).toMatch(/choose a threshold of 0\.1 s or more\.$/);
  });

  it("ask for edges that mend it, for any thresholds", () => {
    const level = fc.integer({ min: 1, max: 5000 }).map((ms) => ms / 1000);
    fc.assert(
      fc.property(
        level,
        fc.integer({ min: 1, max: 4000 }),
        fc.constantFrom(ordersApi, checkout),
        (warning, more, base) => {
          const critical = Number((warning + more / 1000).toFixed(3));
          const thresholds = { HttpLatencyHigh: { warning: seconds(warning), critical: seconds(critical) } };
          const { service } = shopOf({ ...defaults(base), scrape: ordersApi.scrape, otlp: undefined, thresholds });
          const latencyBucketsSeconds = edgesThatMeasure(service);
          const mended = { ...defaults(base), thresholds };
          mended.instrumentation = { ...mended.instrumentation, latencyBucketsSeconds };
          expect(findings(mended)).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

it("bisects to the last bit or nearly", () => {
  expect(bisect(0, 10, (x) => x * x > 2)).toBeCloseTo(Math.SQRT2, 14);
});
