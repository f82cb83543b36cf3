import type { Exporter } from "../../src/model/exporter.ts";
import { signal } from "../../src/model/pack.ts";
import { from, perInstance } from "../exporter-watch.ts";
import {
  by,
  collectors,
  counted,
  isCollector,
  named,
  ofRuler,
  ofTelemetry,
  rate,
  rateWindow,
  renamed,
} from "./signal-parts.ts";

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
