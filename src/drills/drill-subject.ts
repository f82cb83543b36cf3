import { type Severity, severities } from "../model/conventions.ts";
import { type Alert, isDerived, isLogSignal } from "../model/pack.ts";
import type { AlertPromise, Platform, Service } from "../model/platform.ts";
import { variantIn, variantsOf } from "../model/promises.ts";
import { minutes } from "../model/quantity.ts";
import { healthy, type World } from "../worlds/world.ts";
import { type Drill, type Expectation, type ExpectedLabels, type FiresBuilder, fires, quiet } from "./drill.ts";

export { readable } from "../worlds/route-change.ts";

/** When trouble starts, in every drill of a pack. */
export const noon = "12:00";

/** How long Prometheus is away in drills with a gap: less than any window of a rate. */
export const gap = minutes(2);

/** What an alert of a severity is called in a sentence. */
export const called: Readonly<Record<Severity, string>> = { warning: "a warning", critical: "critical" };

/** Leaves out the drills that a service has no room for. */
export const those = (drills: (Drill | false)[]): Drill[] => drills.filter((one) => one !== false);

/** What a pack's drills are made from: one service and all that it promises. */
export interface DrillSubject {
  service: Service;
  /** As the service sees it: its samples come at its own interval. */
  platform: Platform;
  /** The healthy service, in an environment that pages if it has one. */
  world: World;
}

export function drillSubject(service: Service, platform: Platform): DrillSubject {
  const paging = platform.environments.filter(({ pages }) => pages !== false).map(({ name }) => name);
  return {
    service,
    platform: { ...platform, intervals: { ...platform.intervals, scrape: service.scrapeInterval } },
    world: healthy(
      service,
      service.environments.find((name) => paging.includes(name)),
    ),
  };
}

/**
 * One for each group of a service's environments that promise the same: first those where it
 * pages, if it does anywhere.
 */
export function drillSubjects(service: Service, platform: Platform): DrillSubject[] {
  const { environment } = drillSubject(service, platform).world;
  const first = variantIn(service, environment);
  return [first, ...variantsOf(service).filter((one) => one !== first)].map((one) => drillSubject(one, platform));
}

/** One severity of an alert, as a service has it. */
export interface Level {
  subject: DrillSubject;
  promise: AlertPromise;
  severity: Severity;
  threshold: number;
}

/** The levels that are switched on, the mildest first. */
export function levelsOf({ name }: Pick<Alert, "name">, subject: DrillSubject): Level[] {
  const promise = subject.service.promises.get(name);
  if (!promise) return [];
  return severities.flatMap((severity) => {
    const threshold = promise.levels[severity]?.value;
    return threshold === undefined ? [] : [{ subject, promise, severity, threshold }];
  });
}

/** The level fires between two times of day and reaches every receiver that the service's team has for it, where it pages. */
export function firesFor(
  { promise: { alert }, severity, subject: { service, platform, world } }: Level,
  labels: ExpectedLabels,
  [from, to]: readonly [string, string],
): FiresBuilder {
  const environment = labels.environment ?? world.environment;
  const expected = fires(alert, severity, { service: service.name, ...labels, environment }).between(from, to);
  const pages = platform.environments.some(({ name, pages }) => name === environment && pages !== false);
  const receivers = platform.teams
    .filter(({ name }) => pages && name === service.owner)
    .flatMap((team) => team.receivers)
    .filter(({ severities: meantFor = severities }) => meantFor.includes(severity))
    .filter(({ criticalities: meantFor }) => meantFor?.includes(service.criticality) ?? true);
  return expected.reaching(...receivers.map(({ name }) => name));
}

/**
 * Every alert of the service stays quiet, but for those that are given; only alerts on metrics, or only those on logs or of
 * one derived pack where one of these is given: what the other kinds make of the trouble is drilled by their own packs.
 */
export const othersQuiet = ({ service, platform }: DrillSubject, ...but: readonly Alert[]): Expectation[] => {
  const derived = new Set(platform.packs.filter(isDerived).map(({ name }) => name));
  const kindOf = ({ pack, signal }: Alert) =>
    derived.has(pack) ? pack : isLogSignal(signal) ? "on logs" : "on metrics";
  const kind = but.map(kindOf).find((one) => one !== "on metrics") ?? "on metrics";
  return [...service.promises.values()]
    .filter(({ alert }) => kindOf(alert) === kind && but.every(({ name }) => name !== alert.name))
    .map(({ alert }) => quiet(alert));
};
