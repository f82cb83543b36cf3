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
import { type ForbiddenPattern, forbiddenLine, nearMisses } from "../src/model/forbidden-pattern.ts";
import { days, formatDuration, linesPerSecond, ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import type { LoggedLines } from "../src/worlds/logged-lines.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import { healthy, stateAt, type World } from "../src/worlds/world.ts";
import { tooVoluminous, volumeOf } from "./logs.provoke.ts";
import { spikeDrills } from "./logs.spikes.ts";
import {
  forbiddenLabel,
  LogErrorsHigh,
  LogForbiddenPattern,
  LogsMissing,
  LogVolumeHigh,
  LogVolumeSpike,
  LogWarningsHigh,
  logs,
  logVolume,
} from "./logs.ts";

/** Drills of one service's logs that follow from none of its promises, but from what a reader of them takes for granted. */
export const logsDrills = (subject: DrillSubject): Drill[] => [
  ...levelsOf(LogErrorsHigh, subject).flatMap(errorDrills),
  ...levelsOf(LogsMissing, subject).flatMap(silenceDrills),
  ...levelsOf(LogForbiddenPattern, subject).flatMap(forbiddenDrills),
  ...levelsOf(LogWarningsHigh, subject).flatMap((level) => [
    warningDrill(level),
    togetherDrill(level, { level: "warn", rate: linesPerSecond(readable(1.5 * level.threshold)) }),
  ]),
  ...levelsOf(LogVolumeHigh, subject)
    .filter(({ threshold }) => tooVoluminous(threshold, logVolume.window?.value) === undefined)
    .map((level) => togetherDrill(level, volumeOf(1.5 * level.threshold, level.threshold))),
  ...spikeDrills(subject),
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
  // So many lines may be more than the budget, and warnings are counted by themselves.
  const others = othersQuiet(subject, LogErrorsHigh, LogVolumeHigh, LogVolumeSpike, LogWarningsHigh);
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
    ...(["fatal", "critical"] as const).map((level) =>
      drill(`lines of level ${level} are ${called[severity]} as well`, {
        world: world.logs({ level, rate: twice }, noon),
        expect: [fires, ...others],
      }),
    ),
    drill(`lines of level warn that speak of errors are not ${called[severity]}`, {
      world: world.logs({ level: "warn", rate: twice, text: hostileText }, noon),
      expect: [quiet(LogErrorsHigh, severity), ...others],
    }),
  ]);
}

/** Half as much again as is allowed, from two instances: neither of them logs too much by itself. */
function togetherDrill(level: Level, lines: LoggedLines): Drill {
  const { promise, severity, subject } = level;
  const { alert, for: hold } = promise;
  const window = alert.signal.window?.value ?? 0;
  return drill(`the lines of all instances together are ${called[severity]}: ${alert.signal.title.toLowerCase()}`, {
    world: subject.world.withInstances(2).logs(lines, noon),
    expect: [
      // Two thirds of the window must be full of them.
      firesFor(level, {}, [
        later(noon, seconds(0.6 * window + hold.value)),
        later(noon, seconds(0.72 * window + hold.value + 2 * subject.platform.intervals.evaluation.value)),
      ]),
    ],
  });
}

/** Only the level tells a warning: not worse ones, and not what a line says. */
function warningDrill({ severity, threshold, subject }: Level): Drill {
  const rate = linesPerSecond(readable(2 * threshold));
  return drill(`lines of other levels that speak of warnings are not ${called[severity]}`, {
    world: (["error", "info"] as const).reduce(
      (world, level) => world.logs({ level, rate, text: "level=warn warning: warn" }, noon),
      subject.world,
    ),
    expect: [quiet(LogWarningsHigh, severity)],
  });
}

/** Silence is that of the whole service, and of one that has spoken before. */
function silenceDrills(level: Level): Drill[] {
  const { severity, subject } = level;
  const { world } = subject;
  const all = world.instances.length;
  const others = othersQuiet(subject, LogsMissing);
  const expect = [quiet(LogsMissing, severity), ...others];
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
    rareLines(level, others),
    linesOfAll(level, others),
    linesOfYesterday(level, others),
  ]);
}

/** Logs nothing but what a drill wants it to. */
const saysNothing = (world: World): World => world.always(everyRoute().withTraffic(requestsPerSecond(0)));

/** A single line in each window is the least that can be missed. */
function rareLines(level: Level, others: readonly Expectation[]): Drill {
  const { promise, severity, subject } = level;
  const window = promise.alert.signal.window?.value ?? 0;
  const { evaluation } = subject.platform.intervals;
  return drill(`one line in every ${formatDuration(seconds(window))} that no longer comes is ${called[severity]}`, {
    world: saysNothing(subject.world.withInstances(1))
      .logs({ level: "info", rate: linesPerSecond(1 / window) })
      .losesLogs(noon),
    expect: [
      // The last one came up to a window before the silence began.
      firesFor(level, {}, [
        later(noon, promise.for),
        later(noon, seconds(window + promise.for.value + 2 * evaluation.value)),
      ]).reading(1, 1),
      ...others,
    ],
  });
}

