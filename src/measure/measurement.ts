import type { Severity } from "../model/conventions.ts";
import type { Unit } from "../model/quantity.ts";

/** How long trouble of one value took to be told, and how long the promise allows; seconds. */
export interface Detection {
  value: number;
  /** Undefined: it was never told. */
  seconds?: number;
  allowed: readonly [from: number, to: number];
}

/** What one level of an alert really does for one service; values are of the world, in the signal's unit. */
export interface Measurement {
  service: string;
  /** Where it is so. @default - in every environment of the service */
  environment?: string;
  alert: string;
  severity: Severity;
  unit: Unit;
  direction: "above" | "below";
  declared: number;
  holdSeconds: number;
  /** The value next to the declared threshold's side of health at which it did not fire, and the first at which it did. */
  quietAt: number;
  /** Undefined: at no value at all. */
  firesAt?: number;
  /** How far off the declared threshold is all right, as a share of it: buckets and whole requests allow no better. */
  tolerance: number;
  /** `firesAt` as a share above (or below) the declared threshold. */
  deviation?: number;
  /** Just beyond the threshold, and at twice as far from the usual or the most there is. */
  detections: Detection[];
}

/** A level that is not measured: something that it needs is missing, or it would need too much. */
export interface Unmeasured extends Pick<Measurement, "service" | "environment" | "alert" | "severity"> {
  outcome: "not-run" | "error";
  reason: string;
  fix: string;
  /** Where in monitoring.yaml the reason stands. */
  path?: readonly (string | number)[];
}

export interface Measured {
  measurements: Measurement[];
  unmeasured: Unmeasured[];
}
