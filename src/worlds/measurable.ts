import { type Severity, severities } from "../model/conventions.ts";
import { histogramOf } from "../model/exporter.ts";
import type { Finding, Place } from "../model/finding.ts";
import { type AlertPromise, type HttpService, isHttpService, type Platform, type Service } from "../model/platform.ts";
import { allPromises, whereText } from "../model/promises.ts";
import { formatQuantity } from "../model/quantity.ts";
import { bisect, histogramQuantile, p95With, shareWithin } from "./latency.ts";

/** What a latency threshold comes to, once a service's histogram has been asked. */
export type EffectiveThreshold =
  /** The quantile cannot pass the largest finite edge, which is not above the threshold. */
  | { never: true; largestMeasurableValue: number }
  /** The alert fires when the true quantile is above this; at 0, it always does. */
  | { never: false; trueValue: number };

/** A true value this far from the threshold is not what was asked for. */
export const measurableTolerance = 0.05;

/**
 * The true latency above which a quantile that is read from buckets is above a threshold. Follows from the shape of
 * the world's latency (log-normal, see latency.ts), the share of it in each bucket, and the linear interpolation of
 * `histogram_quantile`; found by bisection, as a slower service never gives a lower reading.
 *
 * @param edges finite bucket edges, ascending
 * @param quantile strictly between 0 and 1
 */
export function effectiveThreshold(edges: readonly number[], quantile: number, threshold: number): EffectiveThreshold {
  // Ten thousand services have but a few kinds of buckets.
  const id = [quantile, threshold, ...edges].join(" ");
  const effective = effectives.get(id) ?? foundEffective(edges, quantile, threshold);
  effectives.set(id, effective);
  return effective;
}

const effectives = new Map<string, EffectiveThreshold>();

function foundEffective(edges: readonly number[], quantile: number, threshold: number): EffectiveThreshold {
  const [first = 0, largest = 0] = [edges[0], edges.at(-1)];
  // With every request in the first bucket, the reading is this share of it and cannot be less.
  if (threshold < quantile * first) return { never: false, trueValue: 0 };
  if (threshold >= largest) return { never: true, largestMeasurableValue: largest };
  const reads = (trueSeconds: number) => {
    const p95 = p95With(quantile, trueSeconds);
    const shares = edges.map((edge) => shareWithin(edge, p95));
    return histogramQuantile(quantile, edges, shares, 1);
  };
  // At twice the largest edge hardly any request is within it: the reading is at its highest.
  const trueValue = bisect(0, 2 * largest, (value) => value > 0 && reads(value) > threshold);
  return { never: false, trueValue };
}

/** Why an alert cannot keep what it promises with the buckets its service has, and what to do about it. */
export interface MeasurabilityProblem {
  rule: "measurable/never-fires" | "measurable/always-fires" | "measurable/fires-elsewhere";
  cause: string;
  fix: string;
}

