/**
 * The scorer of the Numenta Anomaly Benchmark, as its `nab/sweeper.py` and `nab/runner.py` have it, for a detector that
 * says yes or no.
 *
 * @see https://github.com/numenta/NAB/blob/master/nab/sweeper.py
 */

/** What a detection in a window, one outside, and a window without any cost or gain. */
export interface Profile {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
}

/** Those of NAB's `config/profiles.json`. */
export const profiles = {
  standard: { truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  reward_low_FP: { truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  reward_low_FN: { truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
} as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof profiles;

/** One labelled series: how many rows it has, and the first and last row of every window around an anomaly, in order. */
export interface Labelled {
  rows: number;
  windows: readonly (readonly [first: number, last: number])[];
}

/** What the detections in one series come to, before a profile weighs it. */
export interface Outcome {
  /** Of every window: what its best detection gains, from 1 at its beginning to almost 0 at its end; undefined where it has none. */
  windows: (number | undefined)[];
  /** Windows in which detections count at all: one that ends before the probation does has no row left. */
  scorable: number;
  /** Detections outside the windows: how many, and the sum of what they cost, each from almost 0 right behind a window to −1. */
  falsePositives: number;
  falsePositiveSum: number;
}

/** The first rows, in which a detector may learn and no detection counts: 15 %, of 5000 rows at most. */
export const probation = (rows: number): number => Math.min(Math.floor(0.15 * rows), 0.15 * 5000);

/** From almost 1 at −1, the beginning of a window, over 0 at its end to −1 far behind it. */
const sigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** @param detections rows, in any order */
export function judge({ rows, windows }: Labelled, detections: Iterable<number>): Outcome {
  const begin = probation(rows);
  const outcome: Outcome = {
    windows: windows.map(() => undefined),
    scorable: windows.filter(([, last]) => last >= begin).length,
    falsePositives: 0,
    falsePositiveSum: 0,
  };
  for (const row of new Set(detections)) {
    if (row < begin) continue;
    const inside = windows.findIndex(([first, last]) => first <= row && row <= last);
    const window = windows[inside];
    if (window) {
      const [first, last] = window;
      const gain = sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1);
      outcome.windows[inside] = Math.max(outcome.windows[inside] ?? 0, gain);
    } else {
      const before = windows.findLast(([, last]) => last < row);
      outcome.falsePositives += 1;
      outcome.falsePositiveSum += before ? sigmoid((row - before[1]) / (before[1] - before[0])) : -1;
    }
  }
  return outcome;
}

/** What all series together come to in a profile, from 0 for a detector that never speaks to 100 for one that is perfect. */
export function normalised(outcomes: readonly Outcome[], profile: Profile): number {
  const windows = outcomes.flatMap((one) => one.windows);
  const gains = windows.filter((gain) => gain !== undefined);
  const scorable = outcomes.reduce((sum, one) => sum + one.scorable, 0);
  const costs = outcomes.reduce((sum, one) => sum + one.falsePositiveSum, 0);
  const score =
    profile.truePositive * gains.reduce((sum, gain) => sum + gain, 0) +
    profile.falsePositive * costs -
    profile.falseNegative * (scorable - gains.length);
  const silent = -profile.falseNegative * scorable;
  const perfect = profile.truePositive * windows.length;
  return (100 * (score - silent)) / (perfect - silent);
}
