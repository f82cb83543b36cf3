import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import type { HttpInstrumentation } from "../src/model/instrumentation.ts";
import { formatDuration, minutes } from "../src/model/quantity.ts";

/** The window of every rate here: 20 scrapes of 15 s, so that a lost scrape or a restart does not show. */
export const rateWindow = minutes(5);

/** Requests per second of each route. */
export const requestRateSeries = "service_route:http_requests:rate5m";

export const perRoute = [...identityLabels, "route"];

/** `rate` of one of the instrumentation's counters, summed by route and by `extra` labels. */
export function rateByRoute(
  http: HttpInstrumentation,
  metric: string,
  matchers: string[] = [],
  extra: string[] = [],
): string {
  const selector = [`${instrumentationLabel}="${http.id}"`, ...matchers].join(", ");
  const rate = `rate(${metric}{${selector}}[${formatDuration(rateWindow)}])`;
  return `sum by (${[...perRoute, ...extra].join(", ")}) (label_replace(${rate}, "route", "$1", "${http.routeLabel}", "(.*)"))`;
}
