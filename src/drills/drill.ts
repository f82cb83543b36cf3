import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Severity } from "../model/conventions.ts";
import type { Place } from "../model/finding.ts";
import type { Alert } from "../model/pack.ts";
import type { World } from "../worlds/world.ts";
import type { Probe } from "./boundary.ts";
import type { About } from "./drill-result.ts";

/** Labels an alert must have; those that are not named may be anything. */
export type ExpectedLabels = Readonly<Record<string, string>>;

export interface FiresExpectation {
  kind: "fires";
  alert: string;
  severity: Severity;
  labels: ExpectedLabels;
  /** Times of day between which it must begin to fire, both inclusive. */
  from: string;
  to: string;
  /** Names of receivers that must get the message. */
  receivers: readonly string[];
  /** Time of day by which it must have stopped, for good. */
  resolvedBy?: string;
  /** Time of day before which it must not have stopped. */
  resolvedFrom?: string;
  /** Between which the value in its message must be, in the signal's unit; else only beyond the threshold. */
  reads?: { from: number; to: number };
}

export interface QuietExpectation {
  kind: "quiet";
  alert: string;
  /** @default - every severity */
  severity?: Severity;
  labels: ExpectedLabels;
}

export type Expectation = FiresExpectation | QuietExpectation;

/** A world and what must be seen in it. */
export interface Drill {
  name: string;
  world: World;
  expect: readonly Expectation[];
  /** Time of day from which it is about; what happens before is history. @default - when something first happens */
  since?: string;
  /** Where it is written. */
  place: Place;
  /** What it pins down; only a drill that was derived from a promise says so. */
  probes?: Probe;
}

/** What `fires(…).between(…)` gives: an expectation to which more can be added. */
export type FiresBuilder = FiresExpectation & {
  /** The message must reach these receivers. */
  reaching(...receivers: string[]): FiresBuilder;
  /** The alert must be over by this time of day, and stay so. */
  resolvesBy(time: string): FiresBuilder;
  /** The alert must be over between two times of day, both inclusive, and stay so. */
  resolvesBetween(from: string, to: string): FiresBuilder;
  /** The value that the message tells must be between these two, in the signal's unit. */
  reading(from: number, to: number): FiresBuilder;
};

/** What `quiet(…)` gives: an expectation that can be narrowed. */
export type QuietBuilder = QuietExpectation & {
  /** Only instances with these labels must be quiet. */
  forLabels(labels: ExpectedLabels): QuietBuilder;
};

const nameOf = (alert: Alert | string): string => (typeof alert === "string" ? alert : alert.name);

/**
 * The alert begins to fire, with this severity and these labels, between two times of day. It must not have fired
 * before: too early is as wrong as too late.
 */
export function fires(alert: Alert | string, severity: Severity, labels: ExpectedLabels = {}) {
  return {
    between: (from: string, to: string): FiresBuilder =>
      firesBuilder({ kind: "fires", alert: nameOf(alert), severity, labels, from, to, receivers: [] }),
  };
}

const firesBuilder = (expectation: FiresExpectation): FiresBuilder => ({
  ...expectation,
  reaching: (...receivers) => firesBuilder({ ...expectation, receivers: [...expectation.receivers, ...receivers] }),
  resolvesBy: (resolvedBy) => firesBuilder({ ...expectation, resolvedBy }),
  resolvesBetween: (resolvedFrom, resolvedBy) => firesBuilder({ ...expectation, resolvedFrom, resolvedBy }),
  reading: (from, to) => firesBuilder({ ...expectation, reads: { from, to } }),
});

/** The alert does not fire at any time of the drill, which lasts long enough for it to fire if it wanted to. */
export const quiet = (alert: Alert | string, severity?: Severity): QuietBuilder =>
  quietBuilder({ kind: "quiet", alert: nameOf(alert), severity, labels: {} });

const quietBuilder = (expectation: QuietExpectation): QuietBuilder => ({
  ...expectation,
  forLabels: (labels) => quietBuilder({ ...expectation, labels }),
});

/** Writes down a drill; `runDrills` runs it. */
export const drill = (name: string, told: Pick<Drill, "world" | "expect" | "since">): Drill => ({
  name,
  ...told,
  place: placeOfCaller(),
});

/** File and line of the nearest caller outside this file, relative to the folder from which the program runs. */
function placeOfCaller(): Place {
  const here = fileURLToPath(import.meta.url);
  for (const frame of (new Error().stack ?? "").split("\n").slice(1)) {
    const [, address, line] = /\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (address === undefined) continue;
    const file = address.startsWith("file://") ? fileURLToPath(address) : address;
    if (file === here) continue;
    const inside = relative(process.cwd(), file);
    return { file: (inside.startsWith("..") ? file : inside).replaceAll("\\", "/"), line: Number(line) };
  }
  return { file: "unknown" };
}

/**
 * The alerts that a drill is about: those that it expects to fire or speaks of by severity. Where there are none it is
 * about every alert that it expects to be quiet.
 */
export function aboutOf({ expect }: Pick<Drill, "expect">): About[] {
  const named = expect.filter(({ kind, severity }) => kind === "fires" || severity !== undefined);
  return (named.length > 0 ? named : expect).map(({ alert, severity }) => ({ alert, severity }));
}
