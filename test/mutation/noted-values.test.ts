import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { notedValues, seriesLabels } from "../../src/mutation/noted-values.ts";
import { perturbed } from "../../src/mutation/perturbed-series.ts";

const engine = await loadEngine();

it.each<[notation: string, values: (number | null | undefined)[]]>([
  ["1 2.5 -3", [1, 2.5, -3]],
  ["1x3", [1, 1, 1, 1]],
  ["0+10x2 5-1x2", [0, 10, 20, 5, 4, 3]],
  ["1 _ _x2 stale 2", [1, undefined, undefined, undefined, null, 2]],
  ["1e3 Inf -Inf NaN", [1000, Infinity, -Infinity, Number.NaN]],
  ["1 {{schema:1 sum:4}}x2 2", [1, 2]],
])("reads the values %s", (notation, values) => {
  expect(notedValues(notation, 100)).toEqual(values);
});

it("reads no more than it is asked for, however many there are", () => {
  expect(notedValues("0x10000000 _x10000000", 5)).toEqual([0, 0, 0, 0, 0]);
});

it("reads the labels of a series", () => {
  expect(seriesLabels('up{job="a", instance="b:9"}', engine)).toEqual({ __name__: "up", job: "a", instance: "b:9" });
  expect(seriesLabels("up{", engine)).toBeUndefined();
});

describe("a disturbed series", () => {
  const series = ["1+1x50", "5x50"].map((noted) => ({ labels: { __name__: "a" }, values: notedValues(noted, 100) }));
  const near = (limit: number) => () => [limit];

  it("is the same for the same seed, and as long as it was", () => {
    expect(perturbed(series, near(3), 4)).toEqual(perturbed(series, near(3), 4));
    for (let seed = 0; seed < 50; seed += 1) {
      expect(perturbed(series, near(3), seed).map(({ length }) => length)).toEqual([51, 51]);
    }
  });

  it("comes to lie at a limit and on either side of it", () => {
    const values = new Set(Array.from({ length: 300 }, (_, seed) => perturbed(series, near(70), seed)).flat(2));
    for (const value of [66.5, 70, 73.5]) expect([...values]).toContainEqual(expect.closeTo(value, 6));
  });

  it("stays a histogram, and has its quantiles on either side of a limit", () => {
    const bounds = ["0.1", "1", "2", "4", "+Inf"];
    const buckets = bounds.map((le) => ({
      labels: { __name__: "a_bucket", le },
      values: notedValues("0+1x50", 100),
    }));
    const medians = new Set<string | undefined>();
    for (let seed = 0; seed < 100; seed += 1) {
      const counts = perturbed(buckets, near(2), seed).map((values) => values.at(-1) ?? 0);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      const half = (counts.at(-1) ?? 0) / 2;
      if (half > 0) medians.add(bounds[counts.findIndex((count) => count >= half)]);
    }
    expect([...medians].sort()).toEqual(expect.arrayContaining(["0.1", "1", "2", "4"]));
  });
});
