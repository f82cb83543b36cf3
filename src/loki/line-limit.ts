import type { DrillFault } from "../drills/check-drill.ts";
import type { Drill } from "../drills/drill.ts";
import { promiseOf } from "../drills/drill-timeline.ts";
import { type Severity, severities } from "../model/conventions.ts";
import { isLogSignal } from "../model/pack.ts";
import type { AlertPromise, Platform } from "../model/platform.ts";
import { allPromises, defaultsIn } from "../model/promises.ts";
import { formatQuantity, type Quantity } from "../model/quantity.ts";
import type { Timeline } from "../worlds/exposition.ts";
import { countLines } from "../worlds/log-lines.ts";
import type { World } from "../worlds/world.ts";

/** As many lines as Loki is given for one drill or one value that is measured: some seconds of work. */
export const mostLines = 300_000;

/** What a level of an alert on logs needs too many lines for, and where its threshold stands in monitoring.yaml. */
export type TooManyLines = Required<Pick<DrillFault, "problem" | "cause" | "fix" | "path">>;

/** Undefined where a world logs no more than Loki is given. */
export function tooManyLines(
  world: World,
  timeline: Timeline,
  { promise, severity }: { promise: AlertPromise; severity: Severity },
  platform: Platform,
): TooManyLines | undefined {
  const lines = countLines(world, timeline);
  const threshold = promise.levels[severity];
  if (lines <= mostLines || !threshold) return undefined;
  const most: Quantity = { unit: threshold.unit, value: twoDigits((threshold.value * mostLines) / lines) };
  return {
    problem: `With a threshold of ${formatQuantity(threshold)} it takes about ${twoDigits(lines).toLocaleString("en")} lines.`,
    cause: `Loki is given ${mostLines.toLocaleString("en")} lines at most: more take too long to be tried every time.`,
    fix: `Choose a threshold of ${formatQuantity(most)} or less, or a shorter \`for\`.`,
    path: thresholdPath(promise, severity, platform),
  };
}

/** The same for a drill on log lines, as what is wrong with it. */
export function lineFault(drill: Drill, platform: Platform, timeline: Timeline): DrillFault | undefined {
  const levels = drill.expect.flatMap((one) => {
    const own = promiseOf(one, drill.world);
    // Of an alert that is switched off here, the thresholds of the others are drilled.
    const promises = own
      ? [own]
      : platform.services.flatMap(allPromises).filter(({ alert }) => alert.name === one.alert);
    const wanted = one.severity ? [one.severity] : severities;
    return promises
      .filter(({ alert }) => isLogSignal(alert.signal))
      .flatMap((promise) => wanted.map((severity) => ({ promise, severity })));
  });
  const highest = levels.toSorted((a, b) => thresholdOf(b) - thresholdOf(a))[0];
  const found = highest && tooManyLines(drill.world, timeline, highest, platform);
  return found && { about: "A drill should need no more log lines than Loki can be given.", ...found };
}

const thresholdOf = ({ promise, severity }: { promise: AlertPromise; severity: Severity }): number =>
  promise.levels[severity]?.value ?? 0;

/** Rounded down. */
function twoDigits(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit) * unit).toPrecision(2));
}

/** Where a threshold is written: for the service, or else for all of them. */
function thresholdPath({ alert, service, levels }: AlertPromise, severity: Severity, platform: Platform) {
  const common = service.environments.map((name) => defaultsIn(name, platform).get(alert.name));
  const isOwn = common.every((one) => levels[severity]?.value !== one?.levels[severity]?.value);
  const index = platform.services.findIndex(({ name }) => name === service.name);
  return [...(isOwn ? ["services", index] : []), "thresholds", alert.name, severity];
}
