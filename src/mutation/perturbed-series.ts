import { type Random, seededRandom } from "../worlds/random.ts";

type Value = number | null | undefined;

/** What may happen to one series; `limits` are numbers that the rules compare with. */
type Disturbance = (values: readonly Value[], random: Random, limits: readonly number[]) => Value[];

const pick = <T>(among: readonly T[], random: Random): T | undefined =>
  among[Math.floor(random.uniform() * among.length)];

const numbers = (values: readonly Value[], change: (value: number, at: number) => number): Value[] =>
  values.map((value, at) => (typeof value === "number" ? change(value, at) : value));

/** At a limit, hardly beside it, and far away. */
const factors = [0, 0.5, 0.85, 0.95, 0.99, 1, 1.01, 1.05, 1.15, 2, 10];

const nearLimit = (random: Random, limits: readonly number[]): number =>
  (pick(limits, random) ?? 1) * (pick(factors, random) ?? 1);

const disturbances: readonly Disturbance[] = [
  (values) => [...values],
  (values, random) => {
    const factor = pick(factors, random) ?? 1;
    return numbers(values, (value) => value * factor);
  },
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
  // Gone for a while, or for good.
  (values, random) => {
    const from = Math.floor(random.uniform() * values.length);
    const to = random.uniform() < 0.5 ? values.length : from + Math.ceil((random.uniform() * values.length) / 3);
    return values.map((value, at) =>
      at < from || at >= to ? value : at === from && random.uniform() < 0.5 ? null : undefined,
    );
  },
  (values, random) => {
    const shift = Math.floor(random.uniform() * values.length);
    return values.map((_, at) => values[at - shift]);
  },
];

/**
 * The series of a test as something else might have produced them: each is scaled, set to or near a limit, made to grow,
 * interrupted, moved, or left as it is. The same seed gives the same.
 */
export function perturbed(series: readonly (readonly Value[])[], limits: readonly number[], seed: number): Value[][] {
  const random = seededRandom(seed);
  return series.map((values) => pick(disturbances, random)?.(values, random, limits) ?? [...values]);
}
