import { JourneyNotStarted } from "../../alert-rules/journey.ts";
import { readable } from "../drills/drill-subject.ts";
import { severities } from "../model/conventions.ts";
import { placesBy } from "../model/exporter.ts";
import { timeoutStatuses } from "../model/instrumentation.ts";
import type { Platform, Service } from "../model/platform.ts";
import { allPromises } from "../model/promises.ts";
import { hours, minutes, ratio, requestsPerSecond, seconds } from "../model/quantity.ts";
import { clockMs, clockText } from "../worlds/clock.ts";
import { requestsInProgress } from "../worlds/http-process.ts";
import { pick, type Random, seededRandom, shuffled } from "../worlds/random.ts";
import { everyRoute, type RouteChange, route } from "../worlds/route-change.ts";
import { healthy, type World } from "../worlds/world.ts";
import { nobodyStarting, tryingOne } from "./random-comparison.ts";

/** Events of a random world begin within this many minutes of its first moment. */
const lastsMinutes = 20;
const startText = "12:00";

/** Services that go on in one world, at most: more would cost time and show nothing new. */
const mostServices = 4;

/**
 * A world in which anything may happen to any service: slow, failing or empty routes with values at, near and far from
 * the thresholds, restarts, targets that are down, gaps, missing metrics. The same seed gives the same world.
 */
export function randomWorld(platform: Platform, seed: number): World {
  const random = seededRandom(seed);
  const services = shuffled(platform.services, random).slice(0, mostServices);
  const [first, ...others] = services.map((service, index) => {
    const environment = pick(service.environments, random);
    const quiet = index === 0 ? healthy(service, environment) : someInstances(healthy(service, environment), random);
    const eventful = Array.from({ length: 2 + Math.floor(random.uniform() * 5) }).reduce<World>(
      (world) => withRandomEvent(world, random),
      quiet,
    );
    return random.uniform() < 0.15 ? eventful.withNoise(seed + index) : eventful;
  });
  if (!first) throw new Error("the platform has no services");
  return first.alongside(...others).until(time(lastsMinutes + settledAfterMinutes(platform)));
}

/** A world for what looks back over days would cost more than all others: its drills alone must tell. */
const longestWindow = hours(1);

/** By then the last event has left every window, and every alert that holds since then fires. */
export function settledAfterMinutes({ services }: Platform): number {
  const promises = services.flatMap(allPromises);
  const seconds = promises
    .filter(({ alert }) => (alert.signal.window?.value ?? 0) <= longestWindow.value)
    .map(({ alert, for: hold }) => hold.value + (alert.signal.window?.value ?? 0));
  return Math.max(5, ...seconds.map((value) => value / 60)) + 5;
}

const time = (minute: number): string => clockText((clockMs(startText) ?? 0) + Math.round(minute * 4) * 15_000);

const someInstances = (world: World, random: Random): World =>
  random.uniform() < 0.3 ? world.withInstances(1 + Math.floor(random.uniform() * 4)) : world;

function withRandomEvent(world: World, random: Random): World {
  const start = random.uniform() * lastsMinutes;
  const from = time(start);
  const to = time(start + 0.5 + random.uniform() ** 2 * lastsMinutes);
  const end = random.uniform() < 0.4 ? undefined : to;
  const instances = 1 + Math.floor(random.uniform() * world.instances.length);
  const { exporter, details } = world.service;
  const isCrowded = () => details.has(requestsInProgress) && random.uniform() < 0.25;
  const trouble = () =>
    exporter
      ? withRandomFact(world, { from, end, instances }, random)
      : isCrowded()
        ? crowded(world, { from, end, instances }, random)
        : world.between(from, end, randomChange(world.service, random));
  const events: [weight: number, event: () => World][] = [
    [12, trouble],
    [1, () => world.resetsAt(from, { instances })],
    [2, () => world.down(from, end, { instances })],
    [1, () => world.scrapeGap(from, time(start + 0.5 + (random.uniform() * minutes(6).value) / 60))],
    [1, () => world.losesMetrics(from, end)],
    [1, () => world.removed(from)],
    [0.5, () => world.startsAt(from)],
    [0.5, () => world.unmarked()],
    [world.service.experiments.length > 0 ? 6 : 0, () => tryingOne(world, from, instances, random)],
    [world.service.promises.has(JourneyNotStarted.name) ? 4 : 0, () => nobodyStarting(world, from, random)],
    [world.service.versions ? 4 : 0, () => world.releases("1.1.0", from, { instances })],
  ];
  let left = random.uniform() * events.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, event] of events) {
    left -= weight;
    if (left < 0) return event();
  }
  return trouble();
}

