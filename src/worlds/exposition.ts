import type { SampleSeries } from "../engine/evaluation.ts";
import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import type { Service } from "../model/platform.ts";
import { clockMs } from "./clock.ts";
import { type Random, seededRandom } from "./random.ts";
import { type ServiceProcess, startProcess } from "./service-process.ts";
import { hits, holdsAt, type RouteState, stateAt, type World } from "./world.ts";

/** From the first moment to the last, ms since the epoch. */
export interface Timeline {
  startMs: number;
  endMs: number;
}

/**
 * The route under which a service counts that it was scraped: prometheus-fastapi-instrumentator does, unless its
 * `excluded_handlers` name it. Undefined for every other.
 */
export function scrapedRoute({ scrape, http, routes }: Service): string | undefined {
  const path = scrape?.path ?? "/metrics";
  return scrape && http.id === "fastapi-instrumentator" && !routes.includes(path) ? path : undefined;
}

/** Which share of the scrape interval an instance is scraped after its beginning: from 0 to 1. */
export type ScrapePhase = (instance: number) => number;

/** Fractions of multiples of the golden ratio: spreads any number of things evenly, none two together. */
const spread = (index: number): number => (index * 0.6180339887498949) % 1;

/**
 * Scrapes begin at multiples of 1/8 s. Floating point adds these up without rounding, so that `rate` over steady requests
 * is the same at every look, to the last bit.
 */
const scrapeGridMs = 125;

/** As Prometheus does: it spreads the scrapes of many targets over the interval. */
const spreadPhases: ScrapePhase = (instance) => spread(instance + 1);

/**
 * What Prometheus holds of a world: every series of every service in it, as the service's instrumentation exposes
 * it and the scrape (or the push over OTLP) stores it, stale markers included.
 */
export const expose = (
  world: World,
  timeline: Timeline,
  intervalSeconds: number,
  phaseOf: ScrapePhase = spreadPhases,
): SampleSeries[] =>
  world.all.flatMap((one) =>
    one.instances.flatMap((_, instance) =>
      exposeInstance(one, instance, timeline, { intervalMs: intervalSeconds * 1000, phase: phaseOf(instance) }),
    ),
  );

/** How long every process has been running when the timeline starts. */
const uptimeMs = 3_600_000;

interface Scrapes {
  intervalMs: number;
  phase: number;
}

/**
 * Lives through the timeline, from one moment at which something happens to the next. Requests are handed to the
 * process in whole numbers: what is expected of them is rounded over the whole time, so that no fraction is lost.
 */
function exposeInstance(world: World, instance: number, { startMs, endMs }: Timeline, { intervalMs, phase }: Scrapes) {
  const { service } = world;
  const store = new InstanceStore(world, instance);
  const random = world.seed === undefined ? undefined : seededRandom(world.seed, instance);
  const expected = service.routes.map((_, route) => spread(instance * service.routes.length + route + 1));
  const failing = service.routes.map(() => 0.5);

  const instances = world.instances.length;
  const serve = (fromMs: number, toMs: number, states: RouteState[], chance?: Random) =>
    states.forEach((state, route) => {
      const mean = (state.requestsPerSecond / instances) * ((toMs - fromMs) / 1000);
      const requests = chance ? chance.poisson(mean) : whole(expected, route, mean);
      const failed = chance
        ? times(requests, () => chance.uniform() < state.errorRatio)
        : Math.min(requests, whole(failing, route, requests * state.errorRatio));
      store.process.serve(service.routes[route] ?? "", 200, requests - failed, state.p95Seconds, chance);
      store.process.serve(service.routes[route] ?? "", 500, failed, state.p95Seconds, chance);
    });
  const statesAt = (ms: number) => service.routes.map((name) => stateAt(world, name, ms, instance));

  // Nobody looks at what was before: it needs no noise.
  serve(startMs - uptimeMs, startMs, statesAt(startMs));
  const firstScrapeMs = startMs + Math.round((phase * intervalMs) / scrapeGridMs) * scrapeGridMs;
  const restarts = world.events.filter((event) => event.kind === "restart" && hits(event, instance));
  const restartsMs = new Set(restarts.map(({ from = "" }) => clockMs(from)));
  const changesMs = new Set(changesIn(world, { startMs, endMs }));
  let now = startMs;
  let states = statesAt(startMs);
  for (const moment of moments(changesMs, endMs, firstScrapeMs, intervalMs)) {
    serve(now, moment, states, random);
    now = moment;
    if (changesMs.has(moment)) states = statesAt(moment);
    if (restartsMs.has(moment)) store.process.restart();
    if ((moment - firstScrapeMs) % intervalMs === 0) store.scrape(moment, scrapeOutcome(world, instance, moment));
  }
  return store.series();
}

