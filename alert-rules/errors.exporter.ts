import type { Exporter, ExporterMetric, Fact, Scraped } from "../src/model/exporter.ts";
import { count, eventsPerSecond, minutes, ratio } from "../src/model/quantity.ts";

/** What a tool that groups errors into issues tells of each of its projects. */
const groupedFacts = {
  newIssues: { usual: count(0), furthest: count(500), words: (value) => `${value} new issues`, perPlace: true },
  regressedIssues: {
    usual: count(0),
    furthest: count(500),
    words: (value) => `${value} issues that are back`,
    perPlace: true,
  },
  events: {
    usual: eventsPerSecond(0.02),
    furthest: eventsPerSecond(200),
    words: (value) => `${value} errors`,
    perPlace: true,
  },
  crashes: { usual: ratio(0), furthest: ratio(1), words: (value) => `${value} of errors are crashes`, perPlace: true },
  usersAffected: {
    usual: count(3),
    furthest: count(100_000),
    words: (value) => `${value} users with an error`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/** What Sentry alone tells: of what is open, and of what it has not kept. */
const sentryFacts = {
  unresolvedIssues: {
    usual: count(12),
    furthest: count(5000),
    words: (value) => `${value} unresolved issues`,
    perPlace: true,
  },
  received: {
    usual: eventsPerSecond(0.5),
    furthest: eventsPerSecond(2000),
    words: (value) => `${value} events sent to Sentry`,
    perPlace: true,
  },
  dropped: { usual: ratio(0), furthest: ratio(1), words: (value) => `${value} of events dropped`, perPlace: true },
} satisfies Record<string, Fact>;

/** LogRocket tells nothing but that one of the alerts that were set up there has begun or is over. */
const triggeredFacts = {
  triggered: { usual: count(0), furthest: count(20), words: (value) => `${value} alerts of LogRocket`, perPlace: true },
} satisfies Record<string, Fact>;

const issues = (state: string, is: ExporterMetric["is"]): ExporterMetric => ({
  name: "error_tracker_issues",
  type: "gauge",
  labels: { state },
  perPlace: true,
  is,
});

const events = (level: string, grows: ExporterMetric["grows"]): ExporterMetric => ({
  name: "error_tracker_events_total",
  type: "counter",
  labels: { level },
  perPlace: true,
  whole: true,
  grows,
});

const groupedMetrics: readonly ExporterMetric[] = [
  issues("new", ({ newIssues = 0 }) => newIssues),
  issues("regressed", ({ regressedIssues = 0 }) => regressedIssues),
  events("error", ({ events: all = 0, crashes = 0 }) => all - all * crashes),
  events("fatal", ({ events: all = 0, crashes = 0 }) => all * crashes),
  // Whatever is only worth a warning, there is always some of it.
  events("warning", () => 1),
  {
    name: "error_tracker_users_affected",
    type: "gauge",
    perPlace: true,
    is: ({ usersAffected = 0 }) => usersAffected,
  },
];

const received = (outcome: string, grows: ExporterMetric["grows"]): ExporterMetric => ({
  name: "error_tracker_received_events_total",
  type: "counter",
  labels: { outcome },
  perPlace: true,
  whole: true,
  grows,
});

const sentryMetrics: readonly ExporterMetric[] = [
  ...groupedMetrics,
  issues("unresolved", ({ unresolvedIssues = 0 }) => unresolvedIssues),
  received("accepted", ({ received: all = 0, dropped = 0 }) => all - all * dropped),
  received("dropped", ({ received: all = 0, dropped = 0 }) => all * dropped),
];

const triggeredMetrics: readonly ExporterMetric[] = [
  { name: "error_tracker_triggered_alerts", type: "gauge", perPlace: true, is: ({ triggered = 0 }) => triggered },
];

const places = { key: "projects", label: "project", title: "project", default: ["web"] } as const;

/** The tools' APIs have limits on how often they may be asked. */
const scraped: Scraped = { path: "/metrics", scheme: "http", interval: minutes(1) };

/**
 * None of these tools has metrics for Prometheus. This is a contract: what a small program of yours shows that asks the
 * tool's API or takes its webhooks. The names are ours and the same for all; where each value comes from stands in
 * runbooks/errors/ErrorsMetricsMissing.md.
 */
const tracker = (id: string, title: string, facts: Exporter["facts"], metrics: Exporter["metrics"]): Exporter => ({
  id,
  title: `${title} (contract)`,
  places,
  scraped,
  facts,
  metrics,
});

export const sentry = tracker(
  "sentry-exporter",
  "Exporter of Sentry's API",
  { ...groupedFacts, ...sentryFacts },
  sentryMetrics,
);

export const crashlytics = tracker(
  "crashlytics-exporter",
  "Exporter of Firebase Crashlytics' alerts and export",
  groupedFacts,
  groupedMetrics,
);

export const logRocket = tracker(
  "logrocket-exporter",
  "Receiver of LogRocket's alerts",
  triggeredFacts,
  triggeredMetrics,
);

export const errorTrackers: readonly Exporter[] = [sentry, crashlytics, logRocket];
