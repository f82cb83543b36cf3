import {
  type Exporter,
  type ExporterHistogram,
  type ExporterMetric,
  type Facts,
  labelsOfPlace,
  metricsOf,
  type PerPlace,
  placesBy,
} from "../model/exporter.ts";
import { factsAt } from "./facts.ts";
import { bucketsWith, Histogram } from "./histogram.ts";
import { trueQuantile } from "./latency.ts";
import { type ExposedValue, exposedValue, type Process } from "./process.ts";
import { variantsAt, type World } from "./world.ts";

/**
 * An exporter that shows the facts of an instance.
 *
 * @param asked the places that it is asked about
 * @param startMs when somebody first looks; it has been running for an hour then
 */
export function exporterProcess(
  world: World,
  exporter: Exporter,
  instance: number,
  startMs: number,
  asked: readonly string[] = world.service.places,
): Process {
  let now = startMs;
  const isPushed = world.service.otlp !== undefined;
  const instances = world.instances.length;
  const isThere = ({ place, facts }: Shown) => place.name === undefined || (exporter.places?.isThere?.(facts) ?? true);
  const factsOf = ({ name }: Place) => factsAt(world, name, now, instance);
  const whole: Place[] = [{ number: 0, of: 1 }];
  const placesOf = (perPlace: PerPlace): Place[] =>
    placesBy(perPlace, asked).map((name, number, { length: of }) => ({ name, number, of }));
  const counting = (marks: Readonly<Record<string, string>>) =>
    metricsOf(exporter, world.service).flatMap((metric) =>
      (metric.perPlace ? placesOf(metric.perPlace) : whole).map((place): Shown => {
        const label = exporter.places && place.name !== undefined ? labelsOfPlace(exporter.places, place.name) : {};
        const labels = { ...metric.labels, ...label, ...(metric.perPlace && marks) };
        return metric.type === "histogram"
          ? new Distribution(metric, labels, isPushed, place, factsOf(place))
          : new Series(metric, labels, place, factsOf(place));
      }),
    );
  let marks = variantsAt(world, startMs, instance);
  let series = counting(marks);
  let growing = series.filter((one) => one.grows);
  return {
    runTo(ms) {
      for (const one of growing) one.grow((ms - now) / 1000);
      now = ms;
    },
    change() {
      const next = variantsAt(world, now, instance);
      // What is counted for another variant is counted under labels of its own, from zero.
      if (JSON.stringify(next) !== JSON.stringify(marks)) {
        marks = next;
        series = counting(marks);
        growing = series.filter((one) => one.grows);
        for (const one of series) one.restart();
      }
      for (const one of series) one.facts = factsOf(one.place);
    },
    restart() {
      for (const one of series) one.restart();
    },
    exposed() {
      const exposed: ExposedValue[] = [];
      for (const one of series) if (isThere(one)) one.expose(exposed, now / 1000, instances);
      return exposed;
    },
    scraped() {},
  };
}

/** Of a process that is being looked at for the first time. */
const uptimeSeconds = 3600;

/** Where a series belongs: to one of so many places, or, without a name, to the whole thing. */
interface Place {
  name?: string;
  number: number;
  of: number;
}

/** Whatever a metric shows of one place, or of the whole thing. */
interface Shown {
  readonly place: Place;
  facts: Facts;
  /** Whether time adds to it. */
  readonly grows: boolean;
  grow(seconds: number): void;
  restart(): void;
  /** Adds what there is to see of it: nothing, as long as there is nothing. */
  expose(exposed: ExposedValue[], nowSeconds: number, instances: number): void;
}

class Distribution implements Shown {
  readonly grows = true;
  private readonly histogram: Histogram;
  /** The quantile that the fact is, in 95th percentiles. */
  private readonly inP95s: number;

  constructor(
    private readonly metric: ExporterHistogram,
    labels: Readonly<Record<string, string>>,
    isPushed: boolean,
    readonly place: Place,
    public facts: Facts,
  ) {
    this.histogram = new Histogram(metric.name, bucketsWith(metric.edges, isPushed), labels);
    this.inP95s = trueQuantile(metric.shows.quantile, 1);
    this.grow(uptimeSeconds);
  }

  grow(seconds: number): void {
    const { rate, shows } = this.metric;
    this.histogram.apportion((this.facts[rate] ?? 0) * seconds, (this.facts[shows.fact] ?? 0) / this.inP95s);
  }

  restart(): void {
    this.histogram.restart();
  }

  expose(exposed: ExposedValue[]): void {
    if (!(this.metric.fromFirst && this.histogram.isEmpty)) exposed.push(...this.histogram.exposed());
  }
}

class Series implements Shown {
  readonly grows: boolean;
  private readonly shown: ExposedValue;
  private grown = 0;

  constructor(
    private readonly metric: ExporterMetric,
    labels: Readonly<Record<string, string>>,
    readonly place: Place,
    public facts: Facts,
  ) {
    this.grows = metric.grows !== undefined;
    this.shown = exposedValue(metric.name, labels);
    if (metric.type === "counter") this.grow(uptimeSeconds);
  }

  grow(seconds: number): void {
    this.grown += (this.metric.grows?.(this.facts) ?? 0) * seconds;
  }

  /** A gauge tells of what is, not of what the process has counted. */
  restart(): void {
    if (this.metric.type === "counter") this.grown = 0;
  }

  expose(exposed: ExposedValue[], nowSeconds: number, instances: number): void {
    const { number: place, of: places } = this.place;
    const sum = (this.metric.is?.(this.facts, { nowSeconds, place, places, instances }) ?? 0) + this.grown;
    // What floating point leaves of a sum that should be whole must not cost an event.
    this.shown.value = this.metric.whole ? Math.floor(sum + 1e-6) : sum;
    if (!(this.metric.fromFirst && this.shown.value === 0)) exposed.push(this.shown);
  }
}
