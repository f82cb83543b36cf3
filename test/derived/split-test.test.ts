import { describe, expect, it } from "vitest";
import { splitTest } from "../../src/derived/split-test.ts";
import { seededRandom } from "../../src/worlds/random.ts";

describe("how users are shared out", () => {
  it.each([
    // p is the density of d under N(0, V) by that under N(0, V + τ²): the formula comes from it.
    // d = 0.05, V = 0.25 / 2000 = 0.000125: χ² = 20.
    [900, 1100, 0.5, 20, 3.349436e-4, false],
    // d = 0.01, V = 0.25 / 2000: χ² = 0.8.
    [980, 1020, 0.5, 0.8, 1, true],
    // 12 of 100 where 10 are planned: d = 0.02, V = 0.09 / 5000: χ² = 22.2, with a width of a hundredth.
    [4400, 600, 0.1, 22.222222, 2.084025e-4, false],
    // Four thousandths off in a million: surely, and not worth a word. d = 0.004, V = 2.5e-7.
    [496_000, 504_000, 0.5, 64, 1.270539e-12, true],
  ])("%d and %d where %d is planned have a χ² of %d, as worked out by hand", (control, treatment, planned, ...of) => {
    const [chiSquare, p, asPlanned] = of;
    const told = splitTest({ control, treatment }, planned);
    expect(told.chiSquare).toBeCloseTo(chiSquare, 5);
    expect(Math.abs(told.p / p - 1)).toBeLessThan(1e-4);
    expect(told.asPlanned).toBe(asPlanned);
  });

  it("nobody in the treatment is not as planned", () => {
    expect(splitTest({ control: 300, treatment: 0 }, 0.5)).toMatchObject({ seen: 0, asPlanned: false });
  });

  it("is hardly ever called off where it is as planned, however often one looks, and always where 55 are sent one way", () => {
    const random = seededRandom(20261122, 1);
    const looks = Array.from({ length: 100 }, (_, index) => 100 * (index + 1));
    /** The least p of all looks at an experiment in which so many of a hundred get the treatment. */
    const least = (share: number, planned: number): number => {
      const events = { control: 0, treatment: 0 };
      let lowest = 1;
      for (const upTo of looks) {
        while (events.control + events.treatment < upTo) {
          if (random.uniform() < share) events.treatment += 1;
          else events.control += 1;
        }
        lowest = Math.min(lowest, splitTest(events, planned).p);
      }
      return lowest;
    };
    const experiments = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0.5 : 0.1));
    // At 5 % of all experiments at most; a test for one look is wrong in a third of them.
    expect(experiments.filter((planned) => least(planned, planned) < 0.05).length).toBeLessThanOrEqual(10);
    expect(experiments.slice(0, 20).every(() => least(0.55, 0.5) < 0.001)).toBe(true);
  });
});
