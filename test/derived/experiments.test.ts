import { describe, expect, it } from "vitest";
import { experimentsDrills } from "../../alert-rules/experiments.drills.ts";
import { comparedKpis } from "../../alert-rules/experiments.events.ts";
import {
  armCount,
  armShare,
  difference,
  halfWidth,
  harm,
  probability,
  progress,
  significance,
  verdict,
} from "../../alert-rules/experiments.signals.ts";
import { mismatch, split, splitProbability } from "../../alert-rules/experiments.split.ts";
import { sequentialTest } from "../../src/derived/sequential-test.ts";
import { splitTest } from "../../src/derived/split-test.ts";
import { drillSubject } from "../../src/drills/drill-subject.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import type { ExperimentProps, ServiceProps } from "../../src/model/platform-props.ts";
import { percent, ratio, seconds } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { notPassed, run } from "../helpers/drills.ts";
import fc from "../helpers/fast-check.ts";
import { checkout, ordersApi, rulesOf, serviceOf, shop } from "../helpers/shop.ts";

const cart: ExperimentProps = {
  name: "cart",
  control: "classic",
  treatment: "one-page",
  kpis: { failed: percent(1) },
};
const trying = (change: Partial<ServiceProps> = {}): ServiceProps => ({ ...ordersApi, experiments: [cart], ...change });

