import type { Severity } from "../model/conventions.ts";
import type { Place } from "../model/finding.ts";
import type { Unit } from "../model/quantity.ts";

/** How a drill came out; plain data, for the terminal and for every kind of report. */
export interface DrillResult {
  name: string;
  pack: string;
  service: string;
  /** What it is about, see `aboutOf`. */
  about: About[];
  expects: ExpectationResult[];
  /**
   * `error`: the drill itself is wrong, or the rules could not be evaluated; it says nothing about the alert.
   * `not-run`: neither does it, because something that it needs is missing.
   */
  outcome: "passed" | "failed" | "error" | "not-run";
  /** Where the drill is written. */
  place: Place;
  failures: DrillFailure[];
}

/** An alert, or one severity of it. */
export interface About {
  alert: string;
  severity?: Severity;
}

/** One thing that a drill expects, and whether it came true; `error` where the drill could not be run. */
export interface ExpectationResult extends About {
  kind: "fires" | "quiet";
  /** Whose alert it is. */
  service: string;
  outcome: DrillResult["outcome"];
}

/** One expectation that was not met, or one thing that is wrong with the drill. */
export interface DrillFailure {
  /** `HttpLatencyHigh critical {route="/orders"} should fire between 12:05 and 12:11.` */
  expected: string;
  /** `It never did.` */
  happened: string;
  /** More of what happened, a line each: labels that differ. */
  details?: string[];
  /** Time of day at which an alert that fits the expectation first began to fire. */
  firstFiredAt?: string;
  values?: SignalValues;
  /** What was true in the world, a line for each change. */
  world?: string[];
  cause?: string;
  fix?: string;
  /** Where to look: in monitoring.yaml when the cause is there, then the drill. */
  places: Place[];
}

/** A signal around the time that matters. */
export interface SignalValues {
  title: string;
  unit: Unit;
  threshold?: number;
  severity?: Severity;
  /** Undefined where there was no value. */
  points: { at: string; value?: number }[];
}
