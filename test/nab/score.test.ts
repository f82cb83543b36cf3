import { describe, expect, it } from "vitest";
import { judge, type Labelled, normalised, type Profile, probation, profiles } from "../../scripts/nab/score.ts";

/** 1000 rows of which the first 150 do not count, and two windows of 101 rows. */
const labelled: Labelled = {
  rows: 1000,
  windows: [
    [200, 300],
    [600, 700],
  ],
};
const score = (detections: number[], profile: Profile = profiles.standard) =>
  normalised([judge(labelled, detections)], profile);
/** NAB's scaled sigmoid, as its documentation gives it. */
const sigmoid = (x: number) => 2 / (1 + Math.exp(5 * x)) - 1;

describe("the scorer of NAB", () => {
  it.each(Object.entries(profiles))("gives 100 for perfect and 0 for silence: %s", (_, profile) => {
    expect(score([200, 600], profile)).toBeCloseTo(100, 12);
    expect(score([], profile)).toBe(0);
  });

  it("counts only the best detection of a window, and gives less the later it is", () => {
    expect(score([200, 250, 300, 600])).toBeCloseTo(100, 12);
    const late = sigmoid(-51 / 101) / sigmoid(-1);
    expect(judge(labelled, [250]).windows).toEqual([late, undefined]);
    // One window is found late, the other not at all: (late − 1 + 2) of 4.
    expect(score([250])).toBeCloseTo((100 * (late + 1)) / 4, 12);
  });

  it("takes off what a false alarm costs: all of it far behind a window or before any, less just behind one", () => {
    const far = (100 * -profiles.standard.falsePositive) / 4;
    expect(score([160])).toBeCloseTo(far, 12);
    expect(score([999])).toBeCloseTo((far * -sigmoid(299 / 100)) / 1, 12);
    expect(score([301])).toBeCloseTo(far * -sigmoid(1 / 100), 12);
    expect(score([160], profiles.reward_low_FP)).toBeCloseTo(2 * far, 12);
    expect(judge(labelled, [160, 400, 160]).falsePositives).toBe(2);
  });

  it("does not count what is within the probation", () => {
    expect(probation(1000)).toBe(150);
    expect(probation(22_695)).toBe(750);
    expect(score([0, 149])).toBe(0);
    const early: Labelled = { rows: 1000, windows: [[10, 140]] };
    expect(judge(early, [50])).toMatchObject({ windows: [undefined], scorable: 0, falsePositives: 0 });
  });

  it("weighs a missed window twice where that is asked for", () => {
    // Found: one gain of 1. Missed: 1 × 2. Silence: −4, perfect: 2.
    expect(score([200], profiles.reward_low_FN)).toBeCloseTo((100 * (1 - 2 + 4)) / 6, 12);
  });

  it("adds up series before it is brought to a scale: one without windows can only cost", () => {
    const none = judge({ rows: 1000, windows: [] }, [500]);
    expect(none).toMatchObject({ falsePositives: 1, falsePositiveSum: -1 });
    const both = normalised([judge(labelled, [200, 600]), none], profiles.standard);
    expect(both).toBeCloseTo(100 - (100 * 0.11) / 4, 12);
  });
});
