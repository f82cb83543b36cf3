/**
 * What services really expose: metric names, label names, status values and bucket edges of each instrumentation.
 * Sources: source code of prometheus-fastapi-instrumentator 8 and of express-prom-bundle 8; OpenTelemetry semantic
 * conventions 1.44 (stable HTTP metrics) with the OTLP-to-Prometheus name translation.
 */
export interface HttpInstrumentation {
  id: InstrumentationId;
  title: string;
  /** Base name of the latency histogram, in seconds; `_bucket`, `_sum` and `_count` follow it. */
  histogram: string;
  /** Counter of finished requests; for OpenTelemetry that is the histogram's own count. */
  requests: string;
  routeLabel: string;
  methodLabel: string;
  statusLabel: string;
  /** Whether the histogram carries the status label too. */
  histogramHasStatus: boolean;
  /** Regular expression of the status label's values that mean a server error. */
  serverErrorStatus: string;
  /** The status label's value for an HTTP status code. */
  statusValue: (code: number) => string;
  /** Whether it counts each status code, not each class of them, unless the service's code says otherwise. */
  singleStatusCodes: boolean;
  /** What to write into the service's code to have each code counted. */
  statusSetting?: string;
  /** Gauge of the requests that it is working on; undefined where it has none. */
  inProgress?: InProgress;
  /** Finite bucket edges when the service sets none, in seconds. */
  defaultBucketsSeconds: readonly number[];
  /** What to write into the service's code to tell its routes apart, where it does not do so by itself. */
  routeSetting?: string;
  /** What to write into the service's code to get these edges. */
  bucketSetting: (edgesSeconds: readonly number[]) => string;
}

/** What a timeout is answered with: the caller was too slow, or has gone, or what is behind the service was too slow. */
export const timeoutStatuses = [408, 499, 504] as const;
export type TimeoutStatus = (typeof timeoutStatuses)[number];

/** Values of the status label that are a code, not a class of codes. */
export const singleStatus = "[1-5][0-9][0-9]";

interface InProgress {
  metric: string;
  /** Labels of each of its series. */
  series: readonly Readonly<Record<string, string>>[];
  /** What to write into the service's code to have it. */
  setting: string;
}

/** What not every service shows of its requests, even with the same instrumentation. */
export type RequestDetail = "single status codes" | "requests in progress";

/** The details that a service shows, by what monitoring.yaml says of its instrumentation. */
export function detailsShown(
  http: HttpInstrumentation | undefined,
  {
    singleStatusCodes = http?.singleStatusCodes,
    concurrencyLimit,
  }: { singleStatusCodes?: boolean; concurrencyLimit?: unknown },
): ReadonlySet<RequestDetail> {
  return new Set<RequestDetail>([
    ...(http && singleStatusCodes ? (["single status codes"] as const) : []),
    ...(http?.inProgress && concurrencyLimit !== undefined ? (["requests in progress"] as const) : []),
  ]);
}

export const instrumentationIds = ["fastapi-instrumentator", "otel-http", "express-prom-bundle"] as const;
export type InstrumentationId = (typeof instrumentationIds)[number];

export const instrumentations: Readonly<Record<InstrumentationId, HttpInstrumentation>> = {
  "fastapi-instrumentator": {
    id: "fastapi-instrumentator",
    title: "prometheus-fastapi-instrumentator",
    histogram: "http_request_duration_seconds",
    requests: "http_requests_total",
    routeLabel: "handler",
    methodLabel: "method",
    statusLabel: "status",
    histogramHasStatus: false,
    // Grouped ("5xx") by default, single codes with should_group_status_codes=False: both must match.
    serverErrorStatus: "5(xx|..)",
    statusValue: (code) => `${Math.floor(code / 100)}xx`,
    singleStatusCodes: false,
    statusSetting: "Instrumentator(should_group_status_codes=False)",
    inProgress: {
      metric: "http_requests_inprogress",
      // It has labels only with inprogress_labels=True.
      series: [{}],
      setting: "Instrumentator(should_instrument_requests_inprogress=True)",
    },
    defaultBucketsSeconds: [0.1, 0.5, 1],
    bucketSetting: (edges) => `Instrumentator().instrument(app, latency_lowr_buckets=(${edges.join(", ")}))`,
  },
  "otel-http": {
    id: "otel-http",
    title: "OpenTelemetry HTTP server metrics",
    histogram: "http_server_request_duration_seconds",
    requests: "http_server_request_duration_seconds_count",
    routeLabel: "http_route",
    methodLabel: "http_request_method",
    statusLabel: "http_response_status_code",
    histogramHasStatus: true,
    serverErrorStatus: "5..",
    statusValue: (code) => `${code}`,
    singleStatusCodes: true,
    inProgress: {
      metric: "http_server_active_requests",
      series: ["GET", "POST"].map((method) => ({ http_request_method: method, url_scheme: "http" })),
      setting: "the metric http.server.active_requests",
    },
    defaultBucketsSeconds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    bucketSetting: (edges) =>
      `View(instrument_name="http.server.request.duration", aggregation=ExplicitBucketHistogramAggregation([${edges.join(", ")}]))`,
  },
  "express-prom-bundle": {
    id: "express-prom-bundle",
    title: "express-prom-bundle",
    // The same name as the instrumentator's, with other labels: the label `instrumentation` tells them apart.
    histogram: "http_request_duration_seconds",
    requests: "http_request_duration_seconds_count",
    routeLabel: "path",
    methodLabel: "method",
    statusLabel: "status_code",
    histogramHasStatus: true,
    serverErrorStatus: "5..",
    statusValue: (code) => `${code}`,
    singleStatusCodes: true,
    defaultBucketsSeconds: [0.003, 0.03, 0.1, 0.3, 1.5, 10],
    // It has no `path` otherwise. Its own metric `up` has the name of what Prometheus writes about the scrape.
    routeSetting: "promBundle({ includeMethod: true, includePath: true, includeUp: false })",
    bucketSetting: (edges) =>
      `promBundle({ includeMethod: true, includePath: true, includeUp: false, buckets: [${edges.join(", ")}] })`,
  },
};

export const isHttpInstrumentation = (kind: string): kind is InstrumentationId => Object.hasOwn(instrumentations, kind);
