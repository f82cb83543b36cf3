import type { SampleSeries } from "../engine/evaluation.ts";
import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import { isHttpService } from "../model/platform.ts";
import { type InstanceTarget, targetsOfInstance } from "../model/targets.ts";
import { clockMs } from "./clock.ts";
import { exporterProcess } from "./exporter-process.ts";
import { httpProcess } from "./http-process.ts";
import type { ExposedValue, Process } from "./process.ts";
import { rememberedSeries } from "./remembered.ts";
import { spread } from "./spread.ts";
import { hits, holdsAt, type World } from "./world.ts";

/** From the first moment to the last, ms since the epoch. */
export interface Timeline {
  startMs: number;
  endMs: number;
}

/** Which share of the scrape interval a target is scraped after its beginning: from 0 to 1. */
export type ScrapePhase = (target: number) => number;

/**
 * Scrapes begin at multiples of 1/8 s. Floating point adds these up without rounding, so that `rate` over steady requests
 * is the same at every look, to the last bit.
 */
const scrapeGridMs = 125;

/** As Prometheus does: it spreads the scrapes of many targets over the interval. */
const spreadPhases: ScrapePhase = (target) => spread(target + 1);

/**
 * What Prometheus holds of a world: every series of every service in it, as the service's instrumentation exposes
 * it and the scrape (or the push over OTLP) stores it, stale markers included.
 *
 * @param intervalSeconds between two scrapes. @default that of each service
 */
export const expose = (
  world: World,
  timeline: Timeline,
  intervalSeconds?: number,
  phaseOf: ScrapePhase = spreadPhases,
): SampleSeries[] =>
  world.all.flatMap((one) => [
    ...one.memory.flatMap((series) => rememberedSeries(one, series, timeline)),
    ...one.instances.flatMap((address, instance) =>
      targetsOfInstance(one.service, address).flatMap((target, index, { length }) =>
        exposeTarget(one, { ...target, instance }, timeline, {
          intervalMs: (intervalSeconds ?? one.service.scrapeInterval.value) * 1000,
          phase: phaseOf(instance * length + index),
        }),
      ),
    ),
  ]);

/** One of the targets of an instance, counted from 0. */
interface ScrapedTarget extends InstanceTarget {
  instance: number;
}

interface Scrapes {
  intervalMs: number;
  phase: number;
}

/** Lives through the timeline, from one moment at which something happens to the next. */
function exposeTarget(
  world: World,
  target: ScrapedTarget,
  { startMs, endMs }: Timeline,
  { intervalMs, phase }: Scrapes,
) {
  const { instance } = target;
  const store = new TargetStore(world, target);
  const process = startProcess(world, target, startMs);
  const firstScrapeMs = startMs + Math.round((phase * intervalMs) / scrapeGridMs) * scrapeGridMs;
  const restarts = world.events.filter((event) => event.kind === "restart" && hits(event, instance));
  const restartsMs = new Set(restarts.map(({ from = "" }) => clockMs(from)));
  const changesMs = new Set(changesIn(world, { startMs, endMs }));
  let outcome = scrapeOutcome(world, instance, startMs);
  for (const moment of moments(changesMs, endMs, firstScrapeMs, intervalMs)) {
    process.runTo(moment);
    if (changesMs.has(moment)) {
      process.change();
      outcome = scrapeOutcome(world, instance, moment);
    }
    if (restartsMs.has(moment)) process.restart();
    if ((moment - firstScrapeMs) % intervalMs === 0) scrape(process, store, moment, outcome);
  }
  return store.series();
}

function startProcess(world: World, { instance, place }: ScrapedTarget, startMs: number): Process {
  const { service } = world;
  const places = place === undefined ? service.places : [place];
  if (isHttpService(service)) return httpProcess(world, service, instance, startMs);
  if (service.exporter) return exporterProcess(world, service.exporter, instance, startMs, places);
  throw new Error(`nothing shows metrics of ${service.name}`);
}

function scrape(process: Process, store: TargetStore, ms: number, outcome: ScrapeOutcome): void {
  store.write(ms, outcome, () => process.exposed());
  if (outcome === "answered" || outcome === "silent") process.scraped();
}

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

/** What Prometheus stores of one target. */
class TargetStore {
  private readonly pushes: boolean;
  private readonly target: Record<string, string>;
  private readonly stored = new Map<string, StoredSeries>();
  /** Those of `stored`, by the value that was seen last: a process shows the same one as long as it runs. */
  private readonly known = new WeakMap<ExposedValue, StoredSeries>();
  private readonly up: StoredSeries;

  constructor(world: World, { instance, labels }: ScrapedTarget) {
    const { service } = world;
    const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
    this.target = {
      [environmentLabel]: world.environment,
      [serviceLabel]: service.name,
      [teamLabel]: service.owner,
      ...(world.isUnmarked ? {} : { [instrumentationLabel]: service.instrumentation.kind }),
      job: world.isUnmarked ? `${service.name}-sidecar` : service.name,
      instance: world.instances[instance] ?? "",
      ...labels,
    };
    this.pushes = service.otlp !== undefined;
    this.up = new StoredSeries({ __name__: "up", ...this.target });
  }

  write(ms: number, outcome: ScrapeOutcome, look: () => ExposedValue[]): void {
    if (outcome === "gap" || (this.pushes && outcome !== "answered")) return;
    if (outcome === "removed") this.up.end(ms);
    else if (!this.pushes) this.up.write(ms, outcome === "down" ? 0 : 1);
    const exposed = outcome === "answered" ? look() : [];
    for (const one of exposed) this.seriesOf(one).write(ms, one.value);
    // A scrape that lacks a series ends it. A push that lacks it says nothing.
    if (this.pushes || exposed.length === this.stored.size) return;
    for (const series of this.stored.values()) if (!series.isFrom(ms)) series.end(ms);
  }

  private seriesOf(exposed: ExposedValue): StoredSeries {
    const known = this.known.get(exposed);
    if (known) return known;
    const { id, labels } = exposed;
    const series = this.stored.get(id) ?? new StoredSeries({ ...labels, ...this.target });
    this.stored.set(id, series);
    this.known.set(exposed, series);
    return series;
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
