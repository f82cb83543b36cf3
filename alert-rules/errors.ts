import { identityLabels } from "../src/model/conventions.ts";
import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, eventsPerSecond, formatDuration, minutes, percent } from "../src/model/quantity.ts";
import { crashlytics, errorTrackers, logRocket, sentry } from "./errors.exporter.ts";
import { exporterWatch, from } from "./exporter-watch.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);

/** Several exporters of one tool each tell the same. */
const perProject = [...identityLabels, "project"];
const byProject = perProject.join(", ");

const grouped = from([sentry, crashlytics]);
const ofSentry = from([sentry]);

const max = (expr: string): string => `max by (${byProject}) (${expr})`;
/** Each exporter counts for itself: of several the one that has seen most. The sum is of levels, within one. */
const rateOf = (name: string, ...matchers: string[]): string =>
  max(`sum by (${byProject}, instance) (rate(${name}{${matchers.join(", ")}}[${window}]))`);

export const newIssues = signal({
  name: "errors_new_issues",
  title: "New errors",
  description: "Unresolved issues that were seen for the first time within the last hour.",
  unit: "count",
  labels: perProject,
  series: "project:errors_new:max",
  fact: "newIssues",
  source: { once: max(`error_tracker_issues{${grouped}, state="new"}`) },
});

export const regressedIssues = signal({
  name: "errors_regressed_issues",
  title: "Errors that are back",
  description: "Issues that had been resolved, and came back within the last hour.",
  unit: "count",
  labels: perProject,
  series: "project:errors_regressed:max",
  fact: "regressedIssues",
  source: { once: max(`error_tracker_issues{${grouped}, state="regressed"}`) },
});

export const unresolvedIssues = signal({
  name: "errors_unresolved_issues",
  title: "Unresolved errors",
  description: "All issues that nobody has resolved or put aside.",
  unit: "count",
  labels: perProject,
  series: "project:errors_unresolved:max",
  fact: "unresolvedIssues",
  source: { once: max(`error_tracker_issues{${ofSentry}, state="unresolved"}`) },
});

export const errorRate = signal({
  name: "errors_events",
  title: "Errors per second",
  description: "Events of level error and fatal, of all issues of the project, over the last 5 minutes.",
  unit: "events/second",
  labels: perProject,
  series: "project:errors_events:rate5m",
  window: rateWindow,
  fact: "events",
  source: { once: rateOf("error_tracker_events_total", grouped, 'level=~"error|fatal"') },
});

export const usersAffected = signal({
  name: "errors_users_affected",
  title: "Users with an error",
  description: "Different users who had at least one error or crash within the last hour.",
  unit: "count",
  labels: perProject,
  series: "project:errors_users:max",
  fact: "usersAffected",
  source: { once: max(`error_tracker_users_affected{${grouped}}`) },
});

export const receivedRate = signal({
  name: "errors_received",
  title: "Events sent to the tracker per second",
  description: "Whatever the project's clients sent, be it kept or dropped, over the last 5 minutes.",
  unit: "events/second",
  labels: perProject,
  series: "project:errors_received:rate5m",
  window: rateWindow,
  fact: "received",
  source: { once: rateOf("error_tracker_received_events_total", ofSentry) },
});

export const dropped = signal({
  name: "errors_dropped",
  title: "Share of events that are dropped",
  description: "Events that the tracker has not kept, because of its quota or a limit, over the last 5 minutes.",
  unit: "ratio",
  labels: perProject,
  series: "project:errors_dropped:ratio5m",
  window: rateWindow,
  fact: "dropped",
  source: {
    once: `${rateOf("error_tracker_received_events_total", ofSentry, 'outcome="dropped"')} / ${receivedRate.series}`,
  },
});

export const triggered = signal({
  name: "errors_triggered_alerts",
  title: "Alerts of the tracker itself",
  description: "Alerts that were set up in the tracker, and that it has sent and not yet taken back.",
  unit: "count",
  labels: perProject,
  series: "project:errors_triggered:max",
  fact: "triggered",
  source: { once: max(`error_tracker_triggered_alerts{${from([logRocket])}}`) },
});

const watch = exporterWatch({
  pack: "errors",
  prefix: "Errors",
  thing: "error tracker",
  exporters: errorTrackers,
  needs: [
    "error_tracker_issues",
    "error_tracker_events_total",
    "error_tracker_users_affected",
    "error_tracker_received_events_total",
    "error_tracker_triggered_alerts",
  ],
});

const project = "{{ $labels.project }} of {{ $labels.service }}";

export const ErrorsNew = alert({
  name: "ErrorsNew",
  pack: "errors",
  signal: newIssues,
  // One is for somebody to look at; more than ten within an hour are a release that went wrong.
  above: { warning: count(0), critical: count(10) },
  for: minutes(2),
  summary: `{{ $value | humanize }} new errors in ${project}`,
  impact: "Something fails for users that never failed before, most often since the last release.",
});

export const ErrorsRegressed = alert({
  name: "ErrorsRegressed",
  pack: "errors",
  signal: regressedIssues,
  above: { warning: count(0) },
  for: minutes(2),
  summary: `{{ $value | humanize }} errors are back in ${project}`,
  impact: "What was thought to be mended fails again for users: the fix was not enough, or a release has undone it.",
});

export const ErrorsSpiking = alert({
  name: "ErrorsSpiking",
  pack: "errors",
  signal: errorRate,
  above: { warning: eventsPerSecond(0.5), critical: eventsPerSecond(5) },
  for: minutes(5),
  summary: `{{ $value | humanize }} errors/s in ${project}`,
  impact: "Many users fail at something at once, or one thing fails again and again without an end.",
});

export const ErrorsAffectUsers = alert({
  name: "ErrorsAffectUsers",
  pack: "errors",
  signal: usersAffected,
  above: { warning: count(50), critical: count(500) },
  for: minutes(5),
  summary: `{{ $value | humanize }} users of ${project} had an error within an hour`,
  impact: "So many people saw an error page, a crash or nothing at all where they wanted to do something.",
});

export const ErrorsDropped = alert({
  name: "ErrorsDropped",
  pack: "errors",
  signal: dropped,
  above: { warning: percent(5), critical: percent(50) },
  for: minutes(15),
  // One of three says nothing.
  guard: { signal: receivedRate, above: eventsPerSecond(0.05) },
  summary: `{{ $value | humanizePercentage }} of what ${project} sends to the tracker is dropped`,
  impact: "Errors happen that nobody is told of, and counts of errors and users are too low.",
});

export const ErrorsTrackerAlerts = alert({
  name: "ErrorsTrackerAlerts",
  pack: "errors",
  signal: triggered,
  above: { warning: count(0) },
  for: minutes(2),
  summary: `{{ $value | humanize }} alerts of the tracker itself are open for ${project}`,
  impact: "Somebody set these up for what hurts users: rage clicks, dead pages, errors beyond a number.",
});

/** Of the scrape itself. */
export const ErrorsExporterDown = watch.Down;
export const ErrorsMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const errors: Pack = {
  name: "errors",
  title: "Errors",
  shownBy: errorTrackers,
  signals: [
    newIssues,
    regressedIssues,
    unresolvedIssues,
    errorRate,
    usersAffected,
    receivedRate,
    dropped,
    triggered,
    ...watch.signals,
  ],
  alerts: [
    ErrorsNew,
    ErrorsRegressed,
    ErrorsSpiking,
    ErrorsAffectUsers,
    ErrorsDropped,
    ErrorsTrackerAlerts,
    ...watch.alerts,
  ],
};
