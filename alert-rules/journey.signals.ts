import { identityLabels } from "../src/model/conventions.ts";
import { signal } from "../src/model/pack.ts";
import { formatDuration, hours } from "../src/model/quantity.ts";
import { from } from "./exporter-watch.ts";
import { journeyExporters } from "./journey.exporter.ts";

/** Steps end often enough that an hour of them says something, and soon enough that an hour is not too late. */
const stepWindow = hours(1);
/** Journeys are fewer, and take up to days: a share of those of an hour would be a share of a handful. */
const journeyWindow = hours(3);
const stepRange = formatDuration(stepWindow);
const journeyRange = formatDuration(journeyWindow);

const perService = [...identityLabels];
const perJourney = [...perService, "journey"];
const perStep = [...perJourney, "step"];
const these = from(journeyExporters);

const sumOf = (labels: readonly string[], expr: string): string => `sum by (${labels.join(", ")}) (${expr})`;
const rateOf = (range: string, metric: string, ...matchers: string[]): string =>
  `rate(${metric}{${[these, ...matchers].join(", ")}}[${range}])`;

export const finished = signal({
  name: "journey_finished",
  title: "Journeys finished per second",
  description: "Completed in time, completed late or given up, over the last 3 hours.",
  unit: "events/second",
  labels: perJourney,
  series: "journey:journeys_finished:rate3h",
  window: journeyWindow,
  fact: "finished",
  source: { once: sumOf(perJourney, rateOf(journeyRange, "journey_finished_total")) },
});

/** Of those that have come to an end, not of those that began: else a rush of starts would look like a failure. */
export const completion = signal({
  name: "journey_completion",
  title: "Journeys completed in time",
  description:
    "As a share of the journeys that finished in the last 3 hours; completed late and given up are the others. Journeys still under way do not count.",
  unit: "ratio",
  labels: perJourney,
  series: "journey:journey_completion:ratio3h",
  window: journeyWindow,
  fact: "inTime",
  source: {
    once: [
      `(${sumOf(perJourney, rateOf(journeyRange, "journey_finished_total", 'outcome="in_time"'))}`,
      // The series of an outcome is made by its first: not one in time is none of all, not no share.
      `or 0 * ${finished.series}) / ${finished.series}`,
    ].join(" "),
  },
});

export const journeyTime = signal({
  name: "journey_time",
  title: "Time of a journey, median",
  description: "From start to completion, of the journeys completed in the last 3 hours; half of them took longer.",
  unit: "seconds",
  labels: perJourney,
  series: "journey:journey_seconds:p50_3h",
  window: journeyWindow,
  quantile: 0.5,
  fact: "median",
  source: {
    once: `histogram_quantile(0.5, ${sumOf([...perJourney, "le"], rateOf(journeyRange, "journey_duration_seconds_bucket"))})`,
  },
});

export const stepsEntered = signal({
  name: "journey_steps_entered",
  title: "Steps entered per second",
  description: "The funnel: how often each step was entered, over the last hour.",
  unit: "events/second",
  labels: perStep,
  series: "step:journey_steps_entered:rate1h",
  window: stepWindow,
  source: { once: sumOf(perStep, rateOf(stepRange, "journey_step_entered_total")) },
});

export const stepsEnded = signal({
  name: "journey_steps_ended",
  title: "Steps ended per second",
  description: "How often each step was completed or left, over the last hour.",
  unit: "events/second",
  labels: perStep,
  series: "step:journey_steps_ended:rate1h",
  window: stepWindow,
  fact: "ended",
  source: { once: sumOf(perStep, rateOf(stepRange, "journey_step_ended_total")) },
});

export const dropOff = signal({
  name: "journey_drop_off",
  title: "Drop-off at a step",
  description:
    "Of those whose step ended in the last hour, the share that left instead of completing it. Who is still at it does not count.",
  unit: "ratio",
  labels: perStep,
  series: "step:journey_drop_off:ratio1h",
  window: stepWindow,
  fact: "dropOff",
  source: {
    once: [
      `(${sumOf(perStep, rateOf(stepRange, "journey_step_ended_total", 'outcome="left"'))}`,
      // Where nobody has ever left, there is no series of it.
      `or 0 * ${stepsEnded.series}) / ${stepsEnded.series}`,
    ].join(" "),
  },
});

