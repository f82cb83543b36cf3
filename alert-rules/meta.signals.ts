import { identityLabels } from "../src/model/conventions.ts";
import type { Exporter } from "../src/model/exporter.ts";
import { signal } from "../src/model/pack.ts";
import { type Duration, formatDuration, minutes } from "../src/model/quantity.ts";
import { from, perInstance } from "./exporter-watch.ts";
import { alloy, otelCollector, telemetry } from "./meta/collector.exporter.ts";

const rateWindow = minutes(5);
/** Notifications are few, and one that fails is tried again for as long as a group's interval: 5 minutes by default. */
const notificationWindow = minutes(15);

const by = (labels: readonly string[]): string => `by (${labels.join(", ")})`;
const rate = (name: string, exporter: Exporter, window: Duration, ...matchers: string[]): string =>
  `rate(${name}{${[from([exporter]), ...matchers].join(", ")}}[${formatDuration(window)}])`;
const named = (expr: string, label: string, value: string, source = "", pattern = ""): string =>
  `label_replace(${expr}, "${label}", "${value}", "${source}", "${pattern}")`;
/** The same, with the value of one label as another. */
const renamed = (expr: string, from: string, to: string): string => named(expr, to, "$1", from, "(.*)");

/** Prometheus and Loki's ruler count rules and alerts alike, under names of their own. */
const ruler = ({ id }: Exporter): string => (id === "loki" ? "loki_prometheus_" : "prometheus_");
const ofRuler = (name: string, exporter: Exporter): string => `${ruler(exporter)}${name}{${from([exporter])}}`;
const rateOfRuler = (name: string, exporter: Exporter): string =>
  rate(`${ruler(exporter)}${name}`, exporter, rateWindow);

const collectors = [otelCollector, alloy];
const isCollector = ({ id }: Exporter): boolean => collectors.some((one) => one.id === id);

/**
 * Each kind of telemetry has a counter of its own; the label `data` tells them apart again. Alloy appends `_total` to
 * its name, which OpenTelemetry's own collector leaves out.
 */
const ofTelemetry = (counter: string, labels: readonly string[]): string =>
  telemetry
    .map((data) => {
      const name = `__name__=~"${counter}_${data}(_total)?"`;
      const rate = `rate({${name}, ${from(collectors)}}[${formatDuration(rateWindow)}])`;
      return named(`sum ${by(labels)} (${rate})`, "data", data);
    })
    .join(" or ");

/** Counters without labels, each with the name of what it counts. */
const counted = (counters: Readonly<Record<string, string>>, label: string, exporter: Exporter): string =>
  Object.entries(counters)
    .map(([value, name]) => named(`sum ${by(perInstance)} (${rate(name, exporter, rateWindow)})`, label, value))
    .join(" or ");

/** A share of a counter whose failures have no series before the first. */
function shareOf(labels: readonly string[], failed: string, all: string): string {
  const sum = (expr: string) => `sum ${by(labels)} (${expr})`;
  return `(${sum(failed)} or 0 * ${sum(all)}) / ${sum(all)}`;
}

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

const perOperation = [...perInstance, "operation"];

export const storageFailures = signal({
  name: "meta_storage_failures",
  title: "Failures of the storage, per second",
  description: "Compactions and writes to the WAL that ended with an error, over the last 5 minutes.",
  unit: "events/second",
  labels: perOperation,
  series: "operation:meta_storage_failures:rate5m",
  window: rateWindow,
  fact: "compactionFailures",
  source: {
    perExporter: (exporter) =>
      counted(
        {
          compaction: "prometheus_tsdb_compactions_failed_total",
          "write to the WAL": "prometheus_tsdb_wal_writes_failed_total",
        },
        "operation",
        exporter,
      ),
  },
});

const perReason = [...perInstance, "reason"];

/** What each program refuses, and why. */
const refusals: Readonly<Record<string, (exporter: Exporter) => string>> = {
  prometheus: (exporter) =>
    counted(
      {
        "out of order": "prometheus_target_scrapes_sample_out_of_order_total",
        "duplicate timestamp": "prometheus_target_scrapes_sample_duplicate_timestamp_total",
        "sample limit": "prometheus_target_scrapes_exceeded_sample_limit_total",
      },
      "reason",
      exporter,
    ),
  // Its counter is made by the first line that is discarded.
  loki: (exporter) =>
    [
      rate("loki_discarded_samples_total", exporter, rateWindow),
      `or on (${perInstance.join(", ")}) ${named(`0 * loki_build_info{${from([exporter])}}`, "reason", "none")}`,
    ].join(" "),
};

/** A collector refuses what its pipeline cannot take: when its memory is full, or its exporters are. */
const refusedByCollectors = named(
  `(${ofTelemetry("otelcol_receiver_refused", perInstance)})`,
  "reason",
  "refused $1",
  "data",
  "(.*)",
);

export const dataRejected = signal({
  name: "meta_data_rejected",
  title: "Data that is not taken in, per second",
  description:
    "Samples, scrapes, log lines or spans that were thrown away on arrival, by reason, over the last 5 minutes.",
  unit: "events/second",
  labels: perReason,
  series: "reason:meta_data_rejected:rate5m",
  window: rateWindow,
  fact: "rejected",
  source: {
    perExporter: (exporter) => `sum ${by(perReason)} (${refusals[exporter.id]?.(exporter) ?? refusedByCollectors})`,
  },
});

const perDestination = [...perInstance, "destination", "data"];