/** Takes the whole part of what has come together of an expectation; the fraction waits for more. */
function whole(expected: number[], index: number, more: number): number {
  const sum = (expected[index] ?? 0) + more;
  // What floating point leaves of a sum that should be whole must not cost a request.
  const taken = Math.floor(sum + 1e-9);
  expected[index] = sum - taken;
  return taken;
}

const times = (count: number, chance: () => boolean): number => {
  let hits = 0;
  for (let n = 0; n < count; n += 1) if (chance()) hits += 1;
  return hits;
};

/** When an event begins or ends. */
const changesIn = (world: World, { startMs, endMs }: Timeline): number[] =>
  world.events
    .flatMap(({ from, to }) => [from, to].map((text) => clockMs(text ?? "")))
    .filter((ms) => ms !== undefined)
    .filter((ms) => ms > startMs && ms <= endMs);

/** Every scrape and every change, in order. */
function moments(changesMs: ReadonlySet<number>, endMs: number, firstScrapeMs: number, intervalMs: number): number[] {
  const all = new Set(changesMs);
  for (let ms = firstScrapeMs; ms <= endMs; ms += intervalMs) all.add(ms);
  return [...all].sort((a, b) => a - b);
}

type ScrapeOutcome = "answered" | "down" | "gap" | "silent" | "removed";

function scrapeOutcome(world: World, instance: number, ms: number): ScrapeOutcome {
  const kinds = world.events.filter((event) => hits(event, instance) && holdsAt(event, ms)).map(({ kind }) => kind);
  return (["gap", "removed", "down", "silent"] as const).find((kind) => kinds.includes(kind)) ?? "answered";
}

/** What Prometheus stores of one instance. */
class InstanceStore {
  readonly process: ServiceProcess;
  private readonly pushes: boolean;
  private readonly target: Record<string, string>;
  private readonly ownRoute: string | undefined;
  private readonly stored = new Map<string, StoredSeries>();
  private readonly up: StoredSeries;

  constructor(world: World, instance: number) {
    const { service } = world;
    const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
    this.target = {
      [environmentLabel]: world.environment,
      [serviceLabel]: service.name,
      [teamLabel]: service.owner,
      ...(world.isUnmarked ? {} : { [instrumentationLabel]: service.http.id }),
      job: world.isUnmarked ? `${service.name}-sidecar` : service.name,
      instance: world.instances[instance] ?? "",
    };
    this.pushes = service.otlp !== undefined;
    this.process = startProcess(service);
    this.up = new StoredSeries({ __name__: "up", ...this.target });
    this.ownRoute = scrapedRoute(service);
  }

  scrape(ms: number, outcome: ScrapeOutcome): void {
    if (outcome === "gap" || (this.pushes && outcome !== "answered")) return;
    if (outcome === "removed") this.up.end(ms);
    else if (!this.pushes) this.up.write(ms, outcome === "down" ? 0 : 1);
    const exposed = outcome === "answered" ? this.process.exposed() : [];
    for (const { id, labels, value } of exposed) {
      let series = this.stored.get(id);
      if (!series) {
        series = new StoredSeries({ ...labels, ...this.target });
        this.stored.set(id, series);
      }
      series.write(ms, value);
    }
    // A scrape that lacks a series ends it. A push that lacks it says nothing.
    if (!this.pushes) for (const series of this.stored.values()) if (!series.isFrom(ms)) series.end(ms);
    if (outcome !== "down" && outcome !== "removed" && this.ownRoute !== undefined)
      this.process.serve(this.ownRoute, 200, 1, 0.01);
  }

  series(): SampleSeries[] {
    return [this.up, ...this.stored.values()]
      .filter(({ timestampsMs }) => timestampsMs.length > 0)
      .map((s) => s.sample());
  }
}

class StoredSeries {
  readonly timestampsMs: number[] = [];
  private readonly values: number[] = [];
  private readonly staleAtMs: number[] = [];
  private live = false;

  constructor(private readonly labels: Record<string, string>) {}

  write(ms: number, value: number): void {
    this.timestampsMs.push(ms);
    this.values.push(value);
    this.live = true;
  }

  /** Whether its last sample is of this moment. */
  isFrom(ms: number): boolean {
    return this.timestampsMs.at(-1) === ms;
  }

  end(ms: number): void {
    if (this.live) this.staleAtMs.push(ms);
    this.live = false;
  }

  sample(): SampleSeries {
    return {
      labels: this.labels,
      timestampsMs: Float64Array.from(this.timestampsMs),
      values: Float64Array.from(this.values),
      staleAtMs: Float64Array.from(this.staleAtMs),
    };
  }
}
