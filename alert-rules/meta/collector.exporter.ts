import type { Exporter, ExporterMetric, Fact } from "../../src/model/exporter.ts";
import { eventsPerSecond, percent, ratio } from "../../src/model/quantity.ts";

/** What a collector passes on, as its metrics call it. */
export const telemetry = ["log_records", "metric_points", "spans"] as const;

/** What can be true of a collector: of the log records that go through it; metrics and traces do well. */
const facts = {
  rejected: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(1000),
    words: (value) => `${value} items that are refused`,
  },
  forwarded: {
    usual: eventsPerSecond(5000),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} items to pass on`,
  },
  forwardFailures: {
    usual: percent(0),
    furthest: ratio(1),
    words: (value) => `${value} of items that are not passed on`,
  },
  queueUse: { usual: percent(0), furthest: ratio(1), words: (value) => `a queue that is ${value} full` },
} satisfies Record<string, Fact>;

const queueCapacity = 1000;
const logs = { exporter: "otlp_http" };
const metrics = { exporter: "prometheus_remote_write" };
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
    counter(
      `otelcol_exporter_sent_log_records${suffix}`,
      logs,
      ({ forwarded = 0, forwardFailures = 0 }) => forwarded - forwarded * forwardFailures,
    ),
    {
      ...counter(
        `otelcol_exporter_send_failed_log_records${suffix}`,
        logs,
        ({ forwarded = 0, forwardFailures = 0 }) => forwarded * forwardFailures,
      ),
      fromFirst: true,
    },
    counter(`otelcol_exporter_sent_metric_points${suffix}`, metrics, ({ forwarded = 0 }) => 10 * forwarded),
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
