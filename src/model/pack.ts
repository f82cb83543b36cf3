import type { Severity } from "./conventions.ts";
import type { HttpInstrumentation } from "./instrumentation.ts";
import type { Duration, Quantity, Unit } from "./quantity.ts";

/**
 * One measured quantity. Alerts compare it, panels draw it, reports quote it: all of them read the one recorded
 * series, so what is drawn is what alerts.
 */
export interface Signal<U extends Unit = Unit> {
  /** Stable id in snake case. */
  name: string;
  /** What a panel's title says. */
  title: string;
  /** What it means, for the engineer who sees the panel for the first time. */
  description: string;
  unit: U;
  /** Labels that the series has. */
  labels: readonly string[];
  /** Name of the recorded series. */
  series: string;
  /**
   * How far back the query looks: until that much time has passed, the value also tells of what was before.
   * @default - none: it tells of this instant
   */
  window?: Duration;
  /** Which quantile of the service's latency histogram it is; only latency signals have it. */
  quantile?: number;
  source: SignalSource;
}

/**
 * How a signal is recorded: once, or once per instrumentation in use, each writing the same series name, so that
 * everything behind it need not know which instrumentation a service has.
 */
export type SignalSource = { once: string } | { perInstrumentation: (http: HttpInstrumentation) => string };

/** The value beyond which an alert of a severity fires; a severity that is left out does not exist. */
export type Levels<U extends Unit> = Partial<Record<Severity, Quantity<U>>>;

export type Direction = "above" | "below";

/** A signal with thresholds and words: the promise that drills hold it to. */
export interface Alert<U extends Unit = Unit> {
  /** In Pascal case; the runbook is `runbooks/<pack>/<name>.md`. */
  name: string;
  pack: string;
  signal: Signal<U>;
  direction: Direction;
  levels: Levels<U>;
  /** How long the signal must stay beyond the threshold, without a break. */
  for: Duration;
  /** Speaks only while this other signal is above a value: a ratio of next to nothing says nothing. */
  guard?: { signal: Signal; above: Quantity };
  /**
   * Speaks of the scrape itself: a service that sends its metrics has none, so the alert does not exist for it.
   * @default false
   */
  scrapedOnly?: boolean;
  /** One line with the service, the route and the value; Prometheus template, `$labels` and `$value`. */
  summary: string;
  /** What it means for users, in one or two sentences; Prometheus template. */
  impact: string;
}

type AlertProps<U extends Unit> = Omit<Alert<U>, "direction" | "levels"> &
  ({ above: Levels<U>; below?: never } | { below: Levels<U>; above?: never });

/** Declares a signal; exists so that the unit is checked where it is written. */
export const signal = <U extends Unit>(props: Signal<U>): Signal<U> => props;

/** Declares an alert that fires `above` or `below` its levels; both comparisons are strict. */
export function alert<U extends Unit>({ above, below, ...rest }: AlertProps<U>): Alert<U> {
  return { ...rest, direction: above ? "above" : "below", levels: above ?? below ?? {} };
}

/** Everything that is known about one kind of thing that is monitored. */
export interface Pack {
  name: string;
  title: string;
  /** In the order in which they are recorded: a signal may read those before it. */
  signals: readonly Signal[];
  alerts: readonly Alert[];
}
