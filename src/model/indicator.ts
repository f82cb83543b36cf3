import type { HttpInstrumentation } from "./instrumentation.ts";
import type { Duration } from "./quantity.ts";

/** Which services an indicator is asked about. */
export interface Asked {
  /** Matchers that choose them, as text; none where all have it. */
  matchers: readonly string[];
  /** How long an event may take, where the indicator has a bound. */
  within?: Duration;
  /** Instrumentations that they have. */
  instrumentations: readonly HttpInstrumentation[];
}

/**
 * What of a service can be held to an objective: events, of which some are bad. Both are PromQL for events per second over
 * five minutes with the labels environment, service and team and no others; what is bad is 0, not absent, on a good day.
 */
export interface Indicator {
  /** What monitoring.yaml calls it. */
  name: string;
  /** What is bad, in words: `requests that fail`. */
  bad: string;
  /** It needs a bound (`within`), an edge of the service's latency histogram. @default false */
  isBounded?: boolean;
  events: (asked: Asked) => string;
  /** One of the two is given. */
  badEvents?: (asked: Asked) => string;
  goodEvents?: (asked: Asked) => string;
}

/** An objective for one indicator of a service, as monitoring.yaml has it. */
export interface SloProps {
  /** Unique within the service; the label `slo`. @default - the indicator's name */
  name?: string;
  /** Name of an indicator of one of the service's packs. */
  indicator: string;
  /** Share of events that must be good, between 0 and 1. */
  objective: { unit: "ratio"; value: number };
  /** An event that takes longer is bad; for indicators that have a bound. */
  within?: Duration;
  /** Whole days over which it is counted. @default 30 days */
  window?: Duration;
}

export interface Slo extends SloProps {
  name: string;
  window: Duration;
}

/** How many times as fast as it may a budget burns when every event is bad. */
export const highestBurn = ({ objective }: Pick<SloProps, "objective">): number => 1 / (1 - objective.value);
