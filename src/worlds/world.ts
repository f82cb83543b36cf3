import type { Service } from "../model/platform.ts";
import { variantIn } from "../model/promises.ts";
import { requestsPerSecond, seconds } from "../model/quantity.ts";
import { clockMs } from "./clock.ts";
import { p95With } from "./latency.ts";
import { type LoggedLines, loggedText } from "./logged-lines.ts";

import { type RouteChange, type RouteState, readableQuantity } from "./route-change.ts";
import type { Extent, FactExtent, Remembered, WorldEvent } from "./world-event.ts";

/** Requests per second of a healthy service over all its routes. */
const healthyTraffic = requestsPerSecond(20);
/** True p95 of a healthy route. */
const healthyP95 = seconds(0.3);
/** Instances of a service that pushes: nothing in its configuration says how many there are. */
const pushingInstances = 2;

/** The version of a service that has never released another. */
export const firstVersion = "1.0.0";

/** Synthetic input in the words of the domain, told by what is not as usual. Immutable: each method gives a new one. */
export class World {
  readonly events: readonly WorldEvent[] = [];
  /** Undefined: no noise. */
  readonly seed?: number;
  readonly lastsUntil?: string;
  readonly neighbours: readonly World[] = [];
  readonly memory: readonly Remembered[] = [];
  /** See `withInstances`. */
  readonly instanceCount?: number;
  /** See `unmarked`. */
  readonly isUnmarked: boolean = false;

  private constructor(
    readonly service: Service,
    readonly environment: string,
    rest: Partial<World>,
  ) {
    Object.assign(this, rest);
  }

  /** See `healthy`. */
  static of(service: Service, environment: string): World {
    return new World(service, environment, {});
  }

  /** This world and every other that goes on beside it. */
  get all(): readonly World[] {
    return [this, ...this.neighbours];
  }

  /** `host:port` of every instance; for a service that pushes, and for more than are configured, a name for each. */
  get instances(): readonly string[] {
    const { service, environment, instanceCount } = this;
    const known = service.scrape?.targets[environment] ?? [];
    const count = instanceCount ?? (service.scrape ? known.length : pushingInstances);
    return Array.from({ length: count }, (_, index) => known[index] ?? `${service.name}-${index + 1}`);
  }

  /** From the beginning and for good: how this service is when nothing happens. */
  always(change: RouteChange): World {
    return this.and({ kind: "routes", change });
  }
  from(from: string, change: RouteChange, extent: Extent = {}): World {
    return this.and({ kind: "routes", from, change, ...extent });
  }
  between(from: string, to: string | undefined, change: RouteChange): World {
    return this.and({ kind: "routes", from, to, change });
  }
  /** Something that an exporter shows is true to a degree, in the unit of the fact. */
  has(fact: string, value: number, from?: string, to?: string, extent: FactExtent = {}): World {
    return this.and({ kind: "fact", fact, value, from, to, ...extent });
  }
  /** The process is started anew: its counters begin at zero, and what it has not counted yet is not exposed. */
  resetsAt(from: string, extent: Extent = {}): World {
    return this.and({ kind: "restart", from, ...extent });
  }
  /**
   * Another version is started in place of the one that runs, or (from the beginning) is the one that runs. One without
   * a name does not say which it is.
   */
  releases(version: string, from?: string, extent: Extent = {}): World {
    return this.and({ kind: "release", version, from, ...extent });
  }
  /**
   * It serves users of one variant of an experiment, which its metrics name in this label: in a world, an instance has one
   * at a time. One without a name serves those that take part in none.
   */
  tries(label: string, variant: string, from?: string, extent: Extent = {}): World {
    return this.and({ kind: "variant", label, variant, from, ...extent });
  }
  /** The target cannot be reached: `up` is 0 and its series end. The service itself goes on. */
  down(from?: string, to?: string, extent: Extent = {}): World {
    return this.and({ kind: "down", from, to, ...extent });
  }
  /** Prometheus takes no samples, not even `up`. */
  scrapeGap(from: string, to: string): World {
    return this.and({ kind: "gap", from, to });
  }
  /** The service is new: it is not there, and never was, until it is scraped for the first time. */
  startsAt(to: string): World {
    return this.and({ kind: "gap", to });
  }
  /** The service goes on and answers the scrape, but its request metrics are gone. */
  losesMetrics(from?: string, to?: string): World {
    return this.and({ kind: "silent", from, to });
  }
  /** It logs these lines, all instances together, besides those about its requests. */
  logs(lines: LoggedLines, from?: string, to?: string): World {
    return this.and({ kind: "lines", lines, from, to });
  }
  /** The service goes on, but its log lines do not arrive. */
  losesLogs(from: string, to?: string, extent: Extent = {}): World {
    return this.and({ kind: "mute", from, to, ...extent });
  }
  /** No longer a target, or never one: all its series end, `up` too, with a stale marker where it was scraped. */
  removed(from?: string): World {
    return this.and({ kind: "removed", from });
  }
  /** Requests come by chance (Poisson), fail by chance and take as long as chance wants, all from this seed. */
  withNoise(seed: number): World {
    return this.but({ seed });
  }
  /** Goes on at least until then. @default - until every alert of the drill has had the time to fire */
  until(lastsUntil: string): World {
    return this.but({ lastsUntil });
  }
  /** As many instances as this, whatever is configured. */
  withInstances(instanceCount: number): World {
    return this.but({ instanceCount });
  }
  /** The same in another environment. */
  in(environment: string): World {
    return this.but({ environment, instanceCount: this.instances.length });
  }
  /** Its targets carry no label of an instrumentation: a sidecar with the service's labels that is not the service. */
  unmarked(): World {
    return this.but({ isUnmarked: true });
  }
  /** Prometheus has recorded these series of it, whatever the world exposes; each instead of what was said of it before. */
  remembers(...series: Remembered[]): World {
    const idOf = ({ labels }: Remembered) => JSON.stringify(Object.entries(labels).sort());
    const said = new Set(series.map(idOf));
    return this.but({ memory: [...this.memory.filter((one) => !said.has(idOf(one))), ...series] });
  }
  /** Another service goes on beside this one. */
  alongside(...others: World[]): World {
    return this.but({ neighbours: [...this.neighbours, ...others.flatMap(({ all }) => all)] });
  }

