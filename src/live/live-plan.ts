import { HttpErrorRatioHigh, HttpLatencyHigh } from "../../alert-rules/http.ts";
import { type Severity, severities } from "../model/conventions.ts";
import type { Alert, RecordedSignal } from "../model/pack.ts";
import type { AlertPromise, HttpService, Platform } from "../model/platform.ts";
import type { Environment, ScrapeReach } from "../model/platform-props.ts";
import { variantIn } from "../model/promises.ts";
import { formatQuantity, type Quantity, ratio, seconds } from "../model/quantity.ts";
import { receiversFor } from "../render/routing.ts";
import { isOneOf, type LoadProps } from "./load-generator.ts";

/** A service of the platform whose part `examples/fastapi-service` can play: it is scraped and has its metric names. */
export type StandInService = HttpService & { scrape: ScrapeReach };

/** One fault that is put upon the service, and the promise that must notice it. */
export interface LiveFault {
  alert: Alert<RecordedSignal>;
  severity: Severity;
  threshold: Quantity;
  promise: AlertPromise;
  route: string;
  /** What is asked of the service, and how often, while all is well and while the fault lasts. */
  path: string;
  calmRequestsPerSecond: number;
  fault: Pick<LoadProps, "requestsPerSecond" | "headers" | "maximumInFlight">;
  /** The fault in words, e.g. `every answer takes 2.4 s`. */
  what: string;
  /** How long a request takes that has the fault: none can be measured before. */
  secondsToAnswer: number;
  /** Names of the receivers that must get the message. */
  receivers: readonly string[];
}

export interface LivePlan {
  service: StandInService;
  environment: Environment;
  faults: readonly LiveFault[];
  /** Alerts that are switched off for the service: there is nothing to notice them with. */
  switchedOff: readonly Alert[];
  /** A route that is asked all the time and has no fault. */
  healthy: { route: string; path: string; requestsPerSecond: number };
}

/** Requests per second to each route while all is well. */
const calmRate = 5;
/** A burst: it outweighs the calm minutes before it at once, as an outage does. */
const burstRate = 40;
const slowRate = 10;
/** Most requests that may wait for a slow answer at once. */
const maximumSlowInFlight = 100;
/** How far beyond the threshold a slow answer is. */
const slower = 1.2;

/** How the drilled alerts are provoked, and on which route of the example; told from the threshold alone. */
const provocations: readonly {
  alert: Alert<RecordedSignal>;
  route: string;
  path: string;
  provoke: (threshold: number) => Pick<LiveFault, "fault" | "what" | "secondsToAnswer">;
}[] = [
  {
    alert: HttpLatencyHigh,
    route: "/orders",
    path: "/orders",
    provoke: (threshold) => {
      const delay = Number((threshold * slower).toPrecision(6));
      return {
        what: `every answer takes ${formatQuantity(seconds(delay))}`,
        secondsToAnswer: delay,
        fault: {
          requestsPerSecond: Math.min(slowRate, maximumSlowInFlight / delay),
          headers: () => ({ "x-drill-delay-seconds": `${delay}` }),
          maximumInFlight: maximumSlowInFlight * 2,
        },
      };
    },
  },
  {
    alert: HttpErrorRatioHigh,
    route: "/orders/{order_id}",
    path: "/orders/1",
    provoke: (threshold) => {
      // Half way between the threshold and everything: clearly too many, and yet not all.
      const share = Number(((1 + Math.min(threshold, 1)) / 2).toPrecision(6));
      return {
        what: `${formatQuantity(ratio(share))} of answers are a 500`,
        secondsToAnswer: 0,
        fault: {
          requestsPerSecond: burstRate,
          headers: (n): Record<string, string> => (isOneOf(share, n) ? { "x-drill-fail": "1" } : {}),
        },
      };
    },
  },
];

/** The first service whose part the example can play; `undefined` when the platform has none. */
export const standInService = (platform: Platform): StandInService | undefined =>
  platform.services.find(
    (service): service is StandInService =>
      service.scrape !== undefined &&
      service.environments.length > 0 &&
      service.packs.includes(HttpLatencyHigh.pack) &&
      service.http?.id === "fastapi-instrumentator",
  );

/** What the drill does and what must come of it: a function of the platform alone. */
export function planLiveDrill(platform: Platform, service: StandInService): LivePlan {
  const environments = platform.environments.filter(({ name }) => service.environments.includes(name));
  // Where alerts page, the whole way to the pager is drilled.
  const environment = environments.find(({ pages }) => pages !== false) ?? environments[0];
  if (!environment) throw new Error(`${service.name} runs in no environment of the platform`);
  const faults = provocations.flatMap(({ alert, route, path, provoke }): LiveFault[] => {
    const promise = variantIn(service, environment.name).promises.get(alert.name);
    const severity = [...severities].reverse().find((level) => promise?.levels[level]);
    const threshold = severity && promise?.levels[severity];
    if (!promise || !threshold) return [];
    const labels = {
      alertname: alert.name,
      pack: alert.pack,
      severity,
      environment: environment.name,
      service: service.name,
      team: service.owner,
      route,
    };
    const receivers = receiversFor(platform, labels);
    const calmRequestsPerSecond = calmRate;
    return [
      {
        alert,
        severity,
        threshold,
        promise,
        route,
        path,
        calmRequestsPerSecond,
        receivers,
        ...provoke(threshold.value),
      },
    ];
  });
  return {
    service,
    environment,
    faults,
    switchedOff: provocations
      .map(({ alert }) => alert)
      .filter((alert) => faults.every((fault) => fault.alert !== alert)),
    healthy: { route: "/products", path: "/products", requestsPerSecond: calmRate },
  };
}
