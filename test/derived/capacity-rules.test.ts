import { describe, expect, it } from "vitest";
import { CapacityRunsOut, forecastsOf } from "../../alert-rules/capacity.ts";
import { drillsOf } from "../../alert-rules/drills.ts";
import { capacityFigures, peaksOf, stepsOf } from "../../src/derived/capacity-figures.ts";
import { hourly } from "../../src/derived/capacity-rules.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { notPassed, run } from "../helpers/drills.ts";
import fc from "../helpers/fast-check.ts";
import { ordersApi, rulesOf, shop } from "../helpers/shop.ts";

const limited = "http_error_ratio";
const falling = "http_targets_up";
const unlimited = "http_request_rate";
const platform = shop({ services: [{ ...ordersApi, forecasts: [limited, falling, unlimited] }] });
const rules = rulesOf(platform).filter(({ name }) => name.endsWith("/capacity.yml"));
const engine = await loadEngine();
const hourMs = 3_600_000;
const endMs = Date.UTC(2026, 9, 5, 12);

/** What the rules make of a history of whole hours that ends now, by the name of the series. */
function computed(means: readonly number[], signal: string): Map<string, number> {
  const labels = { environment: "production", service: "orders-api", team: "orders", route: "/orders", signal };
  const peaks = peaksOf(means, signal === falling ? "below" : "above");
  const series = (name: string, values: readonly number[]) => ({
    labels: { ...labels, __name__: name },
    timestampsMs: Float64Array.from(values, (_, index) => endMs - (values.length - 1 - index) * hourMs),
    values: Float64Array.from(values),
  });
  const names = Object.values(hourly);
  // The last hour of what the rules record themselves is left to them.
  const { queries, errors } = engine.evaluate({
    ruleFiles: rules,
    series: [
      series(hourly.value, means),
      { ...series(hourly.peak, peaks), ...cutLast(series(hourly.peak, peaks)) },
      { ...series(hourly.step, stepsOf(peaks)), ...cutLast(series(hourly.step, stepsOf(peaks))) },
    ],
    startMs: endMs,
    endMs,
    evaluationIntervalMs: 300_000,
    queries: names.map((name) => ({ id: name, expr: `${name}{horizon!="30d"}`, startMs: endMs, endMs, stepMs: 1 })),
  });
  expect(errors).toEqual([]);
  return new Map(queries.flatMap(({ id, series: found }) => found.map(({ values }) => [id, values[0] ?? Number.NaN])));
}

const cutLast = ({ timestampsMs, values }: { timestampsMs: Float64Array; values: Float64Array }) => ({
  timestampsMs: timestampsMs.slice(0, -1),
  values: values.slice(0, -1),
});

const history = fc
  .record({
    hours: fc.integer({ min: 8 * 24, max: 33 * 24 }),
    growth: fc.double({ min: -0.002, max: 0.004, noNaN: true }),
    season: fc.double({ min: 0, max: 0.01, noNaN: true }),
    noise: fc.constantFrom(0, 0.0005, 0.003),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ hours, growth, season, noise, seed }) =>
    Array.from({ length: hours }, (_, hour) => {
      const chance = ((Math.imul(hour + seed, 2_654_435_761) >>> 0) / 2 ** 32) * 2 - 1;
      return 0.02 + (growth * (hour - hours)) / 240 + season * Math.sin((2 * Math.PI * hour) / 24) + noise * chance;
    }),
  );

