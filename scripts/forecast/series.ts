import type { NabSeries } from "../nab/corpus.ts";
import type { Hours } from "./foretell.ts";

const hourMs = 3_600_000;
const synthetic = { days: 90, seeds: [1, 2, 3, 4, 5] };

/** Numbers between 0 and 1, the same for a seed each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** With a standard deviation of 1 (Box and Muller). */
const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** How each kind grows, by the day; `noise` is normal with a deviation of 1. */
const kinds: Readonly<Record<string, (day: number, noise: number, walked: number) => number>> = {
  "growth, a little noise": (day, noise) => 100 + day + noise,
  "growth with days and weeks": (day, noise) => 100 + day + seasons(day) + 2 * noise,
  "growth that doubles in 90 days": (day, noise) => 100 * 2 ** (day / 90) + 2 * noise,
  "growth that ends on day 60": (day, noise) => 100 + Math.min(day, 60) + 2 * noise,
  "a step on day 45": (day, noise) => (day < 45 ? 100 : 150) + 2 * noise,
  "days and weeks, no growth": (day, noise) => 100 + seasons(day) + 2 * noise,
  "noise alone": (_, noise) => 100 + 10 * noise,
  "a random walk": (_, __, walked) => 200 + walked,
};

const seasons = (day: number): number => 20 * Math.sin(2 * Math.PI * day) + (Math.floor(day + 0.5) % 7 < 5 ? 10 : -10);

/** Months of whole hours, the same each time. */
export const grown = (): Hours[] =>
  Object.entries(kinds).flatMap(([category, valueOn]) =>
    synthetic.seeds.map((seed) => {
      const next = chance(seed);
      let walked = 0;
      return {
        name: `${category} ${seed}`,
        category,
        startMs: Date.UTC(2026, 0, 5, 1),
        means: Array.from({ length: synthetic.days * 24 }, (_, hour) => {
          const noise = normal(next);
          walked += noise;
          return valueOn(hour / 24, noise, walked);
        }),
      };
    }),
  );

/** Hourly means of a series of the benchmark; an hour without a row is as the one before. */
export function hoursOf({ name, category, timesMs, values }: NabSeries): Hours {
  const sums = new Map<number, { sum: number; count: number }>();
  timesMs.forEach((ms, row) => {
    const hour = Math.floor(ms / hourMs);
    const { sum, count } = sums.get(hour) ?? { sum: 0, count: 0 };
    sums.set(hour, { sum: sum + (values[row] ?? 0), count: count + 1 });
  });
  const first = Math.min(...sums.keys());
  const last = Math.max(...sums.keys());
  let before = 0;
  const means = Array.from({ length: last - first + 1 }, (_, index) => {
    const found = sums.get(first + index);
    if (found) before = found.sum / found.count;
    return before;
  });
  return { name, category, startMs: (first + 1) * hourMs, means };
}
