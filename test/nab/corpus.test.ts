import { expect, test } from "vitest";
import { readCorpus, readSeries } from "../../scripts/nab/corpus.ts";
import { sharedData } from "../shared-data.ts";

const csv = "timestamp,value\n2014-04-01 00:00:00,1.5\n2014-04-01 00:05:00,-2\n2014-04-01 00:10:00,3e2\n";

test("a series is its rows, and its windows the rows at which they begin and end", () => {
  const windows = [["2014-04-01 00:05:00.000000", "2014-04-01 00:10:00.000000"]] as const;
  expect(readSeries("real/a.csv", csv, windows)).toMatchObject({
    category: "real",
    rows: 3,
    values: Float64Array.of(1.5, -2, 300),
    windows: [[1, 2]],
  });
});

test("a window that begins at no row is refused", () => {
  const windows = [["2014-04-01 00:06:00.000000", "2014-04-01 00:10:00.000000"]] as const;
  expect(() => readSeries("real/a.csv", csv, windows)).toThrow("no row is at 2014-04-01 00:06:00");
});

test("every series of the real benchmark has times and numbers, and windows in order", (context) => {
  const corpus = readCorpus(sharedData("nab", context));
  expect(corpus.length).toBeGreaterThan(0);
  for (const { name, timesMs, values, windows } of corpus) {
    expect([name, [...timesMs].every(Number.isFinite), [...values].every(Number.isFinite)]).toEqual([name, true, true]);
    const edges = windows.flat();
    expect([name, edges]).toEqual([name, [...edges].sort((a, b) => a - b)]);
  }
});
