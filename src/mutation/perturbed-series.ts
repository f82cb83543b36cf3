import { type Random, seededRandom } from "../worlds/random.ts";
import { isBucket, observedBuckets } from "./observed-buckets.ts";
import { factors, nearLimit, type PlainSeries, pick, type Value } from "./plain-series.ts";

/** What may happen to one series; `limits` are numbers that its readers compare with. */
type Disturbance = (values: readonly Value[], random: Random, limits: readonly number[]) => Value[];

const numbers = (values: readonly Value[], change: (value: number, at: number) => number): Value[] =>
  values.map((value, at) => (typeof value === "number" ? change(value, at) : value));

/** What leaves the buckets of a histogram in order, if it happens to all of them. */
const orderly: readonly Disturbance[] = [
  (values) => [...values],
  (values, random) => {
    const factor = pick(factors, random) ?? 1;
    return numbers(values, (value) => value * factor);
  },
  // Gone for a while, or for good.
  (values, random) => {
    const from = Math.floor(random.uniform() * values.length);
    const to = random.uniform() < 0.5 ? values.length : from + Math.ceil((random.uniform() * values.length) / 3);
    const marked = random.uniform() < 0.5;
    return values.map((value, at) => (at < from || at >= to ? value : at === from && marked ? null : undefined));
  },
  (values, random) => {
    const shift = Math.floor(random.uniform() * values.length);
    return values.map((_, at) => values[at - shift]);
  },
];

const disturbances: readonly Disturbance[] = [
  ...orderly,
  // At a limit from some moment on: what a gauge shows.
  (values, random, limits) => {
    const [from, level] = [random.uniform() * values.length, nearLimit(random, limits)];
    return numbers(values, (value, at) => (at < from ? value : level));
  },
  // Growing by a limit: what a counter's rate shows; it may begin anew.
  (values, random, limits) => {
    const [reset, slope] = [random.uniform() * 2 * values.length, Math.abs(nearLimit(random, limits))];
    return numbers(values, (_, at) => slope * (at < reset ? at : at - Math.floor(reset)));
  },
  (values, random) => numbers(values, (value) => value * (0.5 + random.uniform())),
];

/**
 * The series of a test as something else might have produced them: each is scaled, set to or near a limit, made to grow,
 * interrupted, moved, or left as it is; the buckets of a histogram together, for they would be none otherwise. The same
 * seed gives the same.
 *
 * @param limitsOf the numbers that are compared with what is made of a metric
 */
export function perturbed(
  series: readonly PlainSeries[],
  limitsOf: (metric: string) => readonly number[],
  seed: number,
): Value[][] {
  const random = seededRandom(seed);
  const histograms = new Map<string, (one: PlainSeries) => Value[]>();
  return series.map((one) => {
    const limits = limitsOf(one.labels.__name__ ?? "");
    if (!isBucket(one)) return pick(disturbances, random)?.(one.values, random, limits) ?? [...one.values];
    const { le: _, ...rest } = one.labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    const disturb = histograms.get(key) ?? histogramDisturbance(random, limits);
    histograms.set(key, disturb);
    return disturb(one);
  });
}

/** What happens to all buckets of one histogram. */
function histogramDisturbance(random: Random, limits: readonly number[]): (bucket: PlainSeries) => Value[] {
  if (random.uniform() < 0.6) return observedBuckets(random, limits);
  const seed = Math.floor(random.uniform() * 2 ** 31);
  const disturbance = pick(orderly, random);
  // Each bucket with the same random numbers.
  return ({ values }) => disturbance?.(values, seededRandom(seed), limits) ?? [...values];
}
