import { alert, type Pack } from "../src/model/pack.ts";
import { count, eventsPerSecond, hours, minutes, percent } from "../src/model/quantity.ts";
import { exporterWatch } from "./exporter-watch.ts";
import { waitedFor } from "./journey.cause.ts";
import { journeyExporters } from "./journey.exporter.ts";
import {
  actions,
  activeUsers,
  completion,
  dayOneRetention,
  dayOneUsers,
  dropOff,
  finished,
  journeyTime,
  screenViews,
  shareOfTime,
  stepsEnded,
  stepsEntered,
  stepTime,
  weekFourRetention,
  weekFourUsers,
} from "./journey.signals.ts";
import { missed, started, startSignals } from "./journey.starts.ts";

/** Families that are shown from the first second on, see docs/journeys.md. */
const watch = exporterWatch({
  pack: "journey",
  prefix: "Journey",
  thing: "service with journeys",
  exporters: journeyExporters,
  needs: ["journey_started_total", "journey_step_entered_total"],
});

const service = "{{ $labels.service }}";
const journey = "{{ $labels.journey }}";
const step = "{{ $labels.step }}";

/** More than 21 in three hours: of a handful, one that fails is a fall of its own. */
const enoughJourneys = { signal: finished, above: eventsPerSecond(0.002) };
/** More than 21 in an hour. */
const enoughSteps = { signal: stepsEnded, above: eventsPerSecond(0.006) };
const enoughUsers = 100;

export const JourneyCompletionLow = alert({
  name: "JourneyCompletionLow",
  pack: "journey",
  signal: completion,
  // What the marketplace promises of swaps; below three of four something is broken, not slow.
  below: { warning: percent(90), critical: percent(75) },
  for: minutes(30),
  guard: enoughJourneys,
  summary: `only {{ $value | humanizePercentage }} of ${journey} in ${service} are completed in time`,
  impact: "Users do not get what they came for, or get it too late. Who gave up seldom tries again.",
  cause: waitedFor,
});

export const JourneyTakesLong = alert({
  name: "JourneyTakesLong",
  pack: "journey",
  signal: journeyTime,
  above: { warning: minutes(30), critical: hours(1) },
  for: minutes(30),
  guard: enoughJourneys,
  summary: `half of ${journey} in ${service} take more than {{ $value | humanizeDuration }}`,
  impact: "Users wait for what they were promised sooner; more of them give up the longer it takes.",
  cause: waitedFor,
});

export const JourneyNotStarted = alert({
  name: "JourneyNotStarted",
  pack: "journey",
  signal: missed,
  // Where ten are usual, one such time in 22,000 has none by chance (e^-10).
  above: { warning: count(10) },
  // It tells of an hour or more already: this is for what is counted late.
  for: minutes(5),
  summary: `nobody starts ${journey} in ${service} any more: in as long a time {{ $value | humanize }} are usual`,
  impact: "Users may not get to the first step at all: what nobody starts cannot fail, so no other alert tells of it.",
});

export const JourneyDropOffHigh = alert({
  name: "JourneyDropOffHigh",
  pack: "journey",
  signal: dropOff,
  above: { warning: percent(30), critical: percent(60) },
  for: minutes(15),
  guard: enoughSteps,
  summary: `{{ $value | humanizePercentage }} leave ${journey} of ${service} at the step ${step}`,
  impact: "Users cannot, or do not want to, go on from there. What comes after this step does not happen.",
});

export const JourneyStepSlow = alert({
  name: "JourneyStepSlow",
  pack: "journey",
  signal: stepTime,
  // The whole journey should take half an hour; a step in which people wait for each other has an override.
  above: { warning: minutes(30), critical: hours(2) },
  for: minutes(15),
  guard: enoughSteps,
  summary: `the step ${step} of ${journey} in ${service} takes up to {{ $value | humanizeDuration }} (p95)`,
  impact: "Users are held up at this step, and the whole journey takes longer by as much.",
  cause: waitedFor,
});

export const JourneyRetentionDayOneLow = alert({
  name: "JourneyRetentionDayOneLow",
  pack: "journey",
  signal: dayOneRetention,
  below: { warning: percent(25) },
  // It is worked out once a day: what is seen for an hour is not a job that was half done.
  for: hours(1),
  guard: { signal: dayOneUsers, above: count(enoughUsers) },
  summary: `only {{ $value | humanizePercentage }} of new users of ${service} came back the next day`,
  impact: "The first visit does not lead to a second: whatever brings users in is spent on visitors, not on users.",
});

export const JourneyRetentionWeekFourLow = alert({
  name: "JourneyRetentionWeekFourLow",
  pack: "journey",
  signal: weekFourRetention,
  below: { warning: percent(15) },
  for: hours(1),
  guard: { signal: weekFourUsers, above: count(enoughUsers) },
  summary: `only {{ $value | humanizePercentage }} of users of ${service} still come after four weeks`,
  impact: "Users try the product and leave it: it grows only as long as new ones come faster than others go.",
});

/** Of the scrape itself. */
export const JourneyExporterDown = watch.Down;
export const JourneyMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const journeyPack: Pack = {
  name: "journey",
  title: "Journeys and KPIs",
  shownBy: journeyExporters,
  learnsFrom: [started.series],
  signals: [
    ...startSignals,
    finished,
    completion,
    journeyTime,
    stepsEntered,
    stepsEnded,
    dropOff,
    stepTime,
    shareOfTime,
    dayOneUsers,
    dayOneRetention,
    weekFourUsers,
    weekFourRetention,
    activeUsers,
    actions,
    screenViews,
    ...watch.signals,
  ],
  alerts: [
    JourneyCompletionLow,
    JourneyTakesLong,
    JourneyNotStarted,
    JourneyDropOffHigh,
    JourneyStepSlow,
    JourneyRetentionDayOneLow,
    JourneyRetentionWeekFourLow,
    ...watch.alerts,
  ],
};
