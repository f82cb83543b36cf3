import { describe, expect, it } from "vitest";
import { plannedErrors, plannedPower, sequentialTest } from "../../src/derived/sequential-test.ts";
import type { Sample } from "../../src/derived/two-proportions.ts";
import { type Random, seededRandom } from "../../src/worlds/random.ts";
import fc from "../helpers/fast-check.ts";

const level = 0.05;
/** Where the usual test of one look would find a difference. */
const usualZ = 1.96;

interface Setting {
  /** Share of the control's events that is bad. */
  share: number;
  effect: number;
  /** Part of the users who get the treatment. */
  treated: number;
}

/** A number with this mean and deviation, by Box and Muller. */
const normal = (random: Random, mean: number, deviation: number): number =>
  mean + deviation * Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());

/** How many of so many events are bad, each by chance; many at a time are normal to a good approximation. */
function badOf(random: Random, events: number, share: number): number {
  const [mean, variance] = [events * share, events * share * (1 - share)];
  if (variance > 25) return Math.max(0, Math.min(events, Math.round(normal(random, mean, Math.sqrt(variance)))));
  let bad = 0;
  for (let event = 0; event < events; event += 1) if (random.uniform() < share) bad += 1;
  return bad;
}

/** What an experiment shows that is looked at 300 times until it is planned to end, and, if wanted, as often after that. */
function experiment({ share, effect, treated }: Setting, worse: number, ends: "as planned" | "late", random: Random) {
  const planned = 2 * (plannedErrors(level) / effect) ** 2 * share * (1 - share);
  const perLook = Math.max(40, Math.round((2 * planned) / 300));
  const [treatment, control] = [
    { events: 0, bad: 0, each: Math.round(perLook * treated), share: share + worse },
    { events: 0, bad: 0, each: perLook - Math.round(perLook * treated), share },
  ];
  const told = { byThis: false, byUsual: false };
  for (let look = 0; look < 5000; look += 1) {
    for (const arm of [treatment, control]) {
      arm.events += arm.each;
      arm.bad += badOf(random, arm.each, arm.share);
    }
    if (treatment.events < 300 || control.events < 300) continue;
    const sample = ({ events, bad }: typeof control): Sample => ({ events, badShare: bad / events });
    const { p, z, progress } = sequentialTest(sample(treatment), sample(control), { effect, level });
    told.byThis ||= p < level;
    told.byUsual ||= Math.abs(z) > usualZ;
    if (progress >= (ends === "late" ? 2 : 1)) break;
  }
  return told;
}

const runs = 400;
const shareOf = (setting: Setting, worse: number, ends: "as planned" | "late", seed: number) => {
  const told = Array.from({ length: runs }, (_, index) => experiment(setting, worse, ends, seededRandom(seed, index)));
  const part = (of: (one: (typeof told)[number]) => boolean) => told.filter(of).length / runs;
  return { byThis: part(({ byThis }) => byThis), byUsual: part(({ byUsual }) => byUsual) };
};

describe("looked at all the time", () => {
  it.each<Setting>([
    { share: 0.1, effect: 0.02, treated: 0.5 },
    { share: 0.1, effect: 0.02, treated: 0.1 },
    { share: 0.1, effect: 0.02, treated: 0.9 },
    { share: 0.5, effect: 0.03, treated: 0.5 },
    { share: 0.01, effect: 0.005, treated: 0.5 },
    { share: 0.01, effect: 0.005, treated: 0.1 },
  ])(
    "$share bad, $effect matters, $treated treated: the level holds, where the usual test breaks it",
    { timeout: 120_000 },
    (setting) => {
      const { byThis, byUsual } = shareOf(setting, 0, "late", 5);
      expect(byThis).toBeLessThanOrEqual(level);
      expect(byUsual).toBeGreaterThan(4 * level);
    },
  );

  it.each<Setting>([
    { share: 0.1, effect: 0.02, treated: 0.5 },
    { share: 0.1, effect: 0.02, treated: 0.2 },
    { share: 0.5, effect: 0.03, treated: 0.5 },
    { share: 0.01, effect: 0.005, treated: 0.5 },
  ])(
    "$share bad, $effect matters, $treated treated: such a difference is shown as often as is stated",
    { timeout: 120_000 },
    (setting) => {
      const { byThis } = shareOf(setting, setting.effect, "as planned", 6);
      expect(byThis).toBeGreaterThanOrEqual(plannedPower);
    },
  );
});

const samples = fc.record({
  treatment: fc.record({
    events: fc.integer({ min: 300, max: 1e6 }),
    badShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  control: fc.record({
    events: fc.integer({ min: 300, max: 1e6 }),
    badShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  effect: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
  level: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
});

describe("the formulas", () => {
  it("leave 0 out of the interval exactly where p is below the level", () => {
    fc.assert(
      fc.property(samples, ({ treatment, control, ...plan }) => {
        const { difference, halfWidth, p } = sequentialTest(treatment, control, plan);
        // To the last bit nobody can say.
        fc.pre(Math.abs(p / plan.level - 1) > 1e-6);
        expect(Math.abs(difference) > halfWidth).toBe(p < plan.level);
      }),
    );
  });

  it("say the same of both variants the other way round", () => {
    fc.assert(
      fc.property(samples, ({ treatment, control, ...plan }) => {
        const [one, other] = [sequentialTest(treatment, control, plan), sequentialTest(control, treatment, plan)];
        expect(other.difference).toBeCloseTo(-one.difference, 12);
        expect(other.p).toBeCloseTo(one.p, 12);
        expect(other.halfWidth).toBeCloseTo(one.halfWidth, 12);
      }),
    );
  });

  it.each([
    [{ events: 5000, badShare: 0.12 }, { events: 5000, badShare: 0.1 }, 0.02],
    [{ events: 800, badShare: 0.3 }, { events: 9000, badShare: 0.25 }, 0.01],
    [{ events: 40_000, badShare: 0.011 }, { events: 40_000, badShare: 0.01 }, 0.005],
  ])(
    "give the p of the likelihood ratio mixed over all differences, added up step by step: %j, %j, %d",
    (treatment, control, effect) => {
      const { difference, variance, p } = sequentialTest(treatment, control, { effect, level });
      const density = (x: number, of: number) => Math.exp((-0.5 * x * x) / of) / Math.sqrt(2 * Math.PI * of);
      const [steps, reach] = [200_000, 12 * effect];
      let mixed = 0;
      for (let step = 0; step < steps; step += 1) {
        const theta = -reach + (2 * reach * (step + 0.5)) / steps;
        mixed += ((2 * reach) / steps) * density(theta, effect ** 2) * density(difference - theta, variance);
      }
      expect(p).toBeCloseTo(Math.min(1, density(difference, variance) / mixed), 9);
    },
  );
});
