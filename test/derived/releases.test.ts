import { describe, expect, it } from "vitest";
import { releasesDrills } from "../../alert-rules/releases.drills.ts";
import { difference, significance } from "../../alert-rules/releases.signals.ts";
import { zOfDifference } from "../../src/derived/two-proportions.ts";
import { drillSubject } from "../../src/drills/drill-subject.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { seconds } from "../../src/model/quantity.ts";
import { renderCollector } from "../../src/render/collector.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { notPassed, run } from "../helpers/drills.ts";
import fc from "../helpers/fast-check.ts";
import { checkout, ordersApi, rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const compared = (change: Partial<ServiceProps> = {}): ServiceProps => ({ ...ordersApi, versions: {}, ...change });

describe("z of two shares", () => {
  it.each([
    // 60 of 1000 against 40 of 1000: p = 0.05, √(0.05 · 0.95 · 0.002) = 0.009747
    [{ events: 1000, badShare: 0.06 }, { events: 1000, badShare: 0.04 }, 2.0519567],
    // 15 of 500 against 10 of 2000: p = 0.01, √(0.0099 · 0.0025) = 0.004975
    [{ events: 500, badShare: 0.03 }, { events: 2000, badShare: 0.005 }, 5.0251891],
    [{ events: 500, badShare: 0.005 }, { events: 500, badShare: 0.005 }, 0],
    [{ events: 500, badShare: 0 }, { events: 900, badShare: 0 }, 0],
    [{ events: 500, badShare: 1 }, { events: 900, badShare: 1 }, 0],
  ])("%j against %j is %d, as worked out by hand", (one, other, z) => {
    expect(zOfDifference(one, other)).toBeCloseTo(z, 6);
    expect(zOfDifference(other, one)).toBeCloseTo(-z, 6);
  });
});

describe("a new version and the one before", () => {
  it("are compared by the rules as by the formula, whatever their traffic and failures", {
    timeout: 120_000,
  }, async () => {
    const engine = await loadEngine();
    const version = fc.record({
      perScrape: fc.integer({ min: 5, max: 400 }),
      failing: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const cases = fc.sample(fc.record({ old: version, new: version }), { seed: 20261121, numRuns: 25 });
    const services = cases.map((_, index) => compared({ name: `service-${index}` }));
    const platform = shop({ services });
    const [startMs, releaseMs, endMs] = [clockMs("10:00") ?? 0, clockMs("10:30") ?? 0, clockMs("11:20") ?? 0];
    /** A counter of so many between two scrapes. */
    const counter = (labels: Record<string, string>, each: number, fromMs: number): SampleSeries => {
      const length = (endMs - fromMs) / 15_000 + 1;
      return {
        labels: {
          ...{ __name__: "http_requests_total", environment: "production", team: "orders", handler: "/" },
          ...{ instrumentation: "fastapi-instrumentator", ...labels },
        },
        timestampsMs: Float64Array.from({ length }, (_, index) => fromMs + index * 15_000),
        values: Float64Array.from({ length }, (_, index) => 1000 + index * each),
      };
    };
    const badOf = ({ perScrape, failing }: (typeof cases)[number]["old"]) => Math.round(perScrape * failing);
    const series = cases.flatMap((one, index) =>
      [["1.0.0", one.old, startMs] as const, ["2.0.0", one.new, releaseMs] as const].flatMap(([name, told, fromMs]) => {
        const labels = { service: `service-${index}`, version: name };
        const bad = badOf(told);
        return [
          counter({ ...labels, status: "5xx" }, bad, fromMs),
          counter({ ...labels, status: "2xx" }, told.perScrape - bad, fromMs),
        ];
      }),
    );
    const ask = (expr: string) => ({ id: expr, expr, startMs: endMs, endMs, stepMs: 1 });
    const { queries, errors } = engine.evaluate({
      ruleFiles: rulesOf(platform).filter(({ name }) => name.endsWith("/releases.yml")),
      series,
      startMs,
      endMs,
      evaluationIntervalMs: 60_000,
      queries: [ask(difference.series), ask(significance.series)],
    });
    expect(errors).toEqual([]);
    const seen = (id: string, index: number): number | undefined =>
      queries
        .find((one) => one.id === id)
        ?.series.find(({ labels }) => labels.service === `service-${index}` && labels.kpi === "failed")
        ?.values.at(-1);
    // Both have run beside each other for longer than what is compared: 30 minutes of 4 scrapes.
    const sample = (told: (typeof cases)[number]["old"]) => ({
      events: told.perScrape * 120,
      badShare: badOf(told) / told.perScrape,
    });
    cases.forEach((one, index) => {
      const [before, after] = [sample(one.old), sample(one.new)];
      expect(seen(difference.series, index), `${index}`).toBeCloseTo(after.badShare - before.badShare, 9);
      expect(seen(significance.series, index), `${index}`).toBeCloseTo(zOfDifference(after, before), 6);
    });
  });

  it("are told apart in a service that sends its metrics, too", { timeout: 120_000 }, () => {
    const platform = shop({
      services: [ordersApi, { ...checkout, versions: { label: "revision", within: seconds(1) } }],
    });
    const all = releasesDrills(drillSubject(serviceOf(platform, checkout.name), platform));
    const drills = all.filter(({ name }) => / (just too often|(fail|slow) often enough)/.test(name));
    expect(drills.length).toBe(6);
    expect(notPassed(run(platform, drills))).toEqual([]);
  });

  it("cost the same rules for a thousand services as for one, and none where nobody asks", () => {
    const rules = (services: ServiceProps[]) =>
      rulesOf(shop({ services })).filter(({ name }) => name.includes("releases"));
    const many = Array.from({ length: 1000 }, (_, index) => compared({ name: `service-${index}` }));
    expect(rules(many)).toEqual(rules([compared()]));
    expect(rules([ordersApi])).toEqual([]);
  });

  it("keep the label that the collector gives those who send their metrics, and nobody else", () => {
    const text = (services: ServiceProps[]) => renderCollector(shop({ services }))[0]?.text ?? "";
    expect(text([checkout])).not.toContain("service.version");
    expect(text([{ ...checkout, versions: {} }])).toContain(
      'set(datapoint.attributes["version"], resource.attributes["service.version"])',
    );
  });
});
