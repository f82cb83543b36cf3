import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { histogramQuantile, meanSeconds, p95With, shareWithin, trueQuantile } from "../../src/worlds/latency.ts";
import fc from "../helpers/fast-check.ts";

const latencies = fc.double({ min: 0.001, max: 100, noNaN: true });
const quantiles = fc.double({ min: 0.01, max: 0.999, noNaN: true });

it("has 95 of 100 requests within the p95, and as many within any other quantile", () => {
  fc.assert(
    fc.property(latencies, quantiles, (p95, quantile) => {
      expect(shareWithin(p95, p95)).toBeCloseTo(0.95, 12);
      expect(shareWithin(trueQuantile(quantile, p95), p95)).toBeCloseTo(quantile, 10);
      expect(trueQuantile(quantile, p95With(quantile, p95)) / p95).toBeCloseTo(1, 10);
    }),
  );
});

it("has the mean that adding up the distribution gives", () => {
  const step = 0.0005;
  let sum = 0;
  for (let x = 0; x < 20; x += step) sum += (x + step / 2) * (shareWithin(x + step, 1) - shareWithin(x, 1));
  expect(meanSeconds(1)).toBeCloseTo(sum, 6);
});

it("knows the standard normal's table", () => {
  const [sigma, normalP95] = [0.5, 1.6448536269514722];
  const share = (z: number) => shareWithin(Math.exp(sigma * (z - normalP95)), 1);
  const table: [number, number][] = [
    [-8, 0],
    [-3, 0.0013498980316300933],
    [0, 0.5],
    [1, 0.8413447460685429],
    [2.5, 0.9937903346742238],
    [8, 1],
  ];
  for (const [z, expected] of table) expect(share(z)).toBeCloseTo(expected, 13);
});

describe("histogramQuantile", async () => {
  const engine = await loadEngine();

  it("agrees with Prometheus on any buckets", () => {
    const histograms = fc
      .array(fc.record({ width: fc.integer({ min: 1, max: 500 }), count: fc.nat(50) }), { minLength: 1, maxLength: 8 })
      .chain((buckets) => fc.record({ buckets: fc.constant(buckets), beyond: fc.nat(50), quantile: quantiles }))
      .filter(({ buckets, beyond }) => beyond + buckets.reduce((sum, { count }) => sum + count, 0) > 0);
    fc.assert(
      fc.property(histograms, ({ buckets, beyond, quantile }) => {
        const [edges, cumulative] = [[] as number[], [] as number[]];
        for (const { width, count } of buckets) {
          edges.push((edges.at(-1) ?? 0) + width / 100);
          cumulative.push((cumulative.at(-1) ?? 0) + count);
        }
        const total = (cumulative.at(-1) ?? 0) + beyond;
        const series = [...edges.map(String), "+Inf"].map((le, index) => ({
          labels: { __name__: "bucket", le },
          timestampsMs: Float64Array.of(0),
          values: Float64Array.of(cumulative[index] ?? total),
        }));
        const query = { id: "q", expr: `histogram_quantile(${quantile}, bucket)`, startMs: 0, endMs: 0, stepMs: 1000 };
        const answer = engine.evaluate({
          ruleFiles: [],
          series,
          startMs: 0,
          endMs: 0,
          evaluationIntervalMs: 1000,
          queries: [query],
        });
        const value = answer.queries[0]?.series[0]?.values[0];
        expect(histogramQuantile(quantile, edges, cumulative, total)).toBeCloseTo(value ?? Number.NaN, 9);
      }),
      { numRuns: 60 },
    );
  });
});
