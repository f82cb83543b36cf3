import type { Component } from "../src/model/component.ts";
import type { Exporter, ExporterHistogram, ExporterMetric, Fact, Facts } from "../src/model/exporter.ts";
import { count, days, eventsPerSecond, minutes, percent, ratio } from "../src/model/quantity.ts";

const everyTwentySeconds = eventsPerSecond(0.05);

/** What can be true of a service's journeys and their steps, and of those who come back. */
const facts = {
  started: {
    // Often enough that there is one between any two scrapes: when they stop is then told to the second.
    usual: eventsPerSecond(1),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} journeys started`,
    perPlace: "outer",
  },
  finished: {
    usual: everyTwentySeconds,
    furthest: eventsPerSecond(0),
    words: (value) => `${value} journeys finished`,
    perPlace: "outer",
  },
  inTime: {
    usual: percent(97),
    furthest: ratio(0),
    words: (value) => `${value} of journeys completed in time`,
    perPlace: "outer",
  },
  late: {
    usual: ratio(0),
    furthest: ratio(1),
    words: (value) => `${value} of the others completed late`,
    perPlace: "outer",
  },
  median: {
    usual: minutes(12),
    furthest: days(2),
    words: (value) => `half of the journeys take more than ${value}`,
    perPlace: "outer",
  },
  ended: {
    usual: everyTwentySeconds,
    furthest: eventsPerSecond(0),
    words: (value) => `a step that ends ${value}`,
    perPlace: true,
  },
  dropOff: {
    usual: percent(4),
    furthest: ratio(1),
    words: (value) => `${value} leave at a step`,
    perPlace: true,
  },
  stepTime: {
    usual: minutes(3),
    furthest: days(1),
    words: (value) => `a step with a p95 of ${value}`,
    perPlace: true,
  },
  dayOneUsers: {
    usual: count(1024),
    furthest: count(0),
    words: (value) => `${value} users who came for the first time two days ago`,
  },
  dayOneRetention: { usual: percent(40), furthest: ratio(0), words: (value) => `${value} came back the next day` },
  weekFourUsers: {
    usual: count(8192),
    furthest: count(0),
    words: (value) => `${value} users who came for the first time four weeks ago`,
  },
  weekFourRetention: { usual: percent(25), furthest: ratio(0), words: (value) => `${value} came back in week four` },
} satisfies Record<string, Fact>;

/** A counter of client libraries: its series is there from its first event on, or from its first zero. */
const counter = (
  name: string,
  grows: ExporterMetric["grows"],
  rest: Pick<ExporterMetric, "perPlace" | "labels" | "fromFirst" | "component">,
): ExporterMetric => ({ name, type: "counter", whole: true, grows, ...rest });

const finishedAs = (outcome: string, grows: ExporterMetric["grows"]): ExporterMetric =>
  counter("journey_finished_total", grows, { perPlace: "outer", labels: { outcome }, fromFirst: true });

const stepEndedAs = (outcome: string, grows: ExporterMetric["grows"]): ExporterMetric =>
  counter("journey_step_ended_total", grows, { perPlace: true, labels: { outcome }, fromFirst: true });

const cohort = (label: string, users: keyof typeof facts, retention: keyof typeof facts): ExporterMetric[] => [
  { name: "journey_cohort_users", type: "gauge", labels: { cohort: label }, is: (now) => now[users] ?? 0 },
  {
    name: "journey_cohort_returned_users",
    type: "gauge",
    labels: { cohort: label },
    is: (now) => (now[users] ?? 0) * (now[retention] ?? 0),
  },
];

/** Fewer in a day than in a week, fewer in a week than in a month. */
const activeUsers = { day: 4200, week: 16_000, month: 41_000 };
const actionsPerSecond = { search: 1.5, save: 0.4 };
const screensPerSecond = { home: 2, item: 3 };

const journeyMetrics: readonly ExporterMetric[] = [
  counter("journey_started_total", ({ started = 0 }) => started, { perPlace: "outer" }),
  finishedAs("in_time", ({ finished = 0, inTime = 0 }) => finished * inTime),
  finishedAs("late", ({ finished = 0, inTime = 0, late = 0 }) => (finished - finished * inTime) * late),
  finishedAs("given_up", ({ finished = 0, inTime = 0, late = 0 }) => (finished - finished * inTime) * (1 - late)),
  counter("journey_step_entered_total", ({ ended = 0 }) => ended, { perPlace: true }),
  stepEndedAs("completed", ({ ended = 0, dropOff = 0 }) => ended - ended * dropOff),
  stepEndedAs("left", ({ ended = 0, dropOff = 0 }) => ended * dropOff),
];

const userMetrics: readonly ExporterMetric[] = [
  ...cohort("day_1", "dayOneUsers", "dayOneRetention"),
  ...cohort("week_4", "weekFourUsers", "weekFourRetention"),
  ...Object.entries(activeUsers).map(
    ([period, users]): ExporterMetric => ({
      name: "activity_active_users",
      type: "gauge",
      labels: { period },
      is: () => users,
    }),
  ),
  ...Object.entries(actionsPerSecond).map(([action, each]) =>
    counter("activity_actions_total", () => each, { labels: { action } }),
  ),
  ...Object.entries(screensPerSecond).map(([screen, each]) =>
    counter("activity_screen_views_total", () => each, { labels: { screen } }),
  ),
];

/** For how long users wait at a step on a healthy day, in seconds. */
const waits: Readonly<Record<Component, number>> = {
  client: 0.5,
  network: 0.25,
  edge: 0.125,
  service: 0.5,
  database: 0.25,
  canister: 2,
};

/** What a summary without quantiles shows, or a histogram whose buckets nobody reads. */
const waited = (Object.keys(waits) as Component[]).flatMap((component) => {
  const completed = ({ ended = 0, dropOff = 0 }: Facts) => ended - ended * dropOff;
  const rest = { perPlace: true, labels: { component }, component };
  return [
    counter("journey_step_wait_seconds_count", completed, rest),
    { ...counter("journey_step_wait_seconds_sum", (now) => completed(now) * waits[component], rest), whole: false },
  ];
});

/** In seconds; each threshold of an alert is an edge. From the click of a button to the hand-over of a thing. */
const stepEdges = [0.5, 1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400];
const journeyEdges = [60, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 21_600, 86_400, 172_800];

const times: readonly ExporterHistogram[] = [
  {
    name: "journey_step_duration_seconds",
    type: "histogram",
    perPlace: true,
    shows: { fact: "stepTime", quantile: 0.95 },
    rate: "ended",
    edges: stepEdges,
  },
  {
    name: "journey_duration_seconds",
    type: "histogram",
    perPlace: "outer",
    shows: { fact: "median", quantile: 0.5 },
    rate: "finished",
    edges: journeyEdges,
  },
];

/**
 * No library counts journeys: the names are this pack's own, see docs/journeys.md. They are what Prometheus client
 * libraries show and what OpenTelemetry's become (`journey.started` as a counter, `journey.duration` in `s`).
 */
export const journeyExporters: readonly Exporter[] = [
  {
    id: "journey",
    title: "journeys, counted by the service itself (docs/journeys.md)",
    places: {
      key: "journeys",
      label: "step",
      title: "step",
      within: { label: "journey", title: "journey" },
      default: [],
    },
    facts,
    metrics: [...journeyMetrics, ...waited, ...times, ...userMetrics],
  },
];
