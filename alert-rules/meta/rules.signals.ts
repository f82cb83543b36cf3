import { identityLabels } from "../../src/model/conventions.ts";
import { signal } from "../../src/model/pack.ts";
import { from, perInstance } from "../exporter-watch.ts";
import { by, notificationWindow, ofRuler, rate, rateOfRuler, rateWindow } from "./signal-parts.ts";

export const configLoaded = signal({
  name: "meta_config_loaded",
  title: "Configurations that are loaded",
  description: "1 where the last reload of the configuration succeeded, 0 where the one before is still in force.",
  unit: "count",
  labels: perInstance,
  series: "instance:meta_config_loaded:min",
  fact: "configLoaded",
  source: {
    perExporter: (exporter) =>
      `min ${by(perInstance)} (${exporter.id}_config_last_reload_successful{${from([exporter])}})`,
  },
});

const perGroup = [...perInstance, "rule_group"];

export const ruleFailures = signal({
  name: "meta_rule_failures",
  title: "Evaluations of rules that fail, per second",
  description: "Evaluations that ended with an error, of each group of rules, over the last 5 minutes.",
  unit: "events/second",
  labels: perGroup,
  series: "rule_group:meta_rule_failures:rate5m",
  window: rateWindow,
  fact: "ruleFailures",
  source: {
    perExporter: (exporter) => `sum ${by(perGroup)} (${rateOfRuler("rule_evaluation_failures_total", exporter)})`,
  },
});

export const groupTime = signal({
  name: "meta_rule_group_time",
  title: "Time that groups of rules take",
  description: "How long the last evaluation of each group took, by the time until its next one.",
  unit: "times",
  labels: perGroup,
  series: "rule_group:meta_rule_group_time:ratio",
  fact: "groupTime",
  source: {
    perExporter: (exporter) =>
      `max ${by(perGroup)} (${ofRuler("rule_group_last_duration_seconds", exporter)} / ${ofRuler("rule_group_interval_seconds", exporter)})`,
  },
});

export const alertmanagersKnown = signal({
  name: "meta_alertmanagers_known",
  title: "Whether an Alertmanager is known",
  description: "1 where there is at least one Alertmanager to send alerts to, 0 where there is none.",
  unit: "count",
  labels: perInstance,
  series: "instance:meta_alertmanagers_known:min",
  fact: "knowsAlertmanager",
  source: {
    perExporter: (exporter) =>
      `min ${by(perInstance)} (${ofRuler("notifications_alertmanagers_discovered", exporter)} > bool 0)`,
  },
});

export const alertsLost = signal({
  name: "meta_alerts_lost",
  title: "Alerts that reach no Alertmanager",
  description:
    "Alerts that could not be sent, as a share of all; that to the Alertmanager that gets most, over the last 5 minutes.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:meta_alerts_lost:ratio5m",
  window: rateWindow,
  fact: "alertsLost",
  source: {
    // Since 3.x what fails no longer counts as sent.
    perExporter: (exporter) => {
      const errors = rateOfRuler("notifications_errors_total", exporter);
      return `min ${by(perInstance)} (${errors} / (${rateOfRuler("notifications_sent_total", exporter)} + ${errors}))`;
    },
  },
});

const perIntegration = [...perInstance, "integration"];

export const notificationFailures = signal({
  name: "meta_notification_failures",
  title: "Notifications that fail",
  description: "Notifications that were given up, as a share of all to the same kind of receiver, over 15 minutes.",
  unit: "ratio",
  labels: perIntegration,
  series: "integration:meta_notification_failures:ratio15m",
  window: notificationWindow,
  fact: "notificationFailures",
  source: {
    perExporter: (exporter) => {
      const sum = (name: string) => `sum ${by(perIntegration)} (${rate(name, exporter, notificationWindow)})`;
      return `${sum("alertmanager_notifications_failed_total")} / ${sum("alertmanager_notifications_total")}`;
    },
  },
});

export const clusterComplete = signal({
  name: "meta_cluster_complete",
  title: "Members that see the whole cluster",
  description: "1 where an Alertmanager sees as many members as answer the scrape, 0 where it has lost one.",
  unit: "count",
  labels: perInstance,
  series: "instance:meta_cluster_complete:min",
  fact: "inCluster",
  source: {
    perExporter: (exporter) => {
      const members = `alertmanager_cluster_members{${from([exporter])}}`;
      const cluster = [...identityLabels];
      return [
        `min ${by(perInstance)} (${members}`,
        `>= bool on (${cluster.join(", ")}) group_left () count ${by(cluster)} (${members}))`,
      ].join(" ");
    },
  },
});