export const stepTime = signal({
  name: "journey_step_time",
  title: "Time of a step, p95",
  description: "From entering a step to completing it, over the last hour; 5 of 100 took longer.",
  unit: "seconds",
  labels: perStep,
  series: "step:journey_step_seconds:p95_1h",
  window: stepWindow,
  quantile: 0.95,
  fact: "stepTime",
  source: {
    once: `histogram_quantile(0.95, ${sumOf([...perStep, "le"], rateOf(stepRange, "journey_step_duration_seconds_bucket"))})`,
  },
});

const stepSeconds = rateOf(journeyRange, "journey_step_duration_seconds_sum");

export const shareOfTime = signal({
  name: "journey_step_share",
  title: "Share of a journey's time",
  description:
    "Where the time of a journey goes: each step's part of the time of all its steps, over the last 3 hours.",
  unit: "ratio",
  labels: perStep,
  series: "step:journey_step_seconds:share3h",
  window: journeyWindow,
  source: {
    once: `${sumOf(perStep, stepSeconds)} / on (${perJourney.join(", ")}) group_left () ${sumOf(perJourney, stepSeconds)}`,
  },
});

/** A cohort is worked out once, wherever; of several instances that tell of it, one is enough. */
const users = (metric: string, cohort: string): string => `${metric}{${these}, cohort="${cohort}"}`;
const maxOf = (labels: readonly string[], expr: string): string => `max by (${labels.join(", ")}) (${expr})`;
const retentionOf = (cohort: string): string =>
  maxOf(perService, `${users("journey_cohort_returned_users", cohort)} / ${users("journey_cohort_users", cohort)}`);

export const dayOneUsers = signal({
  name: "journey_day_one_users",
  title: "Users in the day-1 cohort",
  description: "Who came for the first time on the day before yesterday.",
  unit: "count",
  labels: perService,
  series: "service:journey_day_one_users:max",
  fact: "dayOneUsers",
  source: { once: maxOf(perService, users("journey_cohort_users", "day_1")) },
});

export const dayOneRetention = signal({
  name: "journey_day_one_retention",
  title: "Retention on day 1",
  description: "Of those who came for the first time on the day before yesterday, the share that came back yesterday.",
  unit: "ratio",
  labels: perService,
  series: "service:journey_day_one_retention:ratio",
  fact: "dayOneRetention",
  source: { once: retentionOf("day_1") },
});

export const weekFourUsers = signal({
  name: "journey_week_four_users",
  title: "Users in the week-4 cohort",
  description: "Who came for the first time 35 to 29 days ago.",
  unit: "count",
  labels: perService,
  series: "service:journey_week_four_users:max",
  fact: "weekFourUsers",
  source: { once: maxOf(perService, users("journey_cohort_users", "week_4")) },
});

export const weekFourRetention = signal({
  name: "journey_week_four_retention",
  title: "Retention in week 4",
  description: "Of those who came for the first time 35 to 29 days ago, the share that came back in the last 7 days.",
  unit: "ratio",
  labels: perService,
  series: "service:journey_week_four_retention:ratio",
  fact: "weekFourRetention",
  source: { once: retentionOf("week_4") },
});

export const activeUsers = signal({
  name: "activity_active_users",
  title: "Active users",
  description: "Different users in the last day, week and month.",
  unit: "count",
  labels: [...perService, "period"],
  series: "service:activity_active_users:max",
  source: { once: maxOf([...perService, "period"], `activity_active_users{${these}}`) },
});

export const actions = signal({
  name: "activity_actions",
  title: "Actions per second",
  description: "What users do, by action, over the last hour.",
  unit: "events/second",
  labels: [...perService, "action"],
  series: "service:activity_actions:rate1h",
  window: stepWindow,
  source: { once: sumOf([...perService, "action"], rateOf(stepRange, "activity_actions_total")) },
});

export const screenViews = signal({
  name: "activity_screen_views",
  title: "Screens viewed per second",
  description: "What users look at, by screen, over the last hour.",
  unit: "events/second",
  labels: [...perService, "screen"],
  series: "service:activity_screen_views:rate1h",
  window: stepWindow,
  source: { once: sumOf([...perService, "screen"], rateOf(stepRange, "activity_screen_views_total")) },
});
