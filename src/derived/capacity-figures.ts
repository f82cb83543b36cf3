import type { Direction } from "../model/pack.ts";
import { fewestDays, furthest, learnedWeeks } from "./capacity-rules.ts";

/** What follows from a history of whole hours, the last of them now; in the signal's unit, times in days. */
export interface CapacityFigures {
  peak: number;
  trendPerDay: number;
  trendMargin: number;
  sureTrend: number;
  margin: number;
  expected: number;
  left?: { likely: number; early: number; late: number };
}

const perDay = 24;
const monthHours = 30 * perDay;
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return mean(values.map((one) => (one - middle) ** 2));
};

/** The worst hour of the day that ends with each hour; shorter days at the beginning. */
export const peaksOf = (means: readonly number[], direction: Direction = "above"): number[] =>
  means.map((_, hour) => {
    const day = means.slice(Math.max(0, hour - perDay + 1), hour + 1);
    return direction === "below" ? Math.min(...day) : Math.max(...day);
  });

/** Changes from day to day, as long as they are known. */
export const stepsOf = (peaks: readonly number[]): number[] =>
  peaks.slice(perDay).map((peak, hour) => peak - (peaks[hour] ?? Number.NaN));

/**
 * What the rules for capacity should come to, worked out as textbooks do: a line of least squares, what is left of each
 * value when it is taken away, and Student's t. Drills and tests hold the rules to it.
 *
 * @param means of each hour, without gaps; undefined with less than the fewest days
 */
export function capacityFigures(
  means: readonly number[],
  { limit, direction = "above" }: { limit?: number; direction?: Direction } = {},
): CapacityFigures | undefined {
  const all = peaksOf(means, direction);
  const peaks = all.slice(-monthHours);
  if (peaks.length < fewestDays * perDay) return undefined;
  const times = peaks.map((_, hour) => hour / perDay);
  const [middle, centre] = [mean(peaks), mean(times)];
  const timeVariance = variance(times);
  const trendPerDay = mean(peaks.map((peak, hour) => (peak - middle) * ((times[hour] ?? 0) - centre))) / timeVariance;
  const residuals = peaks.map((peak, hour) => peak - middle - trendPerDay * ((times[hour] ?? 0) - centre));
  const spread = Math.sqrt(mean(residuals.map((one) => one ** 2)));
  const repeat = spread > 0 ? Math.max(0, 1 - variance(stepsOf(all).slice(-monthHours)) / 2 / spread ** 2) : 0;
  const independentDays = ((peaks.length / perDay) * (1 - repeat)) / (1 + repeat);
  const freedom = Math.max(1, independentDays - 2);
  const student = 1.2816 + 0.8467 / freedom + 0.5709 / freedom ** 2;
  const trendMargin = (student * spread) / Math.sqrt(freedom * timeVariance);
  const sureTrend = Math.abs(trendPerDay) > trendMargin ? trendPerDay * (1 - (trendMargin / trendPerDay) ** 2) : 0;
  const margin = student * Math.SQRT2 * spread;
  const peak = peaks.at(-1) ?? Number.NaN;
  const now = means.length - 1;
  const sameHours = learnedWeeks.flatMap((week) => {
    const then = means[now - 7 * perDay * week];
    return then === undefined ? [] : [then + 7 * week * sureTrend];
  });
  const figures = { peak, trendPerDay, trendMargin, sureTrend, margin, expected: median(sameHours) };
  if (limit === undefined) return figures;
  const side = direction === "below" ? -1 : 1;
  const room = side * (limit - peak);
  if (room <= 0) return figures;
  const until = (distance: number, pace: number) =>
    pace > 0 ? Math.min(distance / pace, furthest.value / 86_400) : furthest.value / 86_400;
  return {
    ...figures,
    left: {
      likely: until(room, side * sureTrend),
      early: until(Math.max(0, room - margin), side * trendPerDay + trendMargin),
      late: until(room + margin, side * trendPerDay - trendMargin),
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}
