import { identityLabels } from "../model/conventions.ts";
import type { Direction, RecordingRule, RuleGroup } from "../model/pack.ts";
import { anyOf, promqlString } from "../model/promql.ts";
import { days, hours, minutes } from "../model/quantity.ts";
import type { ListedSignal } from "./listed-signals.ts";

/** A value that a signal must not pass, infinite where there is none, and the services for which it is that one. */
export interface Limit {
  signal: string;
  value: number;
  services: readonly string[];
  /** In these environments. @default - in all of theirs */
  environments?: readonly string[];
}

/** A signal that is forecast. */
export interface Forecast extends ListedSignal {
  /** On which side of its limits trouble is. @default "above" */
  direction?: Direction;
  limits: readonly Limit[];
}

/** How often all of it is computed: a trend of weeks changes slowly, and reading weeks is what costs. */
export const computedEvery = hours(1);
/** How often that is shown. A series is there for no longer than five minutes without being recorded again. */
export const shownEvery = minutes(5);
/** Whatever is further away than this is as far as this: nobody knows more from 30 days. */
export const furthest = days(365);
/** The shortest history from which a trend is read. */
export const fewestDays = 7;
/** How far ahead is told. */
export const horizons = [7, 30];
/** Weeks from which it is learned what an hour of the week is like. */
export const learnedWeeks = [1, 2, 3, 4];

/** What is recorded once an hour. */
export const hourly = {
  /** Mean of the last hour. */
  value: "capacity:value:avg1h",
  /** The worst hour of the last day: the highest, or the lowest where a low value is trouble. */
  peak: "capacity:peak:1d",
  /** How far that is from what it was a day ago. */
  step: "capacity:peak:step1d",
  expected: "capacity:value:expected4w",
  expectedLow: "capacity:value:expected4w_low",
  expectedHigh: "capacity:value:expected4w_high",
  /** Change of the peak per day. */
  trend: "capacity:peak:trend30d",
  /** Standard deviation of the peaks from the trend's line. */
  spread: "capacity:peak:spread30d",
  /** Correlation of that between one day and the next, from 0 to 1. */
  repeat: "capacity:peak:repeat30d",
  /** Degrees of freedom: how many independent days there are, less the two that a line takes. */
  freedom: "capacity:peak:freedom30d",
  student: "capacity:peak:t80",
  trendMargin: "capacity:peak:trend30d_margin",
  /** What is left of the trend where it is not sure: 0 when it is less than its margin. */
  sureTrend: "capacity:peak:trend30d_sure",
  margin: "capacity:peak:margin",
  forecast: "capacity:peak:forecast",
  forecastLow: "capacity:peak:forecast_low",
  forecastHigh: "capacity:peak:forecast_high",
  limit: "capacity:peak:limit",
  /** What is left until the limit; there is none where it is passed. */
  room: "capacity:peak:room",
  /** How fast the limit comes nearer, per day. */
  approach: "capacity:peak:approach",
  left: "capacity:peak:time_left",
  leftEarly: "capacity:peak:time_left_early",
  leftLate: "capacity:peak:time_left_late",
} as const;

const [environmentLabel, serviceLabel] = identityLabels;
const perDay = 24;
/** Variance of n whole hours in days², without the factor n² - 1. */
const hourVariance = 12 * perDay ** 2;

/**
 * Rules that forecast, in one group that runs once an hour. All that looks back over weeks reads series with one sample an
 * hour. The number of rules does not depend on how many services there are, but on how many different limits they have.
 *
 * The line is that of least squares through the day's peak over 30 days. That days are not independent of each other is
 * accounted for as Santer et al. do (Journal of Geophysical Research 105, 2000, pages 7337–7356, equations 3 to 6): with
 * the correlation r of neighbouring days, n days count as n (1 - r) / (1 + r). Here r comes from the variance of the
 * steps from day to day, which is 2 (1 - r) times that of the days (von Neumann's ratio). Margins hold 80 %: Student's t
 * for 90 % by Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5, the first two terms. What is likely goes by
 * the trend b with its margin m shrunk to b (1 - m² / b²), or 0, as James and Stein shrink a mean: a trend that may be
 * chance makes forecasts worse than none.
 */
export function capacityGroups(forecasts: readonly Forecast[]): RuleGroup[] {
  if (forecasts.length === 0) return [];
  const falling = forecasts.filter(({ direction }) => direction === "below").map(({ signal }) => signal.name);
  const rising = forecasts.filter(({ direction }) => direction !== "below").map(({ signal }) => signal.name);
  const limits = forecasts.flatMap((one) => one.limits);
  return [
    {
      name: "capacity-hourly",
      interval: computedEvery,
      rules: [
        ...forecasts.map(({ signal, services }) => ({
          record: hourly.value,
          // What is divided by nothing is no number: one would spoil an hour.
          expr: `avg_over_time((${signal.series}{${anyOf(serviceLabel, services)}} > -Inf < Inf)[1h:5m])`,
          labels: { signal: signal.name },
        })),
        eitherSide(hourly.peak, [
          [rising, (signals) => `max_over_time(${hourly.value}${signals}[1d])`],
          [falling, (signals) => `min_over_time(${hourly.value}${signals}[1d])`],
        ]),
        { record: hourly.step, expr: `${hourly.peak} - last_over_time(${hourly.peak}[1h] offset 1d)` },
        ...trendRules,
        ...expectedRules,
        ...forecastRules,
        // A rule for each: of hundreds, one expression would be nested more deeply than Prometheus reads.
        ...limits.map(({ signal, value, services, environments = [] }) => {
          const matchers = [
            `signal=${promqlString(signal)}`,
            anyOf(serviceLabel, services),
            ...(environments.length > 0 ? [anyOf(environmentLabel, environments)] : []),
          ];
          return {
            record: hourly.limit,
            expr: `0 * ${hourly.peak}{${matchers.join(", ")}} + ${promqlNumber(value)}`,
          };
        }),
        ...leftRules(rising, falling),
      ],
    },
  ];
}

