import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import { instrumentationIds } from "../src/model/instrumentation.ts";
import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, minutes, percent, ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { httpIndicators } from "./http.indicators.ts";
import { saturation, timeoutRatio } from "./http.limits.ts";
import { perRoute, rateByRoute, rateWindow, requestRateSeries } from "./http.rates.ts";

/**
 * Routes where a service's metrics are fetched. prometheus-fastapi-instrumentator counts that as a request like any
 * other, so that a service which nobody uses still has one every 15 s.
 */
const scrapedRoutes = ".*/metrics";

/** Targets of services that answer requests. */
const httpTargets = `up{${instrumentationLabel}=~"${instrumentationIds.join("|")}"}`;

const perService = [...identityLabels];
const byService = perService.join(", ");

export const requestRate = signal({
  name: "http_request_rate",
  title: "Requests per second",
  description: "Finished requests per second of each route, over the last 5 minutes.",
  unit: "requests/second",
  labels: perRoute,
  series: requestRateSeries,
  window: rateWindow,
  source: { perInstrumentation: (http) => rateByRoute(http, http.requests) },
});

export const serviceRequestRate = signal({
  name: "http_service_request_rate",
  title: "Requests per second, all routes",
  description: "Requests per second that others sent to the whole service, over the last 5 minutes; no scrapes.",
  unit: "requests/second",
  labels: perService,
  series: "service:http_requests:rate5m",
  window: rateWindow,
  source: {
    once: [
      `sum by (${byService}) (${requestRate.series}{route!~"${scrapedRoutes}"})`,
      // Scraped but otherwise alone is zero, not absent: no traffic is one thing, no metrics is another.
      `or 0 * sum by (${byService}) (${requestRate.series})`,
    ].join(" "),
  },
});

export const errorRate = signal({
  name: "http_error_rate",
  title: "Server errors per second",
  description: "Requests answered with a 5xx status, per second of each route. Zero, not absent, where none failed.",
  unit: "requests/second",
  labels: perRoute,
  series: "service_route:http_request_errors:rate5m",
  window: rateWindow,
  source: {
    perInstrumentation: (http) => {
      const failed = rateByRoute(http, http.requests, [`${http.statusLabel}=~"${http.serverErrorStatus}"`]);
      // `or` gives routes without a single error a zero: a ratio that is absent can neither be drawn nor alert.
      return `${failed} or 0 * ${rateByRoute(http, http.requests)}`;
    },
  },
});

export const errorRatio = signal({
  name: "http_error_ratio",
  title: "Share of requests that fail",
  description: "Requests answered with a 5xx status as a share of all requests of the route, over the last 5 minutes.",
  unit: "ratio",
  labels: perRoute,
  series: "service_route:http_request_errors:ratio5m",
  window: rateWindow,
  source: { once: `${errorRate.series} / ${requestRate.series}` },
});

/** A latency quantile per route, from the service's own histogram: no finer than its buckets. */
function latency(percentile: 50 | 95 | 99) {
  return signal({
    name: `http_request_latency_p${percentile}`,
    title: `Request latency, p${percentile}`,
    description: `${percentile} of 100 requests of the route were answered within this time, over the last 5 minutes.`,
    unit: "seconds",
    labels: perRoute,
    series: `service_route:http_request_latency_seconds:p${percentile}_5m`,
    window: rateWindow,
    quantile: percentile / 100,
    source: {
      perInstrumentation: (http) =>
        `histogram_quantile(0.${percentile}, ${rateByRoute(http, `${http.histogram}_bucket`, [], ["le"])})`,
    },
  });
}

export const latencyP50 = latency(50);
export const latencyP95 = latency(95);
export const latencyP99 = latency(99);

export const targetsUp = signal({
  name: "http_targets_up",
  title: "Share of targets that answer the scrape",
  description: "Targets of the service that answered the last scrape, as a share of all: 1 is all, 0 is none.",
  unit: "ratio",
  labels: perService,
  series: "service:http_targets_up:ratio",
  source: { once: `avg by (${byService}) (${httpTargets})` },
});

export const metricsMissing = signal({
  name: "http_metrics_missing",
  title: "Services without request metrics",
  description:
    "1 where a target answers its scrape, or metrics came within the last day, and yet there is no request metric now; 0 where there is.",
  unit: "count",
  labels: perService,
  series: "service:http_metrics_missing:count",
  window: rateWindow,
  source: {
    perPlatform: ({ services }) => {
      const isScraped = services.some(({ http, scrape }) => http && scrape);
      const heardOf = `group by (${byService}) (last_over_time(${serviceRequestRate.series}[1d]))`;
      return [
        isScraped ? `(group by (${byService}) (${httpTargets} == 1) or ${heardOf})` : heardOf,
        `unless on (${byService}) ${serviceRequestRate.series}`,
        // A target that is down is told by its own alert.
        ...(isScraped ? [`unless on (${byService}) (${targetsUp.series} == 0)`] : []),
        // Nothing missing is zero, not absent: a graph without a line says neither.
        `or 0 * ${serviceRequestRate.series}`,
      ].join(" ");
    },
  },
});

