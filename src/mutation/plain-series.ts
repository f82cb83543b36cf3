import type { Random } from "../worlds/random.ts";

export type Value = number | null | undefined;

/** A series of a test, as far as it can be disturbed: `undefined` is no sample, `null` a stale marker. */
export interface PlainSeries {
  labels: Readonly<Record<string, string>>;
  values: readonly Value[];
}

export const pick = <T>(among: readonly T[], random: Random): T | undefined =>
  among[Math.floor(random.uniform() * among.length)];

/** At a limit, hardly beside it, and far away. */
export const factors = [0, 0.5, 0.85, 0.95, 0.99, 1, 1.01, 1.05, 1.15, 2, 10];

export const nearLimit = (random: Random, limits: readonly number[]): number =>
  (pick(limits, random) ?? 1) * (pick(factors, random) ?? 1);