/** Undefined when the promise's threshold can be measured to within 5 %, or is not one on a quantile of a histogram. */
export function measurabilityProblem(promise: AlertPromise, severity: Severity): MeasurabilityProblem | undefined {
  const { alert, service } = promise;
  const { quantile, unit } = alert.signal;
  const threshold = promise.levels[severity];
  if (quantile === undefined || !threshold || alert.direction !== "above") return undefined;
  const measured = bucketsBehind(promise);
  if (!measured) return undefined;
  const { edges } = measured;
  const effective = effectiveThreshold(edges, quantile, threshold.value);
  const histogram = `${measured.histogram} for ${service.name}`;
  const text = (value: number) => formatQuantity({ unit, value: Number(value.toPrecision(3)) });
  const better = () => isHttpService(service) && betterBuckets(service);
  const fix = (instead: string) => {
    const buckets = better();
    return buckets ? `${buckets}, or ${instead}.` : sentence(instead);
  };
  if (effective.never) {
    const largest = effective.largestMeasurableValue;
    return {
      rule: "measurable/never-fires",
      cause: `The value cannot pass ${text(largest)}: that is the largest finite bucket of ${histogram}.`,
      fix: fix(`choose a threshold below ${formatQuantity({ unit, value: largest })}`),
    };
  }
  const actual = effective.trueValue;
  if (actual === 0) {
    const [first = 0] = edges;
    return {
      rule: "measurable/always-fires",
      cause: `The value cannot fall below ${text(quantile * first)}: the first bucket of ${histogram} ends at ${first}, and nothing within it is told apart.`,
      fix: fix(`choose a threshold of ${formatQuantity({ unit, value: first })} or more`),
    };
  }
  if (Math.abs(actual / threshold.value - 1) <= measurableTolerance) return undefined;
  const [below, above] = edgesAround(edges, threshold.value);
  // A value can reach the largest edge, but not pass it.
  const choices = [below, above].filter((edge) => edge > 0 && edge !== edges.at(-1));
  const choice = choices.map((value) => formatQuantity({ unit, value })).join(" or ");
  return {
    rule: "measurable/fires-elsewhere",
    cause: `It fires when the true value is above ${text(actual)}, not ${formatQuantity(threshold)}: ${histogram} has no bucket edge between ${below} and ${above}, and the value is interpolated.`,
    fix: choice ? fix(`move the threshold to ${choice}`) : `${better() || "Choose another threshold"}.`,
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The histogram that an alert's signal is a quantile of. */
interface BucketsBehind {
  histogram: string;
  /** Finite bucket edges, ascending. */
  edges: readonly number[];
}

function bucketsBehind({ alert: { signal }, service }: AlertPromise): BucketsBehind | undefined {
  if (isHttpService(service)) return { histogram: service.http.histogram, edges: service.latencyBucketsSeconds };
  const found = service.exporter && histogramOf(service.exporter, signal.fact);
  return found && { histogram: found.name, edges: found.edges };
}

/** The edges around a value that is below the largest edge and none itself. */
function edgesAround(edges: readonly number[], value: number): [number, number] {
  const above = edges.findIndex((edge) => edge >= value);
  return [edges[above - 1] ?? 0, edges[above] ?? Number.NaN];
}

function betterBuckets(service: HttpService): string {
  const edges = edgesThatMeasure(service);
  return `Write ${service.http.bucketSetting(edges)} in ${service.name}, and latency_buckets: [${edges.map((edge) => `${edge}s`).join(", ")}] under its instrumentation in monitoring.yaml`;
}

/** The service's own edges, every latency threshold it has, and something above the highest of them. */
export function edgesThatMeasure(service: Service): number[] {
  const { latencyBucketsSeconds } = service;
  const thresholds = allPromises(service)
    .filter(({ alert }) => alert.signal.quantile !== undefined)
    .flatMap(({ levels }) => Object.values(levels).map(({ value }) => value));
  const highest = Math.max(...thresholds);
  const room = (latencyBucketsSeconds.at(-1) ?? 0) > highest ? [] : [highest * 1.25, highest * 2.5];
  const edges = [...latencyBucketsSeconds, ...thresholds, ...room].map((edge) => Number(edge.toPrecision(6)));
  return [...new Set(edges)].sort((a, b) => a - b);
}

const does: Readonly<Record<MeasurabilityProblem["rule"], string>> = {
  "measurable/never-fires": "can never fire at",
  "measurable/always-fires": "always fires at",
  "measurable/fires-elsewhere": "fires at another value than",
};

/**
 * What every latency alert of every service really fires at: an error where it never or always does, a warning where it does so
 * at a value more than 5 % from the one that was chosen.
 *
 * @param placeOf where something stands in monitoring.yaml, by its path in it
 */
export function measurableFindings(
  platform: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
): Finding[] {
  return platform.services.flatMap((service, index) =>
    allPromises(service).flatMap((promise) =>
      severities.flatMap((severity): Finding[] => {
        const problem = measurabilityProblem(promise, severity);
        const threshold = promise.levels[severity];
        if (!problem || !threshold) return [];
        return [
          {
            rule: problem.rule,
            severity: problem.rule === "measurable/fires-elsewhere" ? "warning" : "error",
            place: placeOf(["services", index, "instrumentation"]),
            summary: `${promise.alert.name} ${severity} of ${service.name}${whereText(service, promise)} ${does[problem.rule]} ${formatQuantity(threshold)}.`,
            detail: problem.cause,
            fix: problem.fix,
          },
        ];
      }),
    ),
  );
}
