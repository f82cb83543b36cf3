import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import type { Asked, Indicator } from "../src/model/indicator.ts";
import { type Duration, formatDuration } from "../src/model/quantity.ts";

const byService = [...identityLabels].join(", ");
const braces = (matchers: readonly string[]): string => (matchers.length > 0 ? `{${matchers.join(", ")}}` : "");

interface RequestSeries {
  /** Requests per second of a service, scrapes left out. */
  requests: string;
  /** Server errors per second of each route. */
  errors: string;
  /** Regular expression of the routes at which metrics are fetched. */
  scrapedRoutes: string;
  window: Duration;
}

/** What of a service that answers requests can be held to an objective: that it answers, and that it does so in time. */
export function httpIndicators({ requests, errors, scrapedRoutes, window }: RequestSeries): Indicator[] {
  /** Requests in all buckets up to an edge, over all routes. */
  const bucketRate = ({ matchers, instrumentations }: Asked, le: string): string =>
    instrumentations
      .map(({ id, histogram, routeLabel }) => {
        const selector = [`${instrumentationLabel}="${id}"`, le, `${routeLabel}!~"${scrapedRoutes}"`, ...matchers];
        return `sum by (${byService}) (rate(${histogram}_bucket${braces(selector)}[${formatDuration(window)}]))`;
      })
      .join(" or ");
  return [
    {
      name: "availability",
      bad: "requests that fail",
      events: ({ matchers }) => `${requests}${braces(matchers)}`,
      badEvents: ({ matchers }) =>
        [
          `sum by (${byService}) (${errors}${braces([`route!~"${scrapedRoutes}"`, ...matchers])})`,
          // Nobody came is no failure.
          `or 0 * ${requests}${braces(matchers)}`,
        ].join(" "),
    },
    {
      name: "latency",
      bad: "requests that take too long",
      isBounded: true,
      events: (asked) => bucketRate(asked, `le="+Inf"`),
      goodEvents: (asked) => bucketRate(asked, `le=~"${edgePattern(asked.within?.value ?? 0)}"`),
    },
  ];
}

/** Prometheus 3 stores the edge of a scraped bucket as `1.0`, that of one that was sent as `1`. */
export const edgePattern = (seconds: number): string =>
  Number.isInteger(seconds) ? `${seconds}([.]0)?` : `${seconds}`.replace(".", "[.]");
