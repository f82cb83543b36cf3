import { later } from "../src/drills/clock.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  readable,
  those,
} from "../src/drills/drill-subject.ts";
import type { LogLevel } from "../src/drills/logged-lines.ts";
import { everyRoute, healthy, stateAt, type World } from "../src/drills/world.ts";
import type { Alert } from "../src/model/pack.ts";
import { formatDuration, linesPerSecond, ratio, seconds } from "../src/model/quantity.ts";
import { LogErrorsHigh, LogsMissing, logs } from "./logs.ts";

/** What a line may say that means something to LogQL, templates, JSON or a terminal, and must mean nothing. */
const hostileText = 'level=error {{ $labels.service }} "} | json or vector(1) `\\ \u0000\u001b[31m </script> \u202e';

/** Every promise about logs of one service, told by what it logs. */
export const logsDrills = (subject: DrillSubject): Drill[] => [
  ...levelsOf(LogErrorsHigh, subject).flatMap((level) => errorDrills(level, subject)),
  ...levelsOf(LogsMissing, subject).flatMap((level) => silenceDrills(level, subject)),
  ...calmDrills(subject),
];

/** Nothing else about logs fires. */
const othersQuiet = ({ service }: DrillSubject, but?: Alert): Expectation[] =>
  logs.alerts.filter(({ name }) => service.promises.has(name) && name !== but?.name).map((one) => quiet(one));

/**
 * When an alert fires whose signal passes its threshold some seconds after trouble starts, one line more or less,
 * and is seen to do so at the next evaluation.
 */
function firing({ promise }: Level, { platform }: DrillSubject, riseSeconds: number, lineSeconds = 1) {
  const { evaluation } = platform.intervals;
  const at = (secondsAfter: number) => later(noon, seconds(Math.max(0, secondsAfter)));
  const hold = Math.ceil(promise.for.value / evaluation.value) * evaluation.value;
  return {
    between: [at(riseSeconds - lineSeconds + hold), at(riseSeconds + lineSeconds + evaluation.value + hold)] as const,
    hold,
    slack: 2 * (evaluation.value + lineSeconds),
  };
}

/** Errors that come at a rate fill the window of the signal little by little. */
function errorDrills(level: Level, subject: DrillSubject): Drill[] {
  const { promise, severity, threshold } = level;
  const { service, world } = subject;
  const window = promise.alert.signal.window?.value ?? 0;
  const logging = (times: number, level: LogLevel = "error", text?: string) => ({
    level,
    rate: linesPerSecond(readable(times * threshold)),
    text,
  });
  const others = othersQuiet(subject, LogErrorsHigh);
  const fires = (times: number) => {
    const { between, slack } = firing(level, subject, window / times, 1 / (times * threshold));
    return { expected: firesFor(level, {}, between), slack };
  };
  const twice = firing(level, subject, window / 2, 1 / (2 * threshold));
  const end = later(noon, seconds(Math.ceil(twice.hold + twice.slack + window / 2)));
  const short = Math.floor(promise.for.value - twice.slack);
  const usual = service.routes.reduce((sum, name) => sum + stateAt(world, name, 0).requestsPerSecond, 0);
  return those([
    drill(`errors at twice the threshold are ${called[severity]} and over after`, {
      world: world.logs(logging(2), noon, end),
      expect: [
        firesFor(level, {}, twice.between).resolvesBy(later(end, seconds(Math.ceil(window / 2 + twice.slack)))),
        ...others,
      ],
    }),
    drill(`errors just above the threshold are ${called[severity]}`, {
      world: world.logs(logging(1.25), noon),
      expect: [fires(1.25).expected, ...others],
    }),
    drill(`errors just below the threshold are not ${called[severity]}`, {
      world: world.logs(logging(0.8), noon),
      expect: [quiet(LogErrorsHigh, severity), ...others],
    }),
    // What comes at twice the threshold is beyond it for as long as it lasts.
    short > window / 2 &&
      drill(`errors at twice the threshold for ${formatDuration(seconds(short))} are not ${called[severity]}`, {
        world: world.logs(logging(2), noon, later(noon, seconds(short))),
        expect: [quiet(LogErrorsHigh, severity), ...others],
      }),
    2 * threshold <= usual &&
      drill(`requests that fail log errors, and are ${called[severity]}`, {
        world: world.from(noon, everyRoute().withErrors(ratio(readable((2 * threshold) / usual)))),
        expect: [fires(2).expected, ...others],
      }),
    drill(`lines of level warn that speak of errors are not ${called[severity]}`, {
      world: world.logs(logging(3, "warn", hostileText), noon),
      expect: [quiet(LogErrorsHigh, severity), ...others],
    }),
    drill(`errors with hostile text are ${called[severity]} like others`, {
      world: world.logs(logging(2, "error", hostileText), noon),
      expect: [fires(2).expected, ...others],
    }),
  ]);
}

/** Silence fills the window of the signal before the alert begins to wait. */
function silenceDrills(level: Level, subject: DrillSubject): Drill[] {
  const { promise, severity } = level;
  const { world } = subject;
  const window = promise.alert.signal.window?.value ?? 0;
  const all = world.instances.length;
  const others = othersQuiet(subject, LogsMissing);
  // The last line before it comes up to this much earlier than the silence.
  const line = 60;
  const { between, hold, slack } = firing(level, subject, window, line);
  const end = later(noon, seconds(Math.ceil(window + hold + slack)));
  const short = Math.floor(window + promise.for.value - slack);
  return those([
    drill(`no lines for ${formatDuration(seconds(window + hold + slack))} is ${called[severity]} and is over after`, {
      world: world.losesLogs(noon, end),
      expect: [firesFor(level, {}, between).resolvesBy(later(end, seconds(slack + line))), ...others],
    }),
    drill(`no lines for ${formatDuration(seconds(short))} is not ${called[severity]}`, {
      world: world.losesLogs(noon, later(noon, seconds(short))),
      expect: [quiet(LogsMissing, severity), ...others],
    }),
    all > 1 &&
      drill(`no lines from ${all - 1} of ${all} instances is not ${called[severity]}`, {
        world: world.losesLogs(noon, undefined, { instances: all - 1 }),
        expect: [quiet(LogsMissing, severity), ...others],
      }),
    drill("a new service that has never logged before is quiet", {
      world: world.startsAt(noon),
      expect: [quiet(LogsMissing, severity), ...others],
    }),
  ]);
}

/** What happens every day, or to others, is no reason for an alert. */
function calmDrills(subject: DrillSubject): Drill[] {
  const { platform, service, world } = subject;
  if (othersQuiet(subject).length === 0) return [];
  const neighbour = platform.services.find(({ name }) => name !== service.name);
  const most = Math.max(
    1,
    ...Object.values(service.promises.get(LogErrorsHigh.name)?.levels ?? {}).map(({ value }) => value),
  );
  const erring = (one: World) => one.logs({ level: "error", rate: linesPerSecond(readable(2 * most)) }, noon);
  return those([
    drill("an ordinary hour of log lines with the noise of chance is quiet", {
      world: world.withNoise(1).until("13:00"),
      expect: othersQuiet(subject),
    }),
    neighbour !== undefined &&
      drill(`errors in the logs of ${neighbour.name} leave it quiet`, {
        world: world.alongside(erring(healthy(neighbour))),
        expect: logs.alerts
          .filter(({ name }) => service.promises.has(name))
          .map((one) => quiet(one).forLabels({ service: service.name })),
      }),
  ]);
}
