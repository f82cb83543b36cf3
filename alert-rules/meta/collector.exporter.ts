import type { Exporter, ExporterMetric, Fact, Facts } from "../../src/model/exporter.ts";
import { eventsPerSecond, percent, ratio } from "../../src/model/quantity.ts";

/** What a collector passes on, as its metrics call it. */
export const telemetry = ["log_records", "metric_points", "spans"] as const;

const refused = (what: string): Fact => ({
  usual: eventsPerSecond(0),
  furthest: eventsPerSecond(1000),
  words: (value) => `${value} ${what} that are refused`,
});
const lost = (what: string): Fact => ({
  usual: percent(0),
  furthest: ratio(1),
  words: (value) => `${value} of ${what} that are not passed on`,
});

/** What can be true of a collector; facts without a name for it are of log records. */
const facts = {
  rejected: refused("log records"),
  pointsRejected: refused("metric points"),
  spansRejected: refused("spans"),
  forwarded: {
    usual: eventsPerSecond(5000),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} items to pass on`,
  },
  forwardFailures: lost("log records"),
  pointsLost: lost("metric points"),
  spansLost: lost("spans"),
  queueUse: { usual: percent(0), furthest: ratio(1), words: (value) => `a queue that is ${value} full` },
} satisfies Record<string, Fact>;

const queueCapacity = 1000;
const logs = { exporter: "otlp_http" };
const metrics = { exporter: "prometheus_remote_write" };
const traces = { exporter: "otlp_http/traces" };
const receiver = { receiver: "otlp", transport: "http" };
const counter = (
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: NonNullable<ExporterMetric["grows"]>,
): ExporterMetric => ({ name, type: "counter", labels, whole: true, grows });
const gauge = (
  name: string,
  labels: Readonly<Record<string, string>>,
  is: NonNullable<ExporterMetric["is"]>,
): ExporterMetric => ({ name, type: "gauge", labels, is });

/** The counter of failures is made by the first of them. */
const passedOn = (
  name: string,
  labels: Readonly<Record<string, string>>,
  lost: NonNullable<ExporterMetric["grows"]>,
): ExporterMetric[] => {
  const all = ({ forwarded = 0 }: Facts) => forwarded;
  return [
    counter(`otelcol_exporter_sent_${name}`, labels, (now) => all(now) - all(now) * lost(now)),
    {
      ...counter(`otelcol_exporter_send_failed_${name}`, labels, (now) => all(now) * lost(now)),
      fromFirst: true,
    },
  ];
};

/**
 * An OpenTelemetry Collector, or a Grafana Alloy, which appends `_total`: names and labels as the real Collector of
 * 0.155 shows them, without the suffix. Those of a receiver or exporter are there from its first data on, that of
 * failures to send from the first failure on.
 */
const collectorWith = (id: string, title: string, suffix: string): Exporter => ({
  id,
  title,
  facts,
  metrics: [
    gauge("otelcol_process_memory_rss", {}, () => 90_000_000),
    counter(`otelcol_receiver_refused_log_records${suffix}`, receiver, ({ rejected = 0 }) => rejected),
    counter(`otelcol_receiver_refused_metric_points${suffix}`, receiver, ({ pointsRejected = 0 }) => pointsRejected),
    counter(`otelcol_receiver_refused_spans${suffix}`, receiver, ({ spansRejected = 0 }) => spansRejected),
    ...passedOn(`log_records${suffix}`, logs, ({ forwardFailures = 0 }) => forwardFailures),
    ...passedOn(`metric_points${suffix}`, metrics, ({ pointsLost = 0 }) => pointsLost),
    ...passedOn(`spans${suffix}`, traces, ({ spansLost = 0 }) => spansLost),
    gauge("otelcol_exporter_queue_capacity", { ...logs, data_type: "logs" }, () => queueCapacity),
    gauge("otelcol_exporter_queue_size", { ...logs, data_type: "logs" }, ({ queueUse = 0 }) =>
      Math.round(queueUse * queueCapacity),
    ),
    gauge("otelcol_exporter_queue_capacity", { ...metrics, data_type: "metrics" }, () => queueCapacity),
    gauge("otelcol_exporter_queue_size", { ...metrics, data_type: "metrics" }, () => 0),
  ],
});

export const otelCollector = collectorWith("otel-collector", "OpenTelemetry Collector, about itself", "");
export const alloy = collectorWith("alloy", "Grafana Alloy, about its otelcol components", "_total");
