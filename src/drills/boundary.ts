import type { Severity } from "../model/conventions.ts";

/** Every kind of drill that is derived from a promise: the side of a limit on which the world is, or what disturbs it. */
export const boundaries = [
  "just below the threshold",
  "just above the threshold",
  "exactly the threshold",
  "just short of for",
  "just past for",
  "recovery",
  "flapping",
  "missing series",
  "stale series",
  "counter reset",
  "scrape gap",
  "one among healthy",
  "several at once",
  "just below the guard",
  "just above the guard",
  "exactly the guard",
] as const;
export type Boundary = (typeof boundaries)[number];

/** What a derived drill pins down. */
export interface Probe {
  alert: string;
  severity: Severity;
  boundary: Boundary;
}
