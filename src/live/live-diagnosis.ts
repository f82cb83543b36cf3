import { formatQuantity } from "../model/quantity.ts";
import { measurabilityProblem } from "../worlds/measurable.ts";
import type { LiveFault, LivePlan } from "./live-plan.ts";

/** What was seen of a fault that no message told of. */
export interface Evidence {
  /** The highest value of the alert's signal since the drill began; `undefined`: it was never recorded. */
  signalMaximum?: number;
  /** The states in which Prometheus had the alert, of `pending` and `firing`. */
  states: ReadonlySet<string>;
  /** Finite edges of the service's latency histogram, as it exposes them, ascending. */
  latencyBucketsSeconds: readonly number[];
}

export interface Diagnosis {
  /** Why no message came, in one or two sentences. */
  why: string;
  /** What to do, in the imperative. */
  fix: string;
}

/** Follows the way of an alert from the service to its receiver, up to where it ended. */
export function diagnose(
  { alert, promise, severity, threshold, route }: LiveFault,
  { service }: LivePlan,
  { signalMaximum, states, latencyBucketsSeconds }: Evidence,
): Diagnosis {
  const { series, title, unit } = alert.signal;
  if (states.has("firing")) {
    return {
      why: "Prometheus fires the alert, but Alertmanager sent no message for it.",
      fix: "look at the routes and inhibitions of this alert in alertmanager/alertmanager.yml",
    };
  }
  if (states.has("pending")) {
    return {
      why: `${title} went beyond ${formatQuantity(threshold)}, but not without a break: the alert never got past pending.`,
      fix: "run it again when the computer is less busy, or with a smaller --speed",
    };
  }
  if (signalMaximum === undefined) {
    return {
      why: `Prometheus never recorded ${series} for ${route}.`,
      fix: `compare the metrics of ${service.name} with those of ${service.http.title}`,
    };
  }
  const seen = `${title} reached ${formatQuantity({ unit, value: Number(signalMaximum.toPrecision(4)) })} at most`;
  // With the buckets that it really has, whatever is declared.
  const problem = measurabilityProblem({ ...promise, service: { ...service, latencyBucketsSeconds } }, severity);
  if (problem) return { why: `${seen}. ${problem.cause}`, fix: problem.fix };
  return {
    why: `${seen}, and the threshold is ${formatQuantity(threshold)}.`,
    fix: `look at how ${series} is recorded`,
  };
}