/** What goes to each place, by kind: samples, log records, metric points or spans. */
const fromRemoteWrite = (counter: string, exporter: Exporter): string => {
  const samples = named(rate(`prometheus_remote_storage_${counter}`, exporter, rateWindow), "data", "samples");
  return `sum ${by(perDestination)} (${renamed(samples, "remote_name", "destination")})`;
};
const fromCollectors = (counter: string): string => {
  const all = ofTelemetry(`otelcol_exporter_${counter}`, [...perInstance, "exporter"]);
  return `sum ${by(perDestination)} (${renamed(`(${all})`, "exporter", "destination")})`;
};

export const forwardFailed = signal({
  name: "meta_forward_failed",
  title: "Data given up per second",
  description: "Samples, log lines or spans whose sending was given up, for each place, over the last 5 minutes.",
  unit: "events/second",
  labels: perDestination,
  series: "destination:meta_forward_failed:rate5m",
  window: rateWindow,
  fact: "forwardFailures",
  source: {
    perExporter: (exporter) =>
      isCollector(exporter)
        ? // The counter of failures is made by the first.
          `${fromCollectors("send_failed")} or 0 * ${fromCollectors("sent")}`
        : fromRemoteWrite("samples_failed_total", exporter),
  },
});

export const forwarded = signal({
  name: "meta_forwarded",
  title: "Data to pass on per second",
  description: "Samples, log lines or spans that were sent on to each place or given up, over the last 5 minutes.",
  unit: "events/second",
  labels: perDestination,
  series: "destination:meta_forwarded:rate5m",
  window: rateWindow,
  fact: "forwarded",
  source: {
    perExporter: (exporter) =>
      isCollector(exporter)
        ? `${fromCollectors("sent")} + ${forwardFailed.series}`
        : // What fails counts here as well.
          fromRemoteWrite("samples_total", exporter),
  },
});

export const forwardFailures = signal({
  name: "meta_forward_failures",
  title: "Data that cannot be passed on",
  description:
    "Samples, log lines or spans whose sending was given up, as a share of all to the same place, over the last 5 minutes.",
  unit: "ratio",
  labels: perDestination,
  series: "destination:meta_forward_failures:ratio5m",
  window: rateWindow,
  fact: "forwardFailures",
  source: { perExporter: () => `${forwardFailed.series} / ${forwarded.series}` },
});

const perRemote = [...perInstance, "remote_name"];
const perQueue = [...perInstance, "queue"];

export const remoteLag = signal({
  name: "meta_remote_lag",
  title: "How far remote write is behind",
  description: "Age of the newest sample that the remote store has, against the newest that is to be sent to it.",
  unit: "seconds",
  labels: perRemote,
  series: "remote:meta_remote_lag_seconds:max",
  fact: "remoteLag",
  source: {
    perExporter: (exporter) => {
      const queue = (name: string) => `prometheus_remote_storage_queue_${name}_seconds{${from([exporter])}}`;
      const lag = `${queue("highest_timestamp")} - ${queue("highest_sent_timestamp")}`;
      return `max ${by(perRemote)} (${lag})`;
    },
  },
});

export const queueUse = signal({
  name: "meta_queue_use",
  title: "Queues in use",
  description: "What waits to be sent on, as a share of what there is room for: alerts, or data of an exporter.",
  unit: "ratio",
  labels: perQueue,
  series: "queue:meta_queue_use:ratio",
  fact: "queueUse",
  source: {
    perExporter: (exporter) => {
      if (isCollector(exporter)) {
        const queue = (part: string) => `otelcol_exporter_queue_${part}{${from(collectors)}}`;
        return `max ${by(perQueue)} (${renamed(`(${queue("size")} / ${queue("capacity")})`, "exporter", "queue")})`;
      }
      const length = `max ${by(perInstance)} (${ofRuler("notifications_queue_length", exporter)})`;
      const capacity = `min ${by(perInstance)} (${ofRuler("notifications_queue_capacity", exporter)})`;
      return named(`(${length} / ${capacity})`, "queue", "alerts");
    },
  },
});

const perHandler = [...perInstance, "handler"];

export const requestFailures = signal({
  name: "meta_request_failures",
  title: "Requests that fail",
  description:
    "Requests answered with an error of the server (5xx), as a share of all to the same handler, over 5 minutes.",
  unit: "ratio",
  labels: perHandler,
  series: "handler:meta_request_failures:ratio5m",
  window: rateWindow,
  fact: "requestFailures",
  source: {
    perExporter: (exporter) => {
      const requests = (...matchers: string[]) => {
        if (exporter.id === "grafana")
          return rate("grafana_http_request_duration_seconds_count", exporter, rateWindow, ...matchers);
        // Loki answers 503 to those who ask whether it is ready, for as long as it is not.
        const known = ['route!="ready"', ...matchers];
        return renamed(rate("loki_request_duration_seconds_count", exporter, rateWindow, ...known), "route", "handler");
      };
      return shareOf(perHandler, requests('status_code=~"5.."'), requests());
    },
  },
});

const perDatasource = [...perInstance, "datasource"];

export const queryFailures = signal({
  name: "meta_query_failures",
  title: "Queries of data sources that fail",
  description:
    "Requests to a data source that it could not answer (5xx), or that were not allowed (401, 403, 429), as a share of all over the last 5 minutes.",
  unit: "ratio",
  labels: perDatasource,
  series: "datasource:meta_query_failures:ratio5m",
  window: rateWindow,
  fact: "queryFailures",
  source: {
    perExporter: (exporter) => {
      const queries = (...matchers: string[]) =>
        rate("grafana_datasource_request_total", exporter, rateWindow, ...matchers);
      return shareOf(perDatasource, queries('code=~"401|403|429|5.."'), queries());
    },
  },
});
