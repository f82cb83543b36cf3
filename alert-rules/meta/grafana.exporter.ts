import type { Exporter, ExporterMetric, Fact } from "../../src/model/exporter.ts";
import { eventsPerSecond, percent, ratio } from "../../src/model/quantity.ts";

/** What can be true of a Grafana. */
const facts = {
  requests: { usual: eventsPerSecond(5), furthest: eventsPerSecond(0), words: (value) => `${value} requests` },
  requestFailures: { usual: percent(0), furthest: ratio(1), words: (value) => `${value} of requests that fail` },
  queries: {
    usual: eventsPerSecond(5),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} queries of a data source`,
  },
  queryFailures: { usual: percent(0), furthest: ratio(1), words: (value) => `${value} of queries that fail` },
} satisfies Record<string, Fact>;

const counter = (
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: NonNullable<ExporterMetric["grows"]>,
): ExporterMetric => ({ name, type: "counter", labels, whole: true, fromFirst: true, grows });

const answered = (handler: string, status_code: string, grows: NonNullable<ExporterMetric["grows"]>) =>
  counter("grafana_http_request_duration_seconds_count", { handler, status_code, method: "POST" }, grows);

const queried = (datasource: string, code: string, grows: NonNullable<ExporterMetric["grows"]>) =>
  counter("grafana_datasource_request_total", { datasource, datasource_type: datasource, code, method: "post" }, grows);

/**
 * A Grafana. Names and labels from its source code (`pkg/middleware/request_metrics.go`,
 * `pkg/infra/httpclient/httpclientprovider/datasource_metrics_middleware.go`), not from a running one. A query that
 * gets no answer at all is not counted as one of the data source, only as a request to Grafana that fails.
 */
export const grafana: Exporter = {
  id: "grafana",
  title: "Grafana, about itself",
  facts,
  metrics: [
    { name: "grafana_build_info", type: "gauge", labels: { edition: "oss", version: "12.4.0" }, is: () => 1 },
    answered("/api/ds/query", "200", ({ requests = 0, requestFailures = 0 }) => requests - requests * requestFailures),
    answered("/api/ds/query", "500", ({ requests = 0, requestFailures = 0 }) => requests * requestFailures),
    // A query that nobody could answer is its author's fault; and other requests, of which there are more, are well.
    answered("/api/dashboards/uid/:uid", "200", () => 50),
    answered("/api/dashboards/uid/:uid", "404", () => 1),
    queried("prometheus", "200", ({ queries = 0, queryFailures = 0 }) => queries - queries * queryFailures),
    queried("prometheus", "503", ({ queries = 0, queryFailures = 0 }) => queries * queryFailures),
    queried("loki", "200", () => 50),
    queried("loki", "400", () => 1),
  ],
};
