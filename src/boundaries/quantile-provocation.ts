import type { Level } from "../drills/drill-subject.ts";
import { type ExporterHistogram, histogramOf } from "../model/exporter.ts";
import { healthyFacts } from "../worlds/facts.ts";
import { bisect, histogramQuantile, p95With, shareWithin } from "../worlds/latency.ts";
import { requestsOfQuantile } from "../worlds/whole-requests.ts";
import type { World } from "../worlds/world.ts";
import { memo } from "./memo.ts";
import type { Provocation } from "./provocation.ts";

/** Observations that tell of the trouble, per second and counter, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/**
 * What a quantile over a window is, and what buckets can show of it, when a share of the observations is spread about
 * one value of it and the rest about the usual one.
 *
 * @param quantile strictly between 0 and 1
 * @param edges finite bucket edges, ascending
 */
export function quantileReading(
  quantile: number,
  edges: readonly number[],
  { usual, most }: Pick<Provocation, "usual" | "most">,
): Required<Pick<Provocation, "truth" | "shown">> {
  const p95 = memo((value: number) => p95With(quantile, value));
  const usually = edges.map((edge) => shareWithin(edge, p95(usual)));
  /** Share of observations in each bucket and those below it. */
  const buckets = memo((value: number) => edges.map((edge) => shareWithin(edge, p95(value))));
  return {
    truth(value, share) {
      const within = (observed: number) =>
        (1 - share) * shareWithin(observed, p95(usual)) + share * shareWithin(observed, p95(value));
      return bisect(0, most, (observed) => within(observed) > quantile);
    },
    shown(value, share) {
      const then = buckets(value);
      const mixed = usually.map((before, edge) => (1 - share) * before + share * (then[edge] ?? 0));
      return histogramQuantile(quantile, edges, mixed, 1);
    },
  };
}

/**
 * What a signal that is a quantile of an exporter's histogram needs besides the fact: so many observations that whole
 * ones do not matter, and what buckets make of them.
 *
 * @returns empty where the signal is no quantile
 */
export function ofQuantile(level: Level, provoked: Provocation): Partial<Provocation> {
  const { signal } = level.promise.alert;
  const { exporter } = level.subject.service;
  const histogram = exporter && histogramOf(exporter, signal.fact);
  if (!histogram || signal.quantile === undefined) return {};
  const { rate, edges, shows } = histogram;
  if (shows.quantile !== signal.quantile)
    throw new Error(`${signal.name} is the quantile ${signal.quantile} of ${histogram.name}; ${shows.fact} is another`);
  const usually = healthyFacts(level.subject.service)[rate] ?? 0;
  const needed = Math.max(usually, tellingPerSecond / (1 - shows.quantile));
  return {
    world: provoked.world.has(rate, needed),
    ...quantileReading(shows.quantile, edges, provoked),
    exactly: exactlyAtEdge(level, provoked, histogram, needed),
  };
}

/** A world whose quantile is the edge of a bucket, where the threshold is one. */
function exactlyAtEdge(
  level: Level,
  { world, happens }: Provocation,
  { shows, edges, rate }: ExporterHistogram,
  leastPerSecond: number,
): World | undefined {
  const { threshold, subject, promise } = level;
  if (!isReadExactly(threshold, edges)) return undefined;
  const intervalSeconds = subject.platform.intervals.scrape.value;
  const windowSeconds = promise.alert.signal.window?.value ?? 0;
  const observed = requestsOfQuantile(shows.quantile, { windowSeconds, intervalSeconds, leastPerSecond });
  return observed && happens(world.has(rate, observed.all / intervalSeconds), threshold);
}

/** Whether a value is an edge, and comes out to the last bit: Prometheus interpolates from one edge to the next. */
export function isReadExactly(value: number, edges: readonly number[]): boolean {
  const at = edges.indexOf(value);
  const below = edges[at - 1] ?? 0;
  return at >= 0 && below + (value - below) === value;
}
