import type { HttpInstrumentation } from "../model/instrumentation.ts";
import type { HttpService } from "../model/platform.ts";
import { latencyAt, meanSeconds, shareWithin } from "./latency.ts";
import { type ExposedValue, exposedValue } from "./process.ts";
import type { Random } from "./random.ts";

type Labels = Record<string, string>;

/** What the HTTP instrumentation of a process has counted since it started. */
export interface RequestMetrics {
  /** Answers requests of a route with an HTTP status; with `random` each takes a time of its own. */
  serve(route: string, status: number, requests: number, p95Seconds: number, random?: Random): void;
  /** Forgets everything. */
  restart(): void;
  /** All there is to see: a label set that nothing was counted for does not exist. */
  exposed(): ExposedValue[];
}

/** What counts the requests of one route and status. */
interface Served {
  counter: Counter | undefined;
  histogram: Histogram;
}

export function requestMetrics(service: HttpService): RequestMetrics {
  const { http } = service;
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const served = new Map<string, Served>();
  const buckets = bucketsOf(service);

  function metricsOf(route: string, code: number): Served {
    const status = { [http.statusLabel]: http.statusValue(code) };
    const labels = { [http.routeLabel]: route, [http.methodLabel]: "GET" };
    const measured = { ...labels, ...(http.histogramHasStatus && status) };
    return {
      counter:
        http.requests === `${http.histogram}_count`
          ? undefined
          : entry(counters, { ...labels, ...status }, (all) => new Counter(http, all)),
      histogram: entry(histograms, measured, (all) => new Histogram(http, buckets, all)),
    };
  }

  return {
    serve(route, code, requests, p95Seconds, random) {
      if (requests === 0) return;
      const key = `${code} ${route}`;
      const known = served.get(key);
      const { counter, histogram } = known ?? metricsOf(route, code);
      if (!known) served.set(key, { counter, histogram });
      counter?.add(requests);
      if (random) histogram.draw(requests, p95Seconds, random);
      else histogram.apportion(requests, p95Seconds);
    },
    restart() {
      counters.clear();
      histograms.clear();
      served.clear();
    },
    exposed: () => [...counters.values(), ...histograms.values()].flatMap((metric) => metric.exposed()),
  };
}

function entry<T>(all: Map<string, T>, labels: Labels, create: (labels: Labels) => T): T {
  const id = Object.values(labels).join("\n");
  const metric = all.get(id) ?? create(labels);
  all.set(id, metric);
  return metric;
}

class Counter {
  private readonly total: ExposedValue;

  constructor(http: HttpInstrumentation, labels: Labels) {
    this.total = exposedValue(http.requests, labels);
  }

  add(requests: number): void {
    this.total.value += requests;
  }

  exposed(): ExposedValue[] {
    return [this.total];
  }
}

/** The finite edges of a service's histograms, and what they have in common. */
interface Buckets {
  edges: readonly number[];
  /** Value of the label `le`. */
  texts: readonly string[];
  /** Share of a latency distribution at or below each edge. */
  shares: (p95Seconds: number) => readonly number[];
}

function bucketsOf({ latencyBucketsSeconds: edges, otlp }: HttpService): Buckets {
  const known = new Map<number, readonly number[]>();
  return {
    edges,
    texts: edges.map(otlp ? String : scrapedEdge),
    shares(p95Seconds) {
      const shares = known.get(p95Seconds) ?? edges.map((edge) => shareWithin(edge, p95Seconds));
      known.set(p95Seconds, shares);
      return shares;
    },
  };
}

/** `1.0`, `0.5`: how Prometheus 3 stores the edge of a scraped bucket, whatever the service wrote. OTLP gives `1`. */
export const scrapedEdge = (edge: number): string => (Number.isInteger(edge) ? `${edge}.0` : `${edge}`);

/** A classic histogram: cumulative buckets that end in `+Inf`, the sum and the count of all observations. */
class Histogram {
  private count = 0;
  private sum = 0;
  /** At or below each finite edge. Expected, not counted, so that rounding never adds up. */
  private readonly within: Float64Array;
  private readonly values: ExposedValue[];

  constructor(
    { histogram }: HttpInstrumentation,
    private readonly buckets: Buckets,
    labels: Labels,
  ) {
    this.within = new Float64Array(buckets.edges.length);
    this.values = [
      ...[...buckets.texts, "+Inf"].map((le) => exposedValue(`${histogram}_bucket`, { ...labels, le })),
      exposedValue(`${histogram}_count`, labels),
      exposedValue(`${histogram}_sum`, labels),
    ];
  }

  /** Gives every bucket its share of the distribution. */
  apportion(requests: number, p95Seconds: number): void {
    this.count += requests;
    this.sum += requests * meanSeconds(p95Seconds);
    const shares = this.buckets.shares(p95Seconds);
    for (let index = 0; index < shares.length; index += 1) {
      this.within[index] = (this.within[index] ?? 0) + requests * (shares[index] ?? 0);
    }
  }

  /** Draws the time of every single request. */
  draw(requests: number, p95Seconds: number, random: Random): void {
    const { edges } = this.buckets;
    this.count += requests;
    for (let n = 0; n < requests; n += 1) {
      const taken = latencyAt(random.normal(), p95Seconds);
      this.sum += taken;
      for (let index = edges.length - 1; index >= 0 && taken <= (edges[index] ?? 0); index -= 1) {
        this.within[index] = (this.within[index] ?? 0) + 1;
      }
    }
  }

  exposed(): ExposedValue[] {
    const { within, values, count, sum } = this;
    for (let index = 0; index < values.length; index += 1) {
      const exposed = values[index];
      // After the finite edges come `+Inf`, the count and the sum.
      const other = index === values.length - 1 ? sum : count;
      if (exposed) exposed.value = index < within.length ? Math.round(within[index] ?? 0) : other;
    }
    return values;
  }
}
