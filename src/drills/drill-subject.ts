import { type Severity, severities } from "../model/conventions.ts";
import { type Alert, isLogSignal } from "../model/pack.ts";
import type { AlertPromise, Platform, Service } from "../model/platform.ts";
import { formatDuration, formatQuantity, minutes } from "../model/quantity.ts";
import { type Drill, type Expectation, type ExpectedLabels, fires, quiet } from "./drill.ts";
import { type FiringTime, firingTime } from "./firing-time.ts";
import { healthy, type World } from "./world.ts";

/** When trouble starts, in every drill of a pack. */
export const noon = "12:00";

/** How long Prometheus is away in drills with a gap: less than any window of a rate. */
export const gap = minutes(2);

/** What an alert of a severity is called in a sentence. */
export const called: Readonly<Record<Severity, string>> = { warning: "a warning", critical: "critical" };

/** Four digits are enough for a world, and can be read. */
export const readable = (value: number): number => Number(value.toPrecision(4));

/** Leaves out the drills that a service has no room for. */
export const those = (drills: (Drill | false)[]): Drill[] => drills.filter((one) => one !== false);

/** What a pack's drills are made from: one service and all that it promises. */
export interface DrillSubject {
  service: Service;
  platform: Platform;
  /** The healthy service, in an environment that pages if it has one. */
  world: World;
}

export function drillSubject(service: Service, platform: Platform): DrillSubject {
  const paging = platform.environments.filter(({ pages }) => pages !== false).map(({ name }) => name);
  return {
    service,
    platform,
    world: healthy(
      service,
      service.environments.find((name) => paging.includes(name)),
    ),
  };
}

/** One severity of an alert, as the service has it. */
export interface Level {
  promise: AlertPromise;
  severity: Severity;
  threshold: number;
  /** When it must fire, if trouble fills this share of the signal's window before the threshold is passed. */
  time: (share?: number) => FiringTime;
}

/** `above 2 s for less than 5m`: how trouble is that is too short for a level. */
export function tooBrief({ promise, severity }: Level): string {
  const threshold = promise.levels[severity];
  return `${promise.alert.direction} ${threshold && formatQuantity(threshold)} for less than ${formatDuration(promise.for)}`;
}

/** The levels that are switched on, the mildest first. */
export function levelsOf({ name }: Alert, { service, platform }: DrillSubject): Level[] {
  const promise = service.promises.get(name);
  if (!promise) return [];
  return severities.flatMap((severity) => {
    const threshold = promise.levels[severity]?.value;
    if (threshold === undefined) return [];
    return [{ promise, severity, threshold, time: (share = 1) => firingTime(promise, share, platform.intervals) }];
  });
}

/** The level fires between two times of day and reaches every receiver that the service's team has for it, where it pages. */
export function firesFor(
  { promise: { alert }, severity }: Level,
  { service, platform, world }: DrillSubject,
  labels: ExpectedLabels,
  [from, to]: readonly [string, string],
  over?: string,
): Expectation {
  const firing = fires(alert, severity, { environment: world.environment, ...labels }).between(from, to);
  const expected = over === undefined ? firing : firing.resolvesBy(over);
  const pages = platform.environments.some(({ name, pages }) => name === world.environment && pages !== false);
  const receivers = platform.teams
    .filter(({ name }) => pages && name === service.owner)
    .flatMap((team) => team.receivers.filter(({ severities: meantFor = severities }) => meantFor.includes(severity)));
  return expected.reaching(...receivers.map(({ name }) => name));
}

/**
 * Every alert of the service on metrics stays quiet, but for those that are given. What its logs say of the trouble
 * is drilled by their own pack: only Loki could tell here.
 */
export const othersQuiet = ({ service }: DrillSubject, ...but: Alert[]): Expectation[] =>
  [...service.promises.values()]
    .filter(({ alert }) => !isLogSignal(alert.signal) && but.every(({ name }) => name !== alert.name))
    .map(({ alert }) => quiet(alert));
