import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import { isReadExactly, quantileReading } from "../src/boundaries/quantile-provocation.ts";
import { type Level, readable } from "../src/drills/drill-subject.ts";
import { isHttpService } from "../src/model/platform.ts";
import { formatQuantity, type Quantity, ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { requestsInProgress, scrapedRoute, usuallyInProgress } from "../src/worlds/http-process.ts";
import { p95With } from "../src/worlds/latency.ts";
import { everyRoute, type RouteChange, route } from "../src/worlds/route-change.ts";
import { ratesAround, requestsOfQuantile, requestsOfRate, requestsOfRatio } from "../src/worlds/whole-requests.ts";
import { healthy, stateAt, type World } from "../src/worlds/world.ts";
import { saturation, timeoutRatio } from "./http.limits.ts";
import {
  errorRatio,
  HttpLatencyHigh,
  HttpMetricsMissing,
  HttpNoTraffic,
  HttpTailLatencyHigh,
  latencyP95,
  latencyP99,
  metricsMissing,
  requestRate,
  serviceRequestRate,
  targetsUp,
} from "./http.ts";

/** How each signal of this pack is provoked: what is true in the world then. */
export const httpProvocations: Provocations = {
  [latencyP95.name]: slow,
  [latencyP99.name]: slow,
  [errorRatio.name]: failing,
  [timeoutRatio.name]: timingOut,
  [saturation.name]: saturated,
  [requestRate.name]: called,
  [targetsUp.name]: down,
  [metricsMissing.name]: missing,
  [serviceRequestRate.name]: deserted,
};

/** Requests that tell of the trouble, per second and counter, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** One route is slow. */
function slow(level: Level): Provocation {
  const { quantile = 0.95 } = level.promise.alert.signal;
  const small = smallWorld(level, {
    routes: 2,
    instances: 2,
    buckets: level.subject.service.latencyBucketsSeconds.length,
  });
  const world = busy(small, tellingPerSecond / (1 - quantile));
  const usual = stateAt(world, troubledRoute(level), 0).p95Seconds / p95With(quantile, 1);
  const p95 = (value: number) => seconds(Number(p95With(quantile, value).toPrecision(6)));
  const most = 10 * level.threshold;
  return {
    world,
    words: (value) => `p${quantile * 100} of ${formatQuantity(seconds(value))}`,
    ...onRoutes(level, (change, value) => change.withLatency({ p95: p95(value) })),
    usual,
    most,
    ...quantileReading(quantile, level.subject.service.latencyBucketsSeconds, { usual, most }),
    exactly: slowExactly(level, quantile),
    // Where one quantile is high, others are.
    others: [HttpLatencyHigh, HttpTailLatencyHigh],
  };
}

/** One instance and route whose quantile is the edge of a bucket, where the threshold is one. */
function slowExactly(level: Level, quantile: number): World | undefined {
  const { subject, threshold } = level;
  const { latencyBucketsSeconds: edges } = subject.service;
  if (!isReadExactly(threshold, edges)) return undefined;
  const world = smallWorld(level, { routes: 1, instances: 1, buckets: edges.length });
  const sampling = samplingOf(level, world);
  const requests = requestsOfQuantile(quantile, sampling);
  return (
    requests &&
    world.always(
      everyRoute()
        .withLatency({ p95: seconds(p95With(quantile, threshold)) })
        .withTraffic(requestsPerSecond(requests.all / sampling.intervalSeconds)),
    )
  );
}

/** One route fails. */
function failing(level: Level): Provocation {
  return partly(level, { words: "errors", change: (on, share) => on.withErrors(share) });
}

/** One route keeps callers waiting until it is too late; not with a status that is a server error, too. */
function timingOut(level: Level): Provocation {
  return partly(level, { words: "timeouts", change: (on, share) => on.withTimeouts(share, 408) });
}

/** What becomes of a share of a route's requests. */
interface Lot {
  words: string;
  change: (on: RouteChange, share: Quantity<"ratio">) => RouteChange;
}

/**
 * Some requests of one route have this lot. A few of all routes have it on every day: `rate` never sees the first value of
 * a series that did not exist before, so the first of all would tell nothing of when.
 */
function partly(level: Level, lot: Lot): Provocation {
  const lowest = Math.min(...Object.values(level.promise.levels).map(({ value }) => value));
  const usual = lowest / 10;
  const world = busy(smallWorld(level, { routes: 2, instances: 2 }), tellingPerSecond / lowest);
  return {
    world: world.always(lot.change(everyRoute(), ratio(usual))),
    words: (value) => `${formatQuantity(ratio(value))} ${lot.words}`,
    ...onRoutes(level, (change, value) => lot.change(change, ratio(value))),
    usual,
    most: 1,
    exactly: partlyExactly(level, lot),
  };
}

/** One instance and route of which the same whole number of requests has this lot between any two scrapes. */
function partlyExactly(level: Level, { change }: Lot): World | undefined {
  const world = smallWorld(level, { routes: 1, instances: 1 });
  const sampling = samplingOf(level, world);
  const requests = requestsOfRatio(level.threshold, sampling);
  return (
    requests &&
    world.always(
      change(everyRoute(), ratio(requests.part / requests.all)).withTraffic(
        requestsPerSecond(requests.all / sampling.intervalSeconds),
      ),
    )
  );
}

/** One of two instances works on so many requests at once. They come whole. */
function saturated(level: Level): Provocation {
  const { service } = level.subject;
  const limit = service.instrumentation.concurrencyLimit?.value ?? 1;
  const world = smallWorld(level, { routes: 1, instances: 2 });
  const requests = (value: number) => Math.round(value * limit);
  const happens: Provocation["happens"] = (in_, value, from, to) =>
    in_.has(requestsInProgress, requests(value), from, to, { instances: 1 });
  const atThreshold = level.threshold * limit;
  return {
    world,
    words: (value) => `${requests(value)} of ${limit} requests in progress`,
    happens,
    labels: { instance: world.instances[0] ?? "" },
    usual: usuallyInProgress(service) / limit,
    most: 1,
    step: 1 / limit,
    around: {
      below: (Math.ceil(atThreshold - 1e-9) - 1) / limit,
      above: (Math.floor(atThreshold + 1e-9) + 1) / limit,
    },
    ...(isWhole(atThreshold) && { exactly: happens(world, level.threshold) }),
  };
}

/** How the only counter of a world is seen, which counts no less than on a healthy day. */
const samplingOf = (level: Level, world: World) => ({
  windowSeconds: level.promise.alert.signal.window?.value ?? 0,
  intervalSeconds: level.subject.platform.intervals.scrape.value,
  leastPerSecond: stateAt(world, troubledRoute(level), 0).requestsPerSecond,
});

/** One route is called so often; one counter tells it, the finest there is. */
function called(level: Level): Provocation {
  const { promise, subject, threshold } = level;
  const { value: window } = promise.alert.signal.window ?? seconds(0);
  const world = smallWorld(level, { routes: 2, instances: 1 });
  const { resolution, ...around } = ratesAround(threshold, window, subject.platform.intervals.scrape.value);
  return {
    world,
    words: (value) => `${formatQuantity(requestsPerSecond(readable(value)))} requests`,
    ...onRoutes(level, (change, value) => change.withTraffic(requestsPerSecond(value))),
    usual: stateAt(world, troubledRoute(level), 0).requestsPerSecond,
    most: 0,
    around,
    exactly: calledExactly(level),
    blur: resolution,
  };
}

/** One instance and route, called the same whole number of times between any two scrapes. */
function calledExactly(level: Level): World | undefined {
  const world = smallWorld(level, { routes: 1, instances: 1 });
  const sampling = samplingOf(level, world);
  const requests = requestsOfRate(level.threshold, sampling);
  return requests === undefined
    ? undefined
    : world.always(everyRoute().withTraffic(requestsPerSecond(requests / sampling.intervalSeconds)));
}

/** Nobody calls the service any more, or hardly anybody. */
function deserted(level: Level): Provocation {
  const world = smallWorld(level, { routes: 1, instances: 1 });
  const { service } = level.subject;
  const pushesNothing = !isHttpService(service) || scrapedRoute(service) === undefined;
  return {
    ...called(level),
    world,
    words: (value) => (value === 0 ? "no traffic" : `traffic of ${formatQuantity(requestsPerSecond(readable(value)))}`),
    happens: (in_, value, from, to) => happening(in_, everyRoute().withTraffic(requestsPerSecond(value)), from, to),
    labels: {},
    elsewhere: undefined,
    usual: stateAt(world, troubledRoute(level), 0).requestsPerSecond,
    ...(pushesNothing && {
      without: {
        "counter reset": "a service that nobody calls exposes nothing after a restart: its metrics are missing",
      },
    }),
  };
}

/** Targets are down: of so many that the next one more or less is a tenth of the threshold, where 40 are enough. */
function down(level: Level): Provocation {
  const { threshold } = level;
  const enough = Math.min(40, Math.ceil(10 / threshold));
  const exact = Array.from({ length: 41 - enough }, (_, more) => enough + more).find((n) => isWhole(threshold * n));
  const targets = exact ?? enough;
  return {
    world: smallWorld(level, { routes: 1, instances: targets }),
    words: (value) => `${Math.round(value * targets)} of ${targets} targets up`,
    happens: (world, value, from, to) =>
      value === 1 ? world : world.down(from, to, { instances: targets - Math.round(value * targets) }),
    labels: {},
    usual: 1,
    most: 0,
    step: 1 / targets,
    around: {
      below: (Math.ceil(threshold * targets - 1e-9) - 1) / targets,
      above: Math.ceil(threshold * targets - 1e-9) / targets,
    },
    // Requests that nobody can fetch leave the rates little by little; a target that is back has no rate at first.
    others: [HttpNoTraffic, HttpMetricsMissing],
  };
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;

/** Targets answer, but without request metrics; on the way there is ever less traffic to be seen. */
function missing(level: Level): Provocation {
  return {
    world: smallWorld(level, { routes: 1, instances: 2 }),
    words: (value) => (value > 0 ? "no request metrics" : "request metrics"),
    happens: (world, value, from, to) => (value > 0 ? world.losesMetrics(from, to) : world),
    labels: {},
    usual: 0,
    most: 1,
    step: 1,
    around: { below: 0, above: 1 },
    isAbsence: true,
    others: [HttpNoTraffic],
  };
}

const troubledRoute = ({ subject }: Level): string => subject.service.routes[0] ?? "";

interface Size {
  routes: number;
  instances: number;
  /**
   * Of the latency histogram, from the lowest on, besides `+Inf`; or those with these edges.
   * @default 1: how long requests take does not matter
   */
  buckets?: number | readonly number[];
}

/** The service with at most so many of its routes and buckets: what a drill does not need costs time only. */
export function smallWorld({ subject: { service, world } }: Level, { routes, instances, buckets = 1 }: Size): World {
  const small = {
    ...service,
    routes: service.routes.slice(0, routes),
    latencyBucketsSeconds:
      typeof buckets === "number"
        ? service.latencyBucketsSeconds.slice(0, buckets)
        : service.latencyBucketsSeconds.filter((edge) => buckets.includes(edge)),
  };
  return healthy(small, world.environment).withInstances(instances);
}

/** With at least so many requests per second on each route of each instance. */
export function busy(world: World, eachPerSecond: number): World {
  const { routes } = world.service;
  const needed = Math.ceil(eachPerSecond * routes.length * world.instances.length);
  const usual = stateAt(world, routes[0] ?? "", 0).requestsPerSecond * routes.length;
  return needed > usual ? world.always(everyRoute().withTraffic(requestsPerSecond(needed))) : world;
}

/** Trouble of the service's first route, and the same of its second where it has one. */
function onRoutes({ subject: { service } }: Level, change: (of: RouteChange, value: number) => RouteChange) {
  const [first, second] = service.routes.map((name) => ({
    labels: { route: name },
    happens: (world: World, value: number, from?: string, to?: string) =>
      happening(world, change(route(name), value), from, to),
  }));
  return { ...(first ?? { labels: {}, happens: (world: World) => world }), elsewhere: second };
}

export const happening = (world: World, change: RouteChange, from?: string, to?: string): World =>
  from === undefined ? world.always(change) : world.between(from, to, change);
