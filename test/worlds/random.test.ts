import { expect, it } from "vitest";
import { seededRandom } from "../../src/worlds/random.ts";

const draws = 20_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws };
}

it("gives the same numbers for the same seed, and others for another seed or stream", () => {
  const first = (seed: number, stream?: number) => {
    const { uniform } = seededRandom(seed, stream);
    return [uniform(), uniform(), uniform()];
  };
  expect(first(7)).toEqual(first(7));
  expect(new Set([first(7), first(8), first(7, 1)].map((numbers) => numbers.join())).size).toBe(3);
});

// Six standard errors: a wrong distribution fails, the right one never does with these seeds.
it.each([
  ["uniform", 0.5, 1 / 12, (seed: number) => seededRandom(seed).uniform],
  ["normal", 0, 1, (seed: number) => seededRandom(seed).normal],
  ["Poisson of few", 0.3, 0.3, (seed: number) => poisson(seed, 0.3)],
  ["Poisson of many", 40, 40, (seed: number) => poisson(seed, 40)],
] as const)("has the mean and the variance of the %s distribution", (_, mean, variance, source) => {
  const draw = source(3);
  const seen = moments(draw);
  const standardError = Math.sqrt(variance / draws);
  expect(Math.abs(seen.mean - mean)).toBeLessThan(6 * standardError);
  expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(0.1);
});

function poisson(seed: number, expected: number): () => number {
  const random = seededRandom(seed);
  return () => random.poisson(expected);
}
