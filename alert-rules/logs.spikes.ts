import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  readable,
} from "../src/drills/drill-subject.ts";
import { smallLogVolume } from "../src/model/logql.ts";
import { type Duration, days, formatDuration, hours, minutes, seconds } from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import type { LoggedLines } from "../src/worlds/logged-lines.ts";
import type { World } from "../src/worlds/world.ts";
import { quietly, tooVoluminous, volumeOf } from "./logs.provoke.ts";
import { LogVolumeSpike, logSpike } from "./logs.ts";

const window = logSpike.window?.value ?? 0;

/** Drills of what "as usual" means: how much was logged some time ago, each time by itself. */
export const spikeDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(LogVolumeSpike, subject)
    .filter(({ threshold }) => tooVoluminous(2 * threshold * smallLogVolume.value, window) === undefined)
    .flatMap((level) => [
      ...[hours(1), hours(2), days(1)].map((ago) => usualDrill(level, ago)),
      mostOfThemDrill(level),
      newDrill(level),
      togetherDrill(level),
    ]);

/** So many times what is hardly worth a message, in lines that are few. */
const volume = (times: number): LoggedLines => {
  const bytesADay = times * smallLogVolume.value;
  return volumeOf(bytesADay, bytesADay);
};

const small = (level: Level): World => quietly(level.subject.world.withInstances(1));

/** Twenty minutes of it are enough for the alert, if nothing like it was there before. */
const lasts = minutes(20);
const to = later(noon, lasts);

/** From some time before today's noon, by the clock of a world whose noon is that of the second day. */
const secondNoon = later(noon, days(1));
const before = (ago: Duration, from = secondNoon): string => later(from, seconds(-ago.value));

function usualDrill({ severity, threshold, subject }: Level, ago: Duration): Drill {
  const lines = volume(readable(1.3 * threshold));
  const from = before(ago);
  return drill(`as many lines as ${formatDuration(ago)} ago are not ${called[severity]}`, {
    world: quietly(subject.world.withInstances(1))
      .logs(lines, from, later(from, lasts))
      .logs(lines, secondNoon, later(secondNoon, lasts))
      .until(later(secondNoon, minutes(35))),
    since: secondNoon,
    expect: [quiet(LogVolumeSpike, severity)],
  });
}

/** What was logged at each of the times is not added up: the most of it is what is usual. */
function mostOfThemDrill(level: Level): Drill {
  const { severity, threshold, promise, subject } = level;
  const times = readable(3 * threshold);
  const usual = [hours(1), hours(2), days(1)].reduce((world, ago) => {
    const from = before(ago);
    return world.logs(volume(1), from, later(from, lasts));
  }, small(level));
  const evaluation = subject.platform.intervals.evaluation.value;
  // Now and then fill their windows together: half of both is three times the threshold's half against one and a half.
  return drill(`${readable(times / 2)} times as much as at any time before is ${called[severity]}`, {
    world: usual.logs(volume(times), secondNoon, later(secondNoon, lasts)).until(later(secondNoon, lasts)),
    since: secondNoon,
    expect: [
      firesFor(level, {}, [
        later(secondNoon, seconds(0.47 * window + promise.for.value)),
        later(secondNoon, seconds(0.55 * window + promise.for.value + 2 * evaluation)),
      ]),
    ],
  });
}

function newDrill(level: Level): Drill {
  const { severity, threshold, subject } = level;
  return drill(`a new service that logs much from its first minute on is not ${called[severity]}`, {
    world: subject.world
      .withInstances(1)
      .startsAt(noon)
      .logs(volume(readable(2 * threshold)), noon, to),
    expect: [quiet(LogVolumeSpike, severity)],
  });
}

/** Half as much again as is allowed, from two instances: neither of them logs too much by itself. */
function togetherDrill(level: Level): Drill {
  const { severity, threshold, promise, subject } = level;
  const evaluation = subject.platform.intervals.evaluation.value;
  return drill(`more than usual of all instances together is ${called[severity]}`, {
    world: quietly(subject.world.withInstances(2)).logs(volume(readable(1.5 * threshold)), noon),
    expect: [
      firesFor(level, {}, [
        later(noon, seconds(0.6 * window + promise.for.value)),
        later(noon, seconds(0.72 * window + promise.for.value + 2 * evaluation)),
      ]),
    ],
  });
}
