import { describe, expect, it } from "vitest";
import { deployedRules, foretell } from "../../scripts/forecast/foretell.ts";
import { middle, score, scoreTable } from "../../scripts/forecast/score.ts";
import { grown, hoursOf } from "../../scripts/forecast/series.ts";
import { readSeries } from "../../scripts/nab/corpus.ts";
import { loadEngine } from "../../src/engine/engine.ts";

const engine = await loadEngine();
const line = (days: number, perHour: number) => ({
  name: "line",
  category: "line",
  startMs: Date.UTC(2026, 0, 5, 1),
  means: Array.from({ length: days * 24 }, (_, hour) => 100 + perHour * hour),
});

describe("forecasts of the deployed rules", () => {
  it("are what was to come where all grows by the same", { timeout: 120_000 }, () => {
    const recorded = foretell(line(20, 0.5), deployedRules(), engine);
    // A week of peaks must be known.
    expect(recorded.trend.findIndex((value) => value !== undefined)).toBe(167);
    expect(recorded.peak[100]).toBeCloseTo(150, 9);
    const { hour, ahead } = score(recorded);
    expect(hour.own).toBeCloseTo(0, 6);
    expect(hour.naive).toBeCloseTo(84, 6);
    for (const [days, forecasts] of [
      [1, 20 * 24 - 167 - 24],
      [7, 20 * 24 - 167 - 168],
    ] as const) {
      expect(ahead.get(days)).toMatchObject({ forecasts, covered: 1 });
      expect(ahead.get(days)?.own).toBeCloseTo(0, 6);
      expect(ahead.get(days)?.naive).toBeCloseTo(84, 6);
    }
    expect(ahead.get(30)?.forecasts).toBe(0);
  });

  it("know nothing of what comes: the rest of a series changes nothing of what was said before it", {
    timeout: 120_000,
  }, () => {
    const whole = line(12, 0.5);
    const means = whole.means.map((value, hour) => (hour < 240 ? value : 0));
    const [one, other] = [whole, { ...whole, means }].map((series) => foretell(series, deployedRules(), engine));
    for (const key of ["peak", "trend", "trendMargin", "sureTrend", "margin", "expected"] as const)
      expect(other?.[key].slice(0, 240)).toEqual(one?.[key].slice(0, 240));
  });
});

it("scores are those that are worked out by hand", () => {
  const values = (at: (hour: number) => number) => Array.from({ length: 24 * 9 }, (_, hour) => at(hour));
  const zero = values(() => 0);
  // Said is 10 all the time; came is 10 up to the eighth day and 12 after, of which the margins of 1 know nothing.
  const peak = values((hour) => (hour < 24 * 8 ? 10 : 12));
  const recorded = {
    ...{ value: peak, peak, trend: zero, trendMargin: zero, sureTrend: zero, expected: values(() => 11) },
    margin: values(() => 1),
  };
  const { hour, ahead } = score(recorded);
  expect(hour).toMatchObject({ forecasts: 48, own: 1, naive: 1 });
  // Known a week before, at 24 · 9 - 144 - 24 hours: from the sixth day on; a day of them is said to be 10 and is 12.
  expect(ahead.get(1)).toMatchObject({ forecasts: 48, own: 1, naive: 1, covered: 0.5 });
  expect(scoreTable([{ category: "made", scored: { hour, ahead } }])).toContain(
    "| made | 1 | 1.00 | 1.00 | 8 % | 50 % |",
  );
  expect(middle([3, Number.NaN, 1, 2])).toBe(2);
});

it("hours are means of what is in them, and as before where nothing is", () => {
  const csv = "timestamp,value\n2014-04-01 00:05:00,1\n2014-04-01 00:55:00,3\n2014-04-01 03:00:00,5\n";
  expect(hoursOf(readSeries("a/b.csv", csv, []))).toEqual({
    ...{ name: "a/b.csv", category: "a", startMs: Date.UTC(2014, 3, 1, 1), means: [2, 2, 2, 5] },
  });
});

it("what is made up is the same each time", () => {
  expect(grown()).toEqual(grown());
  expect(new Set(grown().map(({ name }) => name)).size).toBe(grown().length);
});
