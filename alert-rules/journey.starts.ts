import { identityLabels } from "../src/model/conventions.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { type Duration, days, formatDuration, hours, seconds } from "../src/model/quantity.ts";
import { from } from "./exporter-watch.ts";
import { journeyExporters } from "./journey.exporter.ts";

const perJourney = [...identityLabels, "journey"];
const hour = hours(1);

export const started = signal({
  name: "journey_started",
  title: "Journeys started per second",
  description: "Over the last hour. Zero, not absent, where nobody starts one.",
  unit: "events/second",
  labels: perJourney,
  series: "journey:journeys_started:rate1h",
  window: hour,
  fact: "started",
  source: {
    once: `sum by (${perJourney.join(", ")}) (rate(journey_started_total{${from(journeyExporters)}}[${formatDuration(hour)}]))`,
  },
});

/** What is usual is known from this long ago; until there is as much of a journey, from the second of them. */
export const comparedWith = [days(7), days(1)] as const;

/**
 * So much earlier or later it must have been usual as well. The clocks of users change twice a year, those of Prometheus
 * never do; and people do not come and go by the minute.
 */
export const shiftedBy = hour;

/** The least of it at the usual time and at moments near that. */
const leastUsually = (rate: string, every = ""): string => {
  const range = `[${formatDuration(seconds(2 * shiftedBy.value))}${every}]`;
  return comparedWith
    .map((ago) => `min_over_time(${rate}${range} offset ${formatDuration(seconds(ago.value - shiftedBy.value))})`)
    .join(" or ");
};

export const usual = signal({
  name: "journey_usually_started",
  title: "Journeys usually started in an hour",
  description:
    "The fewest in any hour from an hour before to an hour after this time a week ago, or yesterday where nothing is known of a week ago; nothing where neither is.",
  unit: "count",
  labels: perJourney,
  series: "journey:journeys_usual:count1h",
  source: { once: `${hour.value} * (${leastUsually(started.series)})` },
});

/** A single one in the hour makes more per second. */
const lessThanOne = 0.0002;

/** Within an hour many must be usual: of journeys that are rarer, nobody for so long says something. */
export const longTimes = [hours(6), days(1)] as const;

/** As many as are usual in as long a time in which there was nobody. */
const missedIn = (window: Duration): string => {
  // Each value tells of an hour.
  const hours = `${started.series}[${formatDuration(seconds(window.value - hour.value))}]`;
  return `(${window.value} * (${leastUsually(`avg_over_time(${hours})`, ":30m")}) and max_over_time(${hours}) < ${lessThanOne})`;
};

/** Of what was not counted for so long, somebody may have started one. */
const wasCounted = (window: Duration): string => `${started.series} offset ${formatDuration(window)}`;

export const missed = signal({
  name: "journey_missed",
  title: "Journeys that nobody started",
  description:
    "How many were usual at this time of the week in as long as nobody has started one: an hour, 6 hours or a day. Zero while somebody does, and at hours at which nobody ever does; nothing where nothing is known of a day or a week ago.",
  unit: "count",
  labels: perJourney,
  series: "journey:journeys_missed:count",
  reach: hour,
  source: {
    once: [
      // The longest first: it holds most.
      ...longTimes.toReversed().map((window) => `${missedIn(window)} and ${wasCounted(window)}`),
      `${usual.series} * (${started.series} < bool ${lessThanOne}) and ${wasCounted(hour)}`,
    ].join("\nor\n"),
  },
});

/** In the order in which they are recorded. */
export const startSignals: readonly RecordedSignal[] = [started, usual, missed];
