import { computedEvery, hourly } from "../src/derived/capacity-rules.ts";
import { identityLabels } from "../src/model/conventions.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { formatDuration, seconds, type Unit } from "../src/model/quantity.ts";

/** A missed computation is bridged. */
const bridged = formatDuration(seconds(2 * computedEvery.value));

/** What was computed within the last hour or two, recorded often enough to be drawn. */
const shown = <U extends Unit>(
  props: Pick<RecordedSignal<U>, "name" | "title" | "description" | "unit" | "series" | "band"> & {
    of: string;
    also?: string;
  },
): RecordedSignal<U> => {
  const { of, also, ...rest } = props;
  return signal({
    ...rest,
    labels: [...identityLabels, "signal", ...(also === undefined ? [] : [also])],
    hasMoreLabels: true,
    source: { once: `last_over_time(${of}[${bridged}])` },
  });
};

export const value = shown({
  name: "capacity_value",
  title: "Now, and what this hour was like",
  description:
    "Mean of the last hour of every signal that is forecast, each in its own unit: choose one above. The usual low and high are what this hour of this week was in the last four weeks, moved on by the trend.",
  unit: "count",
  series: "capacity:value",
  of: hourly.value,
  band: { low: hourly.expectedLow, high: hourly.expectedHigh },
});

export const expected = shown({
  name: "capacity_expected",
  title: "Expected at this hour",
  description: "Median of what this hour of this week was in the last four weeks, moved on by the trend since then.",
  unit: "count",
  series: "capacity:expected",
  of: hourly.expected,
});

export const trend = shown({
  name: "capacity_trend",
  title: "Trend per day",
  description:
    "By how much the worst hour of the day changes from one day to the next, over up to 30 days; after the first 7.",
  unit: "count",
  series: "capacity:trend:per_day",
  of: hourly.trend,
});

export const trendMargin = shown({
  name: "capacity_trend_margin",
  title: "How sure the trend is",
  description:
    "The trend lies within so much of what is told of it in 80 % of cases: more than the trend is not sure at all.",
  unit: "count",
  series: "capacity:trend:margin",
  of: hourly.trendMargin,
});

export const limit = shown({
  name: "capacity_limit",
  title: "Limits",
  description: "The worst threshold of the signal's alert: what must not be reached. Infinite where it has none.",
  unit: "count",
  series: "capacity:limit",
  of: hourly.limit,
});

export const forecast = shown({
  name: "capacity_forecast",
  title: "The worst hour of a day in 7 and 30 days",
  description:
    "If it goes on as in the last 30 days. The usual low and high are the edges within which 80 % should be.",
  unit: "count",
  series: "capacity:forecast",
  of: hourly.forecast,
  also: "horizon",
  band: { low: hourly.forecastLow, high: hourly.forecastHigh },
});

export const timeLeft = shown({
  name: "capacity_time_left",
  title: "Time until the limit",
  description:
    "If it goes on as in the last 30 days, until the worst hour of a day reaches the limit. A year stands for a year or more, for never, and for no limit; what has passed its limit has none.",
  unit: "seconds",
  series: "capacity:time_left",
  of: hourly.left,
});

export const timeLeftEarly = shown({
  name: "capacity_time_left_early",
  title: "Time until the limit, at the earliest",
  description: "The same with the least room and the steepest trend that 30 days allow for.",
  unit: "seconds",
  series: "capacity:time_left:early",
  of: hourly.leftEarly,
});

export const timeLeftLate = shown({
  name: "capacity_time_left_late",
  title: "Time until the limit, at the latest",
  description:
    "The same with the most room and the flattest trend that 30 days allow for. In nine of ten cases the limit is reached before. A year stands for a year or more, or for not sure that ever.",
  unit: "seconds",
  series: "capacity:time_left:late",
  of: hourly.leftLate,
});