/** However many instances there are: what is told is how many lines came from all of them. */
function linesOfAll(level: Level, others: readonly Expectation[]): Drill {
  const { promise, severity, subject } = level;
  const window = promise.alert.signal.window?.value ?? 0;
  const { evaluation } = subject.platform.intervals;
  const after = window + promise.for.value;
  return drill(
    `no lines from all ${subject.world.instances.length} instances is ${called[severity]}, with those of all`,
    {
      world: saysNothing(subject.world)
        .logs({ level: "info", rate: linesPerSecond(1) })
        .losesLogs(noon),
      expect: [
        firesFor(level, {}, [
          later(noon, seconds(after - evaluation.value)),
          later(noon, seconds(after + 2 * evaluation.value)),
        ]).reading(window - subject.world.instances.length, window + subject.world.instances.length),
        ...others,
      ],
    },
  );
}

/** What comes once a day at the same time is missed when it does not come, and only for as long as it came. */
function linesOfYesterday(level: Level, others: readonly Expectation[]): Drill {
  const { promise, severity, subject } = level;
  const window = promise.alert.signal.window?.value ?? 0;
  const { evaluation } = subject.platform.intervals;
  const hold = promise.for.value;
  // Long enough that a window full of them is missed when `for` has passed.
  const lasts = seconds(window + Math.max(window, hold));
  const today = later(noon, days(1));
  // The first look that sees a line of yesterday begins `for`; then that much of the window is filled, or all of it.
  const first = seconds(hold + evaluation.value);
  const over = seconds(lasts.value + window);
  return drill(`a job that logged at noon yesterday and does not today is ${called[severity]}`, {
    world: saysNothing(subject.world).logs({ level: "info", rate: linesPerSecond(1) }, noon, later(noon, lasts)),
    since: today,
    expect: [
      firesFor(level, {}, [later(today, seconds(hold)), later(today, first)])
        .resolvesBetween(
          later(today, seconds(over.value - evaluation.value)),
          later(today, seconds(over.value + evaluation.value)),
        )
        .reading(Math.min(window, hold) - 2, Math.min(window, first.value) + 2),
      ...others,
    ],
  });
}

/** Each pattern is found in what it is meant for, by its name, and not in what is nearly that or of another service. */
function forbiddenDrills(level: Level): Drill[] {
  const { promise, severity, threshold, subject } = level;
  const { service, world, platform } = subject;
  const window = promise.alert.signal.window?.value ?? 0;
  const { value: evaluation } = platform.intervals.evaluation;
  const hold = promise.for.value;
  // So many that the first look finds more than are allowed, in whole lines of each instance.
  const rate = linesPerSecond(readable(Math.max(30, 2 * (threshold + 1)) / evaluation));
  const end = later(noon, seconds(hold + 4 * evaluation));
  const over = hold + 4 * evaluation + window;
  const told = rate.value * (hold + evaluation);
  const near = service.forbidden.flatMap(nearMisses);
  // What is nearly one may be another.
  const harmless = near.filter(
    (line) => !service.forbidden.some(({ contains }) => contains && line.includes(contains)),
  );
  const small = world.withInstances(1).until(later(noon, seconds(over)));
  // What only this service must not log, another may.
  const own = service.logs?.never ?? [];
  const free = own.length > 0 && platform.services.find((other) => !other.forbidden.some(isOneOf(own)));
  return those([
    harmless.length > 0 &&
      drill(`lines that are nearly what must never be logged are not ${called[severity]}`, {
        world: harmless.reduce(
          (one, line) => one.logs({ level: "info", rate: linesPerSecond(0.1), line }, noon),
          small,
        ),
        expect: [quiet(LogForbiddenPattern)],
      }),
    drill(
      `each line that must never be logged is ${called[severity]}, told by its name, until none is left to be seen`,
      {
        world: service.forbidden
          .map(forbiddenLine)
          .reduce((one, line) => one.logs({ level: "info", rate, line }, noon, end), world.withInstances(2)),
        expect: service.forbidden.map(({ name }) =>
          firesFor(level, { [forbiddenLabel]: name }, [
            later(noon, seconds(hold)),
            later(noon, seconds(hold + evaluation)),
          ])
            .resolvesBetween(later(noon, seconds(over - evaluation)), later(noon, seconds(over + evaluation)))
            .reading(0.96 * told, 1.04 * told),
        ),
      },
    ),
    free !== undefined &&
      free !== false &&
      drill(`what must never be logged here is nothing to ${free.name}, to which it is not forbidden`, {
        world: own.map(forbiddenLine).reduce(
          (one, line) => one.logs({ level: "info", rate, line }, noon),
          healthy(free)
            .withInstances(1)
            .until(later(noon, seconds(over))),
        ),
        expect: own.map(({ name }) => quiet(LogForbiddenPattern).forLabels({ [forbiddenLabel]: name })),
      }),
  ]);
}

const isOneOf =
  (patterns: readonly ForbiddenPattern[]) =>
  ({ name }: ForbiddenPattern): boolean =>
    patterns.some((one) => one.name === name);

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