describe("the rules for capacity", () => {
  it("come to what textbooks come to, on whatever history", { timeout: 120_000 }, () => {
    const limitOf = (name: string) =>
      forecastsOf(platform).find(({ signal }) => signal.name === name)?.limits[0]?.value ?? Number.NaN;
    fc.assert(
      fc.property(history, fc.boolean(), (rising, falls) => {
        // What falls is the same in a mirror that stands at the limits.
        const means = falls ? rising.map((one) => limitOf(falling) + limitOf(limited) - one) : rising;
        const limit = limitOf(falls ? falling : limited);
        const found = computed(means, falls ? falling : limited);
        const wanted = capacityFigures(means, { limit, direction: falls ? "below" : "above" });
        const close = (series: string, value: number | undefined, scale = 1) => {
          if (value === undefined) return expect(found.get(series), series).toBeUndefined();
          expect(found.get(series) ?? Number.NaN, series).toBeCloseTo(value / scale, scale === 1 ? 7 : 0);
        };
        close(hourly.trend, wanted?.trendPerDay);
        close(hourly.trendMargin, wanted?.trendMargin);
        close(hourly.sureTrend, wanted?.sureTrend);
        close(hourly.margin, wanted?.margin);
        close(hourly.expected, wanted?.expected);
        if (!wanted) return;
        const { peak, trendPerDay, trendMargin, sureTrend, margin, left } = wanted;
        close(hourly.forecast, peak + 7 * sureTrend);
        close(hourly.forecastLow, peak - margin + 7 * (trendPerDay - trendMargin));
        close(hourly.forecastHigh, peak + margin + 7 * (trendPerDay + trendMargin));
        close(hourly.limit, limit);
        for (const [series, days] of [
          [hourly.left, left?.likely],
          [hourly.leftEarly, left?.early],
          [hourly.leftLate, left?.late],
        ] as const) {
          const ratio = (found.get(series) ?? 0) / 86_400;
          if (days === undefined) expect(found.has(series)).toBe(false);
          else expect(Math.abs(ratio - days) / Math.max(1, days), series).toBeLessThan(1e-3);
        }
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  it("warn in every month that is drilled, on either side of a limit, and in no other", { timeout: 300_000 }, () => {
    const drills = drillsOf(platform).filter(({ expect }) =>
      expect.some(({ alert }) => alert === CapacityRunsOut.name),
    );
    const about = drills.filter(({ world }) => world.memory.length > 0);
    expect(about.length).toBe(34);
    expect(notPassed(run(platform, about, rules))).toEqual([]);
  });

  it("know no limit for a signal without an alert, and its trend all the same", () => {
    const found = computed(
      Array.from({ length: 240 }, (_, hour) => 100 + hour),
      unlimited,
    );
    expect(found.get(hourly.trend)).toBeCloseTo(24, 6);
    expect(found.get(hourly.forecast)).toBeCloseTo(339 + 7 * 24, 6);
    expect(found.get(hourly.limit)).toBe(Infinity);
    for (const never of [hourly.left, hourly.leftEarly, hourly.leftLate]) expect(found.get(never)).toBe(365 * 86_400);
  });

  it.each([limited, unlimited])("say nothing of a trend and of dates before a week is known: %s", (signal) => {
    const found = computed(
      Array.from({ length: 160 }, (_, hour) => hour / 1e5),
      signal,
    );
    const always = [hourly.value, hourly.peak, hourly.step, hourly.limit, hourly.room];
    expect([...found.keys()].sort()).toEqual(always.sort());
  });

  it("are there for services that ask for them only", () => {
    expect(rulesOf(shop()).map(({ name }) => name)).not.toContain("prometheus/rules/capacity.yml");
    expect(shop().services.some(({ promises }) => promises.has(CapacityRunsOut.name))).toBe(false);
  });
});

it("a service of which no signal has a limit is drilled to be told of nothing", { timeout: 120_000 }, () => {
  const platform = shop({ services: [{ ...ordersApi, forecasts: ["http_request_rate"] }] });
  const drills = drillsOf(platform).filter(({ expect: all }) =>
    all.some(({ alert }) => alert === CapacityRunsOut.name),
  );
  const [own] = drills.filter(({ name }) => name.includes("has no limit"));
  if (!own) throw new Error("there is no such drill");
  expect(notPassed(run(platform, [own]))).toEqual([]);
});
