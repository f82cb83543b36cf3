import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
  readable,
  those,
} from "../src/drills/drill-subject.ts";
import { linesPerSecond, ratio, seconds } from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import { everyRoute, stateAt } from "../src/worlds/world.ts";
import { LogErrorsHigh, LogsMissing, logs } from "./logs.ts";

/** Drills of one service's logs that follow from none of its promises, but from what a reader of them takes for granted. */
export const logsDrills = (subject: DrillSubject): Drill[] => [
  ...levelsOf(LogErrorsHigh, subject).flatMap(errorDrills),
  ...levelsOf(LogsMissing, subject).flatMap(silenceDrills),
  ...calmDrills(subject),
];

/** What a line may say that means something to LogQL, templates, JSON or a terminal, and must mean nothing. */
const hostileText = 'level=error {{ $labels.service }} "} | json or vector(1) `\\ \u0000\u001b[31m </script> \u202e';

/** What counts is the level of a line and nothing else in it, whoever writes it and whatever it is about. */
function errorDrills(level: Level): Drill[] {
  const { promise, severity, threshold, subject } = level;
  const { service, world, platform } = subject;
  const window = promise.alert.signal.window?.value ?? 0;
  const { evaluation } = platform.intervals;
  const twice = linesPerSecond(readable(2 * threshold));
  // At twice the threshold half a window of errors is enough, give or take a line; rules look at every interval.
  const after = window / 2 + promise.for.value;
  const slack = evaluation.value + 1 / twice.value;
  const fires = firesFor(level, {}, [
    later(noon, seconds(Math.floor(after - 1 / twice.value))),
    later(noon, seconds(Math.ceil(after + slack + evaluation.value))),
  ]);
  const others = othersQuiet(subject, LogErrorsHigh);
  const usual = service.routes.reduce((sum, name) => sum + stateAt(world, name, 0).requestsPerSecond, 0);
  return those([
    twice.value <= usual &&
      drill(`requests that fail log errors, and are ${called[severity]}`, {
        world: world.from(noon, everyRoute().withErrors(ratio(readable(twice.value / usual)))),
        expect: [fires, ...others],
      }),
    drill(`errors with hostile text are ${called[severity]} like others`, {
      world: world.logs({ level: "error", rate: twice, text: hostileText }, noon),
      expect: [fires, ...others],
    }),
    drill(`lines of level fatal are ${called[severity]} as well`, {
      world: world.logs({ level: "fatal", rate: twice }, noon),
      expect: [fires, ...others],
    }),
    drill(`lines of level warn that speak of errors are not ${called[severity]}`, {
      world: world.logs({ level: "warn", rate: twice, text: hostileText }, noon),
      expect: [quiet(LogErrorsHigh, severity), ...others],
    }),
  ]);
}

/** Silence is that of the whole service, and of one that has spoken before. */
function silenceDrills({ severity, subject }: Level): Drill[] {
  const { world } = subject;
  const all = world.instances.length;
  const expect = [quiet(LogsMissing, severity), ...othersQuiet(subject, LogsMissing)];
  return those([
    all > 1 &&
      drill(`no lines from ${all - 1} of ${all} instances is not ${called[severity]}`, {
        world: world.losesLogs(noon, undefined, { instances: all - 1 }),
        expect,
      }),
    drill(`a new service that has never logged before is not ${called[severity]}`, {
      world: world.startsAt(noon),
      expect,
    }),
  ]);
}

/** What happens every day is no reason for an alert. */
function calmDrills({ service, world }: DrillSubject): Drill[] {
  const expect: Expectation[] = logs.alerts.filter(({ name }) => service.promises.has(name)).map((one) => quiet(one));
  return those([
    expect.length > 0 &&
      drill("an ordinary hour of log lines with the noise of chance is quiet", {
        world: world.withNoise(1).until("13:00"),
        expect,
      }),
  ]);
}
