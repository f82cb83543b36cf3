import { type Boundary, boundaries } from "../drills/boundary.ts";
import type { Drill } from "../drills/drill.ts";
import { type DrillSubject, type Level, levelsOf } from "../drills/drill-subject.ts";
import type { Severity } from "../model/conventions.ts";
import type { Service } from "../model/platform.ts";
import { derivations } from "./derivations.ts";
import { type Provocations, provocationOf, whyUnprovoked } from "./provocation.ts";
import { troubleOf } from "./trouble.ts";

/** One cell of the table alert × severity × boundary: the drill, or why there is none. */
export type Derived = { service: string; alert: string; severity: Severity; boundary: Boundary } & (
  | { drill: Drill; reason?: undefined }
  | { drill?: undefined; reason: string }
);

/**
 * The drills that pin down every promise of a service, worked out from the promise and from how its signal is
 * provoked; the rules have no part in it. Those of some of its promises only, where these are given. Throws an Error when a pack does not say how a signal is provoked.
 */
export const deriveDrills = (
  subject: DrillSubject,
  provocations: Provocations,
  promises: Service["promises"] = subject.service.promises,
): Derived[] =>
  [...promises.values()]
    .flatMap(({ alert }) => levelsOf(alert, subject))
    .flatMap((level) => deriveLevel(level, provocations));

function deriveLevel(level: Level, provocations: Provocations): Derived[] {
  const { alert } = level.promise;
  const unprovoked = whyUnprovoked(level, provocations);
  const trouble = unprovoked === undefined ? troubleOf(level, provocationOf(level, provocations)) : undefined;
  return boundaries.map((boundary) => {
    const probe = { alert: alert.name, severity: level.severity, boundary };
    const head = { service: level.subject.service.name, ...probe };
    const made = trouble
      ? (trouble.without?.[boundary] ?? derivations[boundary](trouble, provocations))
      : (unprovoked ?? "");
    if (typeof made === "string") return { ...head, reason: made };
    return { ...head, drill: { ...made, place: { file: `alert-rules/${alert.pack}.ts` }, probes: probe } };
  });
}