describe("two variants", () => {
  it("are compared by the rules as by the formula, whatever their traffic, failures, effect and level", {
    timeout: 120_000,
  }, async () => {
    const engine = await loadEngine();
    const arm = fc.record({
      perScrape: fc.integer({ min: 1, max: 400 }),
      failing: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const cases = fc.sample(
      fc.record({
        control: arm,
        treatment: arm,
        effect: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        level: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        share: fc.oneof(fc.constant(undefined), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
      }),
      { seed: 20261122, numRuns: 40 },
    );
    const services = cases.map(({ effect, level, share }, index) =>
      trying({
        name: `service-${index}`,
        experiments: [
          {
            ...{ ...cart, kpis: { failed: ratio(effect) }, level: ratio(level) },
            ...(share !== undefined && { share: ratio(share) }),
          },
        ],
      }),
    );
    const platform = shop({ services });
    const [beganMs, startMs, endMs] = [clockMs("09:50") ?? 0, clockMs("10:00") ?? 0, clockMs("11:00") ?? 0];
    const counter = (labels: Record<string, string>, each: number): SampleSeries => {
      const length = (endMs - beganMs) / 15_000 + 1;
      return {
        labels: {
          ...{ __name__: "http_requests_total", environment: "production", team: "orders", handler: "/" },
          ...{ instrumentation: "fastapi-instrumentator", ...labels },
        },
        timestampsMs: Float64Array.from({ length }, (_, index) => beganMs + index * 15_000),
        values: Float64Array.from({ length }, (_, index) => 1000 + index * each),
      };
    };
    const badOf = ({ perScrape, failing }: (typeof cases)[number]["control"]) => Math.round(perScrape * failing);
    const series = cases.flatMap((one, index) =>
      [["classic", one.control] as const, ["one-page", one.treatment] as const].flatMap(([variant, told]) => {
        const labels = { service: `service-${index}`, variant };
        const bad = badOf(told);
        return [
          counter({ ...labels, status: "5xx" }, bad),
          counter({ ...labels, status: "2xx" }, told.perScrape - bad),
        ];
      }),
    );
    const asked = [
      ...[armCount, armShare, difference, halfWidth, significance, probability, progress, verdict, harm],
      ...[split, splitProbability, mismatch],
    ];
    const { queries, errors } = engine.evaluate({
      ruleFiles: rulesOf(platform).filter(({ name }) => name.endsWith("/experiments.yml")),
      series,
      startMs,
      endMs,
      evaluationIntervalMs: 60_000,
      queries: asked.map((one) => ({ id: one.name, expr: one.series, startMs: endMs, endMs, stepMs: 1 })),
    });
    expect(errors).toEqual([]);
    const seen = ({ name }: (typeof asked)[number], index: number, of = ""): number =>
      queries
        .find(({ id }) => id === name)
        ?.series.find(({ labels }) => labels.service === `service-${index}` && (labels.arm ?? "") === of)
        ?.values.at(-1) ?? Number.NaN;
    // Recorded 61 times, of four scrapes each.
    const sample = (told: (typeof cases)[number]["control"]) => ({
      events: told.perScrape * 4 * 61,
      badShare: badOf(told) / told.perScrape,
    });
    let compared = 0;
    cases.forEach((one, index) => {
      const [control, treatment] = [sample(one.control), sample(one.treatment)];
      expect(seen(armCount, index, "control"), `${index}`).toBeCloseTo(control.events, 6);
      // Each has 244 events at least: of both together there are always 300.
      const shared = splitTest({ control: control.events, treatment: treatment.events }, one.share ?? 0.5);
      expect(seen(split, index), `${index}`).toBeCloseTo(shared.seen, 9);
      expect(seen(splitProbability, index), `${index}`).toBeCloseTo(shared.p, 5);
      expect(seen(mismatch, index), `${index}`).toBe(shared.asPlanned ? 0 : 1);
      if (control.events < 300 || treatment.events < 300) {
        expect(seen(difference, index), `${index}`).toBeNaN();
        return;
      }
      compared += 1;
      const test = sequentialTest(treatment, control, one);
      expect(seen(armShare, index, "treatment"), `${index}`).toBeCloseTo(treatment.badShare, 9);
      expect(seen(difference, index), `${index}`).toBeCloseTo(test.difference, 9);
      expect(seen(significance, index), `${index}`).toBeCloseTo(test.z, 6);
      expect(seen(probability, index), `${index}`).toBeCloseTo(test.p, 9);
      expect(seen(halfWidth, index) / test.halfWidth, `${index}`).toBeCloseTo(1, 9);
      expect(seen(progress, index) / test.progress, `${index}`).toBeCloseTo(1, 4);
      expect(seen(harm, index), `${index}`).toBeCloseTo(test.difference - test.halfWidth, 9);
      expect(seen(verdict, index) + 0, `${index}`).toBe(test.p < one.level ? Math.sign(test.difference) : 0);
    });
    expect(compared).toBeGreaterThan(30);
  });

  it("share the level among the KPIs of their experiment", () => {
    const experiment = { ...cart, kpis: { failed: percent(1), slow: percent(2) }, within: seconds(1) };
    const kpis = comparedKpis(shop({ services: [trying({ experiments: [experiment, cart] })] }));
    expect(kpis.map(({ kpi, effect, level }) => [kpi, effect, level])).toEqual([
      ["failed", 0.01, 0.025],
      ["slow", 0.02, 0.025],
      ["failed", 0.01, 0.05],
    ]);
  });

  it("are told apart by requests that fail and by requests that are slow, in a service that sends its metrics, too", {
    timeout: 120_000,
  }, () => {
    const experiments = [
      { ...cart, label: "page", kpis: { failed: percent(1), slow: percent(2) }, within: seconds(1) },
    ];
    const platform = shop({ services: [ordersApi, { ...checkout, experiments }] });
    const drills = experimentsDrills(drillSubject(serviceOf(platform, checkout.name), platform));
    expect(drills.map(({ name }) => name).filter((name) => name.includes("when it is sure")).length).toBe(6);
    expect(notPassed(run(platform, drills))).toEqual([]);
  });

  it("cost the same number of rules for a hundred experiments as for one, and none where nobody asks", () => {
    const rules = (services: ServiceProps[]) =>
      rulesOf(shop({ services })).filter(({ name }) => name.includes("experiments"));
    const count = (services: ServiceProps[]) => rules(services)[0]?.yaml.match(/- (record|alert):/g)?.length;
    const many = Array.from({ length: 100 }, (_, index) => trying({ name: `service-${index}` }));
    expect(count(many)).toBe(count([trying()]));
    expect(rules([ordersApi])).toEqual([]);
  });
});
