import type { LoggedLines } from "./logged-lines.ts";
import type { RouteChange } from "./route-change.ts";

/** How many of the service's instances an incident hits, counted from the first. @default - all of them */
export interface Extent {
  instances?: number;
}

/** Where in a thing something is true, besides in how many of its instances. */
export interface FactExtent extends Extent {
  /** One of the service's places, if the fact differs from place to place. @default - every place */
  place?: string;
}

/**
 * Something that happens: from a time of day (else from the beginning) to another, exclusive (else for good).
 * `down`: the scrape fails. `gap`: Prometheus has no sample of anything. `silent`: the target answers, but without
 * its request metrics. `removed`: nothing is a target any more. `mute`: none of its log lines arrive. `lines`: it logs
 * these besides those about its requests. `restart`: the process counts from zero again. `release`: it runs another
 * version. `variant`: it serves users of this variant of an experiment, by the label that names it. `fact`: what the service's exporter shows is true to this degree.
 */
export type WorldEvent = { from?: string; to?: string } & (
  | ({ kind: "routes"; change: RouteChange } & Extent)
  | ({ kind: "down" | "restart" | "mute" } & Extent)
  | ({ kind: "release"; version: string } & Extent)
  | ({ kind: "variant"; label: string; variant: string } & Extent)
  | { kind: "gap" | "silent" | "removed" }
  | { kind: "lines"; lines: LoggedLines }
  | ({ kind: "fact"; fact: string; value: number } & FactExtent)
);

/** What is recorded of a service already, without anything that exposes it: a series as Prometheus keeps it. */
export interface Remembered {
  /** With `__name__`; those that the service has always are added. */
  labels: Readonly<Record<string, string>>;
  everySeconds: number;
  /** What is said of it when a drill fails. @default - nothing */
  words?: string;
  /** How long before the world's first moment it begins. */
  beforeSeconds: number;
  /** Whether it goes on while the world does. @default false: it ends where the world begins */
  goesOn?: boolean;
  /** Its value at a moment, ms since the epoch; undefined where there is none. */
  at: (ms: number) => number | undefined;
}
