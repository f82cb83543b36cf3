import { identityLabels } from "../model/conventions.ts";
import type { RuleGroup } from "../model/pack.ts";
import { anyOf } from "../model/promql.ts";
import { hours, minutes } from "../model/quantity.ts";

/** A recorded series that is watched for values that are unusual for it. */
export interface Watched {
  /** Name of the signal: the label `signal` of everything that is recorded about it. */
  signal: string;
  /** The series that holds it. */
  series: string;
  /** The services of which it is watched; what others record of it is left alone. */
  services: readonly string[];
}

/** How often values are judged. The series that judge them are there for no longer without being recorded again. */
export const judgedEvery = minutes(5);
/** How often it is learned what is usual: a band changes slowly, and reading weeks is what costs. */
const learnedEvery = hours(1);

/** Share of a band's width by which a value must lie outside the band of the last four weeks. */
export const levelShare = 0.15;
/** The same of an hour's mean and what was seen at this time of day on the days of `seasonDays`. */
export const seasonShare = 0.25;
/** Of these days before now, at least two must have been seen: the last three, and the same day of the week. */
export const seasonDays = [1, 2, 3, 7];

/** How long a verdict stands: a value that comes and goes is one anomaly, not many. */
export const verdictStands = hours(6);

/** The worst score while a verdict stands, of whichever evidence. From 1 on it is as unusual as the shares above say. */
export const verdict = {
  series: "anomaly:score:max6h",
  expr: "max without (evidence) (max_over_time(anomaly:score[6h]))",
};

/**
 * Rules that learn what is usual for each series and score how far from that it is, in three groups that build on each
 * other. All reads are of series with a sample every five minutes; those over weeks happen once an hour. The number of
 * rules does not depend on how many services there are.
 *
 * - `level`: how far a value lies outside the 0.1 % to 99.9 % quantile band of up to four weeks.
 * - `season`: how far the mean of an hour lies outside all that such means were around this time of day.
 *
 * Both are measured in widths of the band. Nothing is said before there is a day of history.
 */
export function anomalyGroups(watched: readonly Watched[]): RuleGroup[] {
  if (watched.length === 0) return [];
  return [
    {
      name: "anomaly-values",
      interval: judgedEvery,
      rules: [
        ...watched.map(({ signal, series, services }) => ({
          record: value,
          // What is divided by nothing is no number: one would spoil the quantiles of four weeks.
          expr: `${series}{${anyOf(serviceLabel, services)}} > -Inf`,
          labels: { signal },
        })),
        { record: hourMean, expr: `avg_over_time(${value}[1h])` },
      ],
    },
    {
      name: "anomaly-bands",
      interval: learnedEvery,
      rules: [
        // Once that reaches back a day. Without the lower edge there is no upper one, and no width.
        { record: low, expr: `${ofFourWeeks(0.001)} and last_over_time(${value}[1d] offset 1d)` },
        { record: high, expr: `${ofFourWeeks(0.999)} and ${low}` },
        {
          record: width,
          // A series that hardly ever moves must move by a hundredth of itself to be one band's width away. From one that
          // was 0 all the time nothing is far: how much would be, only a threshold can say.
          expr: `${high} - ${low} >= 0.01 * abs(${high}) and ${high} - ${low} > 0 or 0.01 * abs(${high}) > 0 or ${high} + Inf`,
        },
        { record: seasonLow, expr: `${ofSeason("min")} and count without (day) (${seenOn("min")}) >= 2` },
        { record: seasonHigh, expr: ofSeason("max") },
      ],
    },
    {
      name: "anomaly-scores",
      interval: judgedEvery,
      rules: [
        { record: score, expr: outside(value, low, high, levelShare), labels: { evidence: "level" } },
        { record: score, expr: outside(hourMean, seasonLow, seasonHigh, seasonShare), labels: { evidence: "season" } },
      ],
    },
  ];
}

/** What is recorded: values and their hourly means, from which everything else is learned, the band, the scores. */
export const recordedAs = {
  value: "anomaly:value",
  hourMean: "anomaly:value:avg1h",
  low: "anomaly:value:low4w",
  high: "anomaly:value:high4w",
  score: "anomaly:score",
} as const;

const [, serviceLabel] = identityLabels;
const { value, hourMean, low, high, score } = recordedAs;
const width = "anomaly:value:width4w";
const seasonLow = "anomaly:value:season_low";
const seasonHigh = "anomaly:value:season_high";

/** A quantile of all that is known of up to four weeks. */
const ofFourWeeks = (quantile: number): string => `quantile_over_time(${quantile}, ${value}[4w])`;

/** The least or the most of what an hour's mean was on each day, from an hour before this time to an hour after the next. */
const seenOn = (extreme: "min" | "max"): string =>
  seasonDays
    .map(
      (day) => `label_replace(${extreme}_over_time(${hourMean}[3h] offset ${24 * day - 2}h), "day", "${day}", "", "")`,
    )
    .join(" or ");

const ofSeason = (extreme: "min" | "max"): string => `${extreme} without (day) (${seenOn(extreme)})`;

/** How far a series lies outside a band, in shares of the band of four weeks; below 0 inside it. */
function outside(series: string, lower: string, upper: string, share: number): string {
  const [bottom, top, scale] = [lower, upper, width].map((name) => `last_over_time(${name}[2h])`);
  return `(abs(${series} - (${top} + ${bottom}) / 2) - (${top} - ${bottom}) / 2) / ${scale} / ${share}`;
}
