import type { Random } from "../worlds/random.ts";
import { nearLimit, type PlainSeries, pick, type Value } from "./plain-series.ts";

/** What share of the observations is slow: on either side of what p99, p95, p90 and the median tell, and all of them. */
const shares = [0.005, 0.02, 0.04, 0.08, 0.2, 0.6, 1];

/** Whether a series is one bucket of a classic histogram. */
export const isBucket = ({ labels }: PlainSeries): boolean =>
  (labels.__name__ ?? "").endsWith("_bucket") && labels.le !== undefined;

/**
 * What the buckets of one histogram count when, from some moment on, a share of what it observes is at or near a limit,
 * and all else far below.
 */
export function observedBuckets(random: Random, limits: readonly number[]): (bucket: PlainSeries) => Value[] {
  const perStep = 1 + Math.floor(random.uniform() * 100);
  const share = pick(shares, random) ?? 1;
  const slow = Math.abs(nearLimit(random, limits));
  const usual = slow / 10;
  const begins = random.uniform() * 0.7;
  return ({ labels, values }) => {
    const bound = Number((labels.le ?? "").replace(/^\+Inf$/, "Infinity"));
    const within = (level: number) => (level <= bound ? 1 : 0);
    const [before, after] = [within(usual), share * within(slow) + (1 - share) * within(usual)];
    const from = begins * values.length;
    return values.map((_, at) => perStep * (Math.min(at, from) * before + Math.max(0, at - from) * after));
  };
}
