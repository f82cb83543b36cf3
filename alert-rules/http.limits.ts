import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import { instrumentations, singleStatus, timeoutStatuses } from "../src/model/instrumentation.ts";
import { signal } from "../src/model/pack.ts";
import { isHttpService } from "../src/model/platform.ts";
import { anyOf } from "../src/model/promql.ts";
import { perRoute, rateByRoute, rateWindow, requestRateSeries } from "./http.rates.ts";

/** Signals of services that show more than every instrumentation does: single status codes, requests in progress. */

export const timeoutRatio = signal({
  name: "http_timeout_ratio",
  title: "Share of requests that time out",
  description:
    "Requests answered with 408, 499 or 504 as a share of all requests of the route, over the last 5 minutes: somebody waited in vain.",
  unit: "ratio",
  labels: perRoute,
  series: "service_route:http_request_timeouts:ratio5m",
  window: rateWindow,
  needs: "single status codes",
  source: {
    perPlatform({ services }) {
      const counting = services.filter(({ details }) => details.has("single status codes"));
      const terms = Object.values(instrumentations)
        .filter(({ id }) => counting.some(({ http }) => http?.id === id))
        .map((http) => {
          const counted = (statuses: string) =>
            rateByRoute(http, http.requests, [`${http.statusLabel}=~"${statuses}"`]);
          // Who groups its statuses must have no value here: zero would be a lie.
          const all = http.singleStatusCodes ? rateByRoute(http, http.requests) : counted(singleStatus);
          return `${counted(timeoutStatuses.join("|"))} or 0 * ${all}`;
        });
      return `(${terms.join("\nor\n")}) / ${requestRateSeries}`;
    },
  },
});

const perInstance = [...identityLabels, "instance"];

export const saturation = signal({
  name: "http_saturation",
  title: "Requests in progress, as a share of the limit",
  description:
    "Requests that an instance is working on, as a share of those that it can work on at once: beyond it, requests wait.",
  unit: "ratio",
  labels: perInstance,
  series: "service_instance:http_requests_in_progress:ratio",
  needs: "requests in progress",
  source: {
    perPlatform({ services }) {
      const limited = services.filter(isHttpService).flatMap(({ name, http, details, instrumentation }) => {
        const { concurrencyLimit } = instrumentation;
        return details.has("requests in progress") && concurrencyLimit && http.inProgress
          ? [{ name, http, metric: http.inProgress.metric, limit: concurrencyLimit.value }]
          : [];
      });
      /** One term for each instrumentation and limit, whatever the number of services. */
      const terms = new Map<string, string[]>();
      for (const { name, http, metric, limit } of limited) {
        const term = `${limit} ${metric}{${instrumentationLabel}="${http.id}", `;
        terms.set(term, [...(terms.get(term) ?? []), name]);
      }
      return [...terms]
        .map(([term, names]) => {
          const [limit = "", ...selector] = term.split(" ");
          return `sum by (${perInstance.join(", ")}) (${selector.join(" ")}${anyOf("service", names.sort())}}) / ${limit}`;
        })
        .join("\nor\n");
    },
  },
});
