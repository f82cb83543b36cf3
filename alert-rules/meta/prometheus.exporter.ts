import type { Exporter, ExporterMetric, Fact, Facts } from "../../src/model/exporter.ts";
import { count, eventsPerSecond, hours, percent, ratio, seconds } from "../../src/model/quantity.ts";
import { rulerFacts, rulerMetrics } from "./ruler.exporter.ts";

const rejected = (words: string): Fact => ({
  usual: eventsPerSecond(0),
  furthest: eventsPerSecond(1000),
  words: (value) => `${value} ${words}`,
});

/** What can be true of a Prometheus server. */
const facts = {
  ...rulerFacts,
  configLoaded: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a configuration that it cannot load" : "a configuration that it has loaded"),
    isYesOrNo: true,
  },
  compactionFailures: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(10),
    words: (value) => `${value} failed compactions`,
  },
  walFailures: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(10),
    words: (value) => `${value} failed writes to the WAL`,
  },
  rejected: rejected("samples out of order"),
  duplicates: rejected("samples with the time of another"),
  oversized: rejected("scrapes above the sample limit"),
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
  remoteLag: { usual: seconds(3), furthest: hours(2), words: (value) => `a remote store that is ${value} behind` },
} satisfies Record<string, Fact>;

const remote = { remote_name: "archive", url: "https://metrics.example.com/api/v1/write" };
const counter = (
  name: string,
  grows: NonNullable<ExporterMetric["grows"]>,
  labels: Readonly<Record<string, string>> = {},
): ExporterMetric => ({ name, type: "counter", labels, whole: true, grows });

/** Counters of all samples that were handed over, and of those among them that were refused for good. */
const failed = ({ forwarded = 0, forwardFailures = 0 }: Facts) => forwarded * forwardFailures;

/**
 * A Prometheus server. Names and labels as the real server of 3.15 shows them; those of remote write are only there
 * where `remote_write` is configured, those of a rule group only where there is one. The newest time of each remote
 * write queue (`prometheus_remote_storage_queue_highest_timestamp_seconds`) is there since 3.8.
 */
export const prometheusServer: Exporter = {
  id: "prometheus",
  title: "Prometheus, about itself",
  facts,
  metrics: [
    ...rulerMetrics("prometheus_"),
    {
      name: "prometheus_config_last_reload_successful",
      type: "gauge",
      is: ({ configLoaded = 0 }) => configLoaded,
    },
    counter("prometheus_tsdb_compactions_failed_total", ({ compactionFailures = 0 }) => compactionFailures),
    counter("prometheus_tsdb_wal_writes_failed_total", ({ walFailures = 0 }) => walFailures),
    counter("prometheus_target_scrapes_sample_out_of_order_total", ({ rejected = 0 }) => rejected),
    counter("prometheus_target_scrapes_sample_duplicate_timestamp_total", ({ duplicates = 0 }) => duplicates),
    counter("prometheus_target_scrapes_exceeded_sample_limit_total", ({ oversized = 0 }) => oversized),
    counter("prometheus_remote_storage_samples_total", ({ forwarded = 0 }) => forwarded, remote),
    counter("prometheus_remote_storage_samples_failed_total", failed, remote),
    {
      name: "prometheus_remote_storage_queue_highest_timestamp_seconds",
      type: "gauge",
      labels: remote,
      is: (_, { nowSeconds }) => Math.floor(nowSeconds),
    },
    {
      name: "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
      type: "gauge",
      labels: remote,
      is: ({ remoteLag = 0 }, { nowSeconds }) => Math.floor(nowSeconds) - remoteLag,
    },
  ],
};