  private and(event: WorldEvent): World {
    return this.but({ events: [...this.events, event] });
  }
  private but(change: Partial<World>): World {
    return new World(this.service, this.environment, { ...this, ...change });
  }
}

/**
 * A service on a good day: 20 requests/s evenly over its routes and instances, no errors, a true p95 of 0.3 s. Where
 * it promises otherwise it is further on the good side: half its lowest latency threshold or what an SLO allows, four
 * times the traffic below which an alert fires.
 *
 * @param environment one of the service's; by default its first
 */
export function healthy(service: Service, environment = service.environments[0] ?? ""): World {
  return World.of(variantIn(service, environment), environment);
}

function healthyState(service: Service): RouteState {
  const promised = [...service.promises.values()].flatMap(({ alert: { signal, direction }, levels }) =>
    Object.values(levels).map(({ value }) => ({ signal, direction, value })),
  );
  const latencies = promised.filter(({ signal }) => signal.quantile !== undefined);
  const floors = promised.filter(({ signal, direction }) => signal.unit === "requests/second" && direction === "below");
  return {
    requestsPerSecond: Math.max(healthyTraffic.value, ...floors.map(({ value }) => 4 * value)) / service.routes.length,
    errorRatio: 0,
    timeouts: { ratio: 0, status: 504 },
    p95Seconds: Math.min(
      healthyP95.value,
      ...latencies.map(({ value }) => value / 2),
      ...service.slos.flatMap(({ objective, within }) => (within ? p95With(objective.value, within.value) / 2 : [])),
    ),
  };
}

/** Whether an event hits an instance, counted from 0. */
export const hits = (event: WorldEvent, instance: number): boolean =>
  !("instances" in event) || event.instances === undefined || instance < event.instances;

/** What a route of an instance does at a moment: the healthy state with every change that holds then, later ones last. */
export function stateAt(world: World, routeName: string, ms: number, instance = 0): RouteState {
  const state = healthyState(world.service);
  for (const event of world.events) {
    if (event.kind !== "routes" || !holdsAt(event, ms) || !hits(event, instance)) continue;
    const { route: named, traffic, errors, p95, timeouts } = event.change;
    if (named !== undefined && named !== routeName) continue;
    if (traffic) state.requestsPerSecond = traffic.value / (named === undefined ? world.service.routes.length : 1);
    if (errors) state.errorRatio = errors.value;
    if (p95) state.p95Seconds = p95.value;
    if (timeouts) state.timeouts = { ratio: timeouts.ratio.value, status: timeouts.status };
  }
  return state;
}

/** The version that an instance runs at a moment. */
export const versionAt = ({ events }: World, ms: number, instance = 0): string =>
  events.reduce(
    (version, event) =>
      event.kind === "release" && holdsAt(event, ms) && hits(event, instance) ? event.version : version,
    firstVersion,
  );

/** The labels of the variants that an instance serves at a moment. */
export function variantsAt({ events }: World, ms: number, instance = 0): Readonly<Record<string, string>> {
  const variants: Record<string, string> = {};
  for (const event of events) {
    if (event.kind !== "variant" || !holdsAt(event, ms) || !hits(event, instance)) continue;
    if (event.variant === "") delete variants[event.label];
    else variants[event.label] = event.variant;
  }
  return variants;
}

/** From its beginning, inclusive, to its end, exclusive. */
export const holdsAt = ({ from, to }: { from?: string; to?: string }, ms: number): boolean =>
  (from === undefined || ms >= (clockMs(from) ?? Infinity)) && (to === undefined || ms < (clockMs(to) ?? -Infinity));

const eventWords = {
  down: "target down",
  restart: "restart",
  gap: "no scrapes at all",
  silent: "request metrics missing",
  mute: "log lines missing",
  removed: "no target any more",
} as const;

function eventText(event: WorldEvent, { exporter }: Service): string {
  if (event.kind === "routes") return `${event.change}`;
  if (event.kind === "lines") return loggedText(event.lines);
  if (event.kind === "release") return `version ${event.version}`;
  if (event.kind === "variant") return event.variant === "" ? "no variant" : `variant ${event.variant}`;
  if (event.kind !== "fact") return eventWords[event.kind];
  const fact = exporter?.facts[event.fact];
  const words = fact
    ? fact.words(readableQuantity({ unit: fact.usual.unit, value: event.value }))
    : `${event.fact} ${event.value}`;
  return event.place === undefined ? words : `${words} in ${event.place}`;
}

/** A change of the world in words: `from 12:00 on: /orders with a true p95 of 2.4 s`. */
export function worldLine(world: World, event: WorldEvent): string {
  const what = eventText(event, world.service) + extentText(world, event);
  if (event.from === undefined) return event.to === undefined ? `all the time: ${what}` : `until ${event.to}: ${what}`;
  if (event.kind === "restart") return `at ${event.from}: ${what}`;
  return event.to === undefined ? `from ${event.from} on: ${what}` : `from ${event.from} to ${event.to}: ${what}`;
}

function extentText(world: World, event: WorldEvent): string {
  if (!("instances" in event) || event.instances === undefined) return "";
  return ` (${event.instances} of ${world.instances.length} instances)`;
}