/** Of a threshold: just at it, hardly beyond it, on either side, and far away. */
const factors = [0, 0.3, 0.6, 0.85, 0.95, 0.99, 1, 1.01, 1.05, 1.15, 1.5, 2.5, 6];

const beyond = { above: (factor: number) => factor > 1, below: (factor: number) => factor < 1 };

/** One of the facts that the service's alerts tell of, at, near or far from one of its thresholds. */
function withRandomFact(
  world: World,
  { from, end, instances }: { from: string; end: string | undefined; instances: number },
  random: Random,
): World {
  const { exporter, promises, places } = world.service;
  const told = [...promises.values()].flatMap(({ alert, levels }) =>
    alert.signal.fact === undefined
      ? []
      : [
          {
            name: alert.signal.fact,
            limits: Object.values(levels),
            guard: alert.guard,
            isBeyond: beyond[alert.direction],
          },
        ],
  );
  if (told.length === 0) return world;
  const { name, limits, guard, isBeyond } = pick(told, random);
  // Of dozens of alerts each is to fire in some world: so half of what is bad enough for it stays so.
  const stays = random.uniform() < 0.5;
  const limit = pick(limits, random);
  const beside = limit.value * pick(stays ? factors.filter(isBeyond) : factors, random);
  const near = readable(limit.unit === "ratio" ? Math.min(1, beside) : beside);
  const value = exporter?.facts[name]?.isYesOrNo ? Math.floor(random.uniform() * 2) : near;
  const apart = placesBy(exporter?.facts[name]?.perPlace, places);
  const place = apart.length > 0 && random.uniform() < 0.75 ? pick(apart, random) : undefined;
  const extent = { instances, ...(place !== undefined && { place }) };
  const until = stays ? undefined : end;
  // What holds an alert back lets it fire as often as not: else hardly any world would show it.
  const guarded = guard?.signal.fact;
  const held =
    guard && guarded !== undefined && guarded in (exporter?.facts ?? {}) && random.uniform() < 0.5
      ? world.has(guarded, readable(guard.above.value * pick(beyondGuard, random)), from, until, extent)
      : world;
  return held.has(name, value, from, until, extent);
}

/** Of a guard, hardly beyond it and well beyond it. */
const beyondGuard = [1.01, 1.2, 1.5];

/** So many requests in progress, near one of the service's thresholds. */
function crowded(
  world: World,
  { from, end, instances }: { from: string; end: string | undefined; instances: number },
  random: Random,
): World {
  const { promises, instrumentation } = world.service;
  const limits = [...promises.values()].flatMap(({ alert, levels }) =>
    alert.signal.needs === requestsInProgress ? Object.values(levels) : [],
  );
  if (limits.length === 0) return world;
  const share = pick(limits, random).value * pick(factors, random);
  const requests = Math.round(share * (instrumentation.concurrencyLimit?.value ?? 0));
  return world.has(requestsInProgress, requests, from, end, { instances });
}

/** What a route does then: one of the service's thresholds decides what is near. */
function randomChange(service: Service, random: Random): RouteChange {
  const where = random.uniform() < 0.25 ? everyRoute() : route(pick(service.routes, random));
  const limits = [...service.promises.values()].flatMap(({ alert, levels }) =>
    severities.flatMap((severity) => {
      const value = levels[severity]?.value;
      return value === undefined ? [] : [{ signal: alert.signal, value }];
    }),
  );
  const guards = [...service.promises.values()].flatMap(({ alert: { guard } }) => guard ?? []);
  const rates = [20, ...guards.map(({ above }) => above.value)];
  const limit = limits.length > 0 ? pick(limits, random) : undefined;
  const value = readable((limit?.value ?? 1) * pick(factors, random));
  const traffic = requestsPerSecond(readable(pick(rates, random) * pick(factors, random)));
  if (limit && "quantile" in limit.signal && limit.signal.quantile !== undefined) {
    // At the threshold itself, the last digit of an interpolated quantile would decide.
    const beside = value === limit.value ? readable(1.003 * value) : value;
    return where.withLatency({ p95: seconds(Math.max(0.001, beside)) });
  }
  if (limit?.signal.needs === "single status codes") {
    return where.withTimeouts(ratio(Math.min(1, value)), pick(timeoutStatuses, random));
  }
  if (limit?.signal.unit === "ratio") {
    const failing = where.withErrors(ratio(Math.min(1, value)));
    return random.uniform() < 0.5 ? failing : failing.withTraffic(traffic);
  }
  return where.withTraffic(limit?.signal.unit === "requests/second" ? requestsPerSecond(value) : traffic);
}
