import type { Exporter, ExporterMetric, Fact } from "../../src/model/exporter.ts";
import { eventsPerSecond, percent, ratio } from "../../src/model/quantity.ts";
import { rulerFacts, rulerMetrics } from "./ruler.exporter.ts";

/** What can be true of a Loki. */
const facts = {
  ...rulerFacts,
  rejected: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(1000),
    words: (value) => `${value} lines that are discarded`,
  },
  requests: { usual: eventsPerSecond(5), furthest: eventsPerSecond(0), words: (value) => `${value} requests` },
  requestFailures: { usual: percent(0), furthest: ratio(1), words: (value) => `${value} of requests that fail` },
} satisfies Record<string, Fact>;

const tenant = "fake";
const requests = (
  labels: Readonly<Record<string, string>>,
  grows: NonNullable<ExporterMetric["grows"]>,
): ExporterMetric => ({
  name: "loki_request_duration_seconds_count",
  type: "counter",
  labels: { method: "POST", ws: "false", ...labels },
  whole: true,
  fromFirst: true,
  grows,
});

/**
 * A Loki with a ruler. Names and labels as the real one of 3.7 shows them. Its requests and discarded lines are there
 * from the first of their labels on; those of the ruler's groups where there are rules, those of the Alertmanagers where
 * `ruler.alertmanager_url` is set.
 */
export const loki: Exporter = {
  id: "loki",
  title: "Loki, about itself",
  facts,
  metrics: [
    { name: "loki_build_info", type: "gauge", labels: { version: "3.7.8" }, is: () => 1 },
    ...rulerMetrics("loki_prometheus_", { user: tenant }),
    {
      name: "loki_discarded_samples_total",
      type: "counter",
      labels: { format: "otlp", policy: "", reason: "rate_limited", retention_hours: "2160", tenant },
      whole: true,
      fromFirst: true,
      grows: ({ rejected = 0 }) => rejected,
    },
    requests(
      { route: "otlp_v1_logs", status_code: "204" },
      ({ requests: all = 0, requestFailures = 0 }) => all - all * requestFailures,
    ),
    requests(
      { route: "otlp_v1_logs", status_code: "500" },
      ({ requests: all = 0, requestFailures = 0 }) => all * requestFailures,
    ),
    // What is refused is the sender's fault; and other requests, of which there are more, are well.
    requests({ route: "loki_api_v1_push", status_code: "400" }, () => 1),
    requests({ route: "loki_api_v1_push", status_code: "204" }, () => 50),
    // It says so while it starts, again and again.
    requests({ method: "GET", route: "ready", status_code: "503" }, () => 1),
  ],
};