export const HttpLatencyHigh = alert({
  name: "HttpLatencyHigh",
  pack: "http",
  signal: latencyP95,
  above: { warning: seconds(1.5), critical: seconds(2) },
  for: minutes(5),
  summary: "{{ $labels.route }} of {{ $labels.service }} is slow: p95 is {{ $value | humanizeDuration }}",
  impact: "One request in twenty to {{ $labels.route }} takes longer than this. Users wait, and callers may time out.",
});

export const HttpTailLatencyHigh = alert({
  name: "HttpTailLatencyHigh",
  pack: "http",
  signal: latencyP99,
  above: { warning: seconds(2.5), critical: seconds(5) },
  for: minutes(5),
  optIn: true,
  summary:
    "A few of {{ $labels.route }} of {{ $labels.service }} are very slow: p99 is {{ $value | humanizeDuration }}",
  impact:
    "One request in a hundred to {{ $labels.route }} takes longer than this. Whoever makes many of them meets it.",
});

export const HttpErrorRatioHigh = alert({
  name: "HttpErrorRatioHigh",
  pack: "http",
  signal: errorRatio,
  above: { warning: percent(2), critical: percent(5) },
  for: minutes(5),
  guard: { signal: requestRate, above: requestsPerSecond(0.1) },
  summary:
    "{{ $labels.route }} of {{ $labels.service }} fails: {{ $value | humanizePercentage }} of requests end in a 5xx",
  impact: "These requests to {{ $labels.route }} are answered with a server error instead of what was asked for.",
});

export const HttpTimeouts = alert({
  name: "HttpTimeouts",
  pack: "http",
  signal: timeoutRatio,
  above: { warning: percent(1), critical: percent(5) },
  for: minutes(5),
  optIn: true,
  guard: { signal: requestRate, above: requestsPerSecond(0.1) },
  summary:
    "{{ $labels.route }} of {{ $labels.service }} times out: {{ $value | humanizePercentage }} of requests get no answer in time",
  impact:
    "Whoever made these requests to {{ $labels.route }} waited in vain, and may try again: that adds to the load.",
});

export const HttpSaturation = alert({
  name: "HttpSaturation",
  pack: "http",
  signal: saturation,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(5),
  summary:
    "{{ $labels.instance }} of {{ $labels.service }} has little room: {{ $value | humanizePercentage }} of what it can work on at once",
  impact: "Requests to {{ $labels.instance }} soon wait for others to finish: all its routes become slow together.",
});

export const HttpTargetDown = alert({
  name: "HttpTargetDown",
  pack: "http",
  signal: targetsUp,
  below: { warning: ratio(1), critical: ratio(0.5) },
  for: minutes(3),
  scrapedOnly: true,
  // A service that is down is also slow, failing and silent.
  explainsOthers: true,
  summary: "{{ $labels.service }} does not answer: {{ $value | humanizePercentage }} of its targets are up",
  impact:
    "Instances of {{ $labels.service }} are gone or unreachable; nothing else is known about them until they are back.",
});

export const HttpMetricsMissing = alert({
  name: "HttpMetricsMissing",
  pack: "http",
  signal: metricsMissing,
  above: { critical: count(0) },
  for: minutes(10),
  summary: "{{ $labels.service }} reports no request metrics",
  impact: "The service may work, but nobody would see if it did not: its other alerts cannot fire.",
});

export const HttpNoTraffic = alert({
  name: "HttpNoTraffic",
  pack: "http",
  signal: serviceRequestRate,
  below: { warning: requestsPerSecond(0.01) },
  for: minutes(10),
  summary: "{{ $labels.service }} gets no traffic: {{ $value | humanize }} requests/s",
  impact:
    "Users, a load balancer or a caller no longer reach {{ $labels.service }}; it may look healthy and serve nobody.",
});

export const http: Pack = {
  name: "http",
  title: "HTTP services",
  shownBy: "http",
  signals: [
    requestRate,
    serviceRequestRate,
    errorRate,
    errorRatio,
    latencyP50,
    latencyP95,
    latencyP99,
    timeoutRatio,
    saturation,
    targetsUp,
    metricsMissing,
  ],
  alerts: [
    HttpLatencyHigh,
    HttpTailLatencyHigh,
    HttpErrorRatioHigh,
    HttpTimeouts,
    HttpSaturation,
    HttpTargetDown,
    HttpMetricsMissing,
    HttpNoTraffic,
  ],
  indicators: httpIndicators({
    requests: serviceRequestRate.series,
    errors: errorRate.series,
    scrapedRoutes,
    window: rateWindow,
  }),
};