const promqlNumber = (value: number): string => `${value}`.replace("Infinity", "Inf");

/** A series of the signals of both sides, or of the one of which there are any. */
const eitherSide = (
  record: string,
  sides: readonly (readonly [signals: readonly string[], expr: (selector: string) => string])[],
): RecordingRule => ({
  record,
  expr: sides
    .filter(([signals]) => signals.length > 0)
    .map(([signals, expr]) => expr(`{${anyOf("signal", signals)}}`))
    .join(" or "),
});

const known = `count_over_time(${hourly.peak}[30d])`;
const { peak, step, trend, spread, repeat, freedom, student, trendMargin, sureTrend, margin } = hourly;
/** In days²: gaps make it less than it is, and the margins wider. */
const timeVariance = `(${known} ^ 2 - 1) / ${hourVariance}`;

const trendRules: RecordingRule[] = [
  { record: trend, expr: `86400 * deriv(${peak}[30d]) and ${known} >= ${fewestDays * perDay}` },
  {
    record: spread,
    expr: `sqrt(clamp_min(stdvar_over_time(${peak}[30d]) - ${trend} ^ 2 * ${timeVariance}, 0))`,
  },
  {
    record: repeat,
    expr: `clamp_min(1 - stdvar_over_time(${step}[30d]) / 2 / (${spread} ^ 2 > 0), 0) or 0 * ${spread}`,
  },
  { record: freedom, expr: `clamp_min(${known} / ${perDay} * (1 - ${repeat}) / (1 + ${repeat}) - 2, 1)` },
  { record: student, expr: `1.2816 + 0.8467 / ${freedom} + 0.5709 / ${freedom} ^ 2` },
  { record: trendMargin, expr: `${student} * ${spread} / sqrt(${freedom} * ${timeVariance})` },
  { record: sureTrend, expr: `${trend} * clamp_min(1 - (${trendMargin} / (${trend} != 0)) ^ 2, 0) or 0 * ${trend}` },
  // Both the day from which it is reckoned and the one that is foretold are that far from the line.
  { record: margin, expr: `${student} * 2 ^ 0.5 * ${spread}` },
];

/** The same hour of earlier weeks, moved on by the trend since then. */
const sameHours = learnedWeeks
  .map(
    (week) =>
      `label_replace(last_over_time(${hourly.value}[1h] offset ${week}w) + ${7 * week} * ${sureTrend}, "week", "${week}", "", "")`,
  )
  .join(" or ");

const expectedRules: RecordingRule[] = [
  { record: hourly.expected, expr: `quantile without (week) (0.5, ${sameHours})` },
  { record: hourly.expectedLow, expr: `min without (week) (${sameHours})` },
  { record: hourly.expectedHigh, expr: `max without (week) (${sameHours})` },
];

const ahead = (of: (days: number) => string): string =>
  horizons.map((days) => `label_replace(${of(days)}, "horizon", "${days}d", "", "")`).join(" or ");

const forecastRules: RecordingRule[] = [
  { record: hourly.forecast, expr: ahead((days) => `${peak} + ${days} * ${sureTrend}`) },
  {
    record: hourly.forecastLow,
    expr: ahead((days) => `${peak} - ${margin} + ${days} * (${trend} - ${trendMargin})`),
  },
  {
    record: hourly.forecastHigh,
    expr: ahead((days) => `${peak} + ${margin} + ${days} * (${trend} + ${trendMargin})`),
  },
];

/** Until the limit, in seconds: what is left, divided by how fast it comes nearer. Never, where it does not. */
const timeLeft = (room: string, approach: string): string =>
  `clamp_max(86400 * (${room} / (${approach} > 0) or 0 * ${trend} + Inf and ${hourly.room}), ${furthest.value})`;

function leftRules(rising: readonly string[], falling: readonly string[]): RecordingRule[] {
  const { limit, room, approach } = hourly;
  return [
    // What is at its limit, as what is 1 or 0 always is, has not passed it.
    eitherSide(room, [
      [rising, (signals) => `${limit}${signals} - ${peak} >= 0`],
      [falling, (signals) => `${peak} - ${limit}${signals} >= 0`],
    ]),
    eitherSide(approach, [
      [rising, (signals) => `${trend}${signals}`],
      [falling, (signals) => `-${trend}${signals}`],
    ]),
    // What is sure of the trend has its sign.
    { record: hourly.left, expr: timeLeft(room, `(${approach} * (${sureTrend} / (${trend} != 0)))`) },
    {
      record: hourly.leftEarly,
      expr: timeLeft(`clamp_min(${room} - ${margin}, 0)`, `(${approach} + ${trendMargin})`),
    },
    { record: hourly.leftLate, expr: timeLeft(`(${room} + ${margin})`, `(${approach} - ${trendMargin})`) },
  ];
}
