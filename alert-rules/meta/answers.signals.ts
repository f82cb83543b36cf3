import { signal } from "../../src/model/pack.ts";
import { perInstance } from "../exporter-watch.ts";
import { rate, rateWindow, renamed, shareOf } from "./signal-parts.ts";

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
