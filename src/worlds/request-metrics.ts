import type { HttpInstrumentation } from "../model/instrumentation.ts";
import type { HttpService } from "../model/platform.ts";
import { bucketsWith, Histogram } from "./histogram.ts";
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

/** @param constant labels of everything that the process shows. @default - none */
export function requestMetrics(service: HttpService, constant: Readonly<Labels> = {}): RequestMetrics {
  const { http } = service;
  const statusValue = service.details.has("single status codes") ? String : http.statusValue;
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const served = new Map<string, Served>();
  const buckets = bucketsWith(service.latencyBucketsSeconds, service.otlp !== undefined);

  function metricsOf(route: string, code: number): Served {
    const status = { [http.statusLabel]: statusValue(code) };
    const labels = { [http.routeLabel]: route, [http.methodLabel]: "GET", ...constant };
    const measured = { ...labels, ...(http.histogramHasStatus && status) };
    return {
      counter:
        http.requests === `${http.histogram}_count`
          ? undefined
          : entry(counters, { ...labels, ...status }, (all) => new Counter(http, all)),
      histogram: entry(histograms, measured, (all) => new Histogram(http.histogram, buckets, all)),
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
