import type { Exporter, ExporterMetric, Fact } from "../../src/model/exporter.ts";
import { count, eventsPerSecond, percent, ratio } from "../../src/model/quantity.ts";

/** What can be true of a member of an Alertmanager cluster. */
const facts = {
  configLoaded: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a configuration that it cannot load" : "a configuration that it has loaded"),
    isYesOrNo: true,
  },
  notifications: {
    usual: eventsPerSecond(2),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} notifications`,
  },
  notificationFailures: {
    usual: percent(0),
    furthest: ratio(1),
    words: (value) => `${value} of notifications that fail`,
  },
  inCluster: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a member that has lost another" : "a member that sees all others"),
    isYesOrNo: true,
  },
} satisfies Record<string, Fact>;

const counter = (
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: NonNullable<ExporterMetric["grows"]>,
): ExporterMetric => ({ name, type: "counter", labels, whole: true, grows });

const pager = { integration: "pagerduty" };
const chat = { integration: "slack" };
/** Alertmanager shows every integration that it has, used or not. */
const unused = { integration: "sns" };

/** Names and labels as the real Alertmanager of 0.31 shows them: a notification that fails counts in both totals. */
export const alertmanager: Exporter = {
  id: "alertmanager",
  title: "Alertmanager, about itself",
  facts,
  metrics: [
    {
      name: "alertmanager_config_last_reload_successful",
      type: "gauge",
      is: ({ configLoaded = 0 }) => configLoaded,
    },
    counter("alertmanager_notifications_total", pager, ({ notifications = 0 }) => notifications),
    counter(
      "alertmanager_notifications_failed_total",
      { ...pager, reason: "serverError" },
      ({ notifications = 0, notificationFailures = 0 }) => notifications * notificationFailures,
    ),
    counter("alertmanager_notifications_failed_total", { ...pager, reason: "clientError" }, () => 0),
    // It works, and has ten times as much to do.
    counter("alertmanager_notifications_total", chat, ({ notifications = 0 }) => 10 * notifications),
    counter("alertmanager_notifications_failed_total", { ...chat, reason: "serverError" }, () => 0),
    counter("alertmanager_notifications_total", unused, () => 0),
    counter("alertmanager_notifications_failed_total", { ...unused, reason: "serverError" }, () => 0),
    {
      name: "alertmanager_cluster_members",
      type: "gauge",
      is: ({ inCluster = 0 }, { instances }) => instances - 1 + inCluster,
    },
  ],
};
