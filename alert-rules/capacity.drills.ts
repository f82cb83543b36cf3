import type { Provocations } from "../src/boundaries/provocation.ts";
import { capacityFigures, peaksOf, stepsOf } from "../src/derived/capacity-figures.ts";
import { fewestDays, hourly } from "../src/derived/capacity-rules.ts";
import { signalsListedBy } from "../src/derived/listed-signals.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import { called, type DrillSubject, firesFor, type Level, levelsOf, those } from "../src/drills/drill-subject.ts";
import type { Direction, RecordedSignal } from "../src/model/pack.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { clockMs } from "../src/worlds/clock.ts";
import { spread } from "../src/worlds/spread.ts";
import type { World } from "../src/worlds/world.ts";
import { placeOf } from "./anomaly.history.ts";
import { timeLeftLate } from "./capacity.signals.ts";
import { CapacityRunsOut, directionOf, limitOf } from "./capacity.ts";

/** No world has a month of requests: what was recorded of it stands for that. */
export const capacityProvocations: Provocations = {
  [timeLeftLate.name]: {
    reason: "it is read from a line through a month: drills of such months are written by hand",
  },
};

/**
 * Every signal with a limit has the month in which it reaches it; what is the same for all is drilled with the first of the
 * platform whose limit lies above, and the first whose limit lies below.
 */
export const capacityDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(CapacityRunsOut, subject).flatMap((level) => {
    const limited = limitedOf(subject.service, subject.platform);
    if (limited.length === 0) return limitless(level, subject);
    return limited.flatMap((its) => {
      const one: Case = { ...its, level };
      return those(isFirst(its, subject) ? drillsOf(one) : [straight(one)]);
    });
  });

/** Of a service without any limit nothing is ever told, however fast a signal of it grows. */
const limitless = (level: Level, { service, platform }: DrillSubject): Drill[] =>
  signalsListedBy(service, platform, "forecasts")
    .slice(0, 1)
    .map((signal) => {
      const { severity, promise } = level;
      const one: Case = { signal, level, limit: 1, direction: directionOf(signal.name, platform) ?? "above" };
      return drill(`${signal.name}: growth of what has no limit is not ${called[severity]}`, {
        world: lived(one, (hoursAgo) => 0.1 + growing(hoursAgo)),
        expect: [quiet(promise.alert, severity)],
        since: "12:00",
      });
    });

/** A signal of a service that has a limit. */
interface Limited {
  signal: RecordedSignal;
  limit: number;
  direction: Direction;
}

const limitedOf = (service: Service, platform: Platform): Limited[] =>
  service.promises.has(CapacityRunsOut.name)
    ? signalsListedBy(service, platform, "forecasts").flatMap((signal) => {
        const limit = limitOf(service, signal.name, platform);
        const direction = directionOf(signal.name, platform);
        return limit === undefined || direction === undefined ? [] : [{ signal, limit, direction }];
      })
    : [];

function isFirst({ signal, direction }: Limited, { service, platform }: DrillSubject): boolean {
  const [first] = platform.services.flatMap((one) =>
    limitedOf(one, platform)
      .filter((limited) => limited.direction === direction)
      .map((limited) => `${one.name} ${limited.signal.name}`),
  );
  return first === `${service.name} ${signal.name}`;
}

interface Case extends Limited {
  level: Level;
}

/** How far the signal is from its limit, as a share of it, some hours before now. */
type Distance = (hoursAgo: number) => number;

const hourMs = 3_600_000;
const perDay = 24;
/** The last whole hour of the history; rules go on from there. */
const now = "11:00";
const nowMs = clockMs(now) ?? 0;
/** Longer than any window: what was before must not matter. */
const monthAndMore = 36;
/** Of the limit, each day: 14 days are 7 % of it. */
const pace = 0.005;

const growing: Distance = (hoursAgo) => (pace * hoursAgo) / perDay;
/** Lowest at five in the afternoon, and highest at night. */
const daily = (hoursAgo: number): number => 0.01 * (1 - Math.cos((2 * Math.PI * (hoursAgo - 18)) / perDay));
/** By chance, and from day to day another. */
const uneven = (hoursAgo: number): number => 0.004 * spread(Math.floor(hoursAgo / perDay) + 7);
/** In waves of nine days: a day is much like the one before. */
const wavy = (hoursAgo: number): number => 0.002 * Math.sin((2 * Math.PI * hoursAgo) / 216);

/** What the hours of a history were, oldest first, the last of them now. */
const hoursOf = ({ limit, direction }: Case, distance: Distance, historyDays: number): number[] => {
  const side = direction === "below" ? -1 : 1;
  const scale = Math.abs(limit) || 1;
  return Array.from(
    { length: Math.round(historyDays * perDay) },
    (_, index) => limit - side * scale * distance(Math.round(historyDays * perDay) - 1 - index),
  );
};

/** Moved so far that the limit is reached within so many days at the latest; undefined where no room would be left. */
function reachedIn(one: Case, days: number, distance: Distance, historyDays: number): Distance | undefined {
  const scale = Math.abs(one.limit) || 1;
  const apart: Distance = (hoursAgo) => 1 + distance(hoursAgo);
  const figures = capacityFigures(hoursOf(one, apart, historyDays), one);
  if (!figures) return undefined;
  const side = one.direction === "below" ? -1 : 1;
  const pace = side * figures.trendPerDay - figures.trendMargin;
  const room = days * pace - figures.margin;
  const had = side * (one.limit - figures.peak);
  const moved = (had - room) / scale;
  return pace > 0 && room > 0 ? (hoursAgo) => apart(hoursAgo) - moved : undefined;
}

const daysOf = ({ level }: Case): number => level.threshold / 86_400;

/** It gets nearer by the same every day. */
const straight = (one: Case): Drill | false => reached(one, "growth by the same every day", growing, 0.9);

function reached(
  one: Case,
  what: string,
  distance: Distance,
  share: number,
  historyDays = monthAndMore,
): Drill | false {
  const { signal, level } = one;
  const { severity, promise } = level;
  const moved = reachedIn(one, share * daysOf(one), distance, historyDays);
  const isReached = share < 1;
  const soon = `${isReached ? "soon enough" : "not soon"} at its limit`;
  return (
    moved !== undefined &&
    drill(`${signal.name}: ${what}, ${soon}, is ${isReached ? "" : "not "}${called[severity]}`, {
      world: lived(one, moved, historyDays),
      expect: [isReached ? firesAtOnce(one) : quiet(promise.alert, severity)],
      since: "12:00",
    })
  );
}

function drillsOf(one: Case): (Drill | false)[] {
  const { level, signal } = one;
  const { severity, promise } = level;
  const silent: Expectation[] = [quiet(promise.alert, severity)];
  const told = (what: string, world: World, expect = silent): Drill =>
    drill(`${signal.name}: ${what} is ${expect === silent ? "not " : ""}${called[severity]}`, {
      world,
      expect,
      since: "12:00",
    });
  const both = (what: string, distance: Distance, historyDays?: number) => [
    reached(one, what, distance, 0.96, historyDays),
    reached(one, what, distance, 1.04, historyDays),
  ];
  const days: Distance = (hoursAgo) => growing(hoursAgo) + daily(hoursAgo);
  const chance: Distance = (hoursAgo) => growing(hoursAgo) + uneven(hoursAgo);
  const waves: Distance = (hoursAgo) => 2 * growing(hoursAgo) + wavy(hoursAgo);
  const asBefore: Distance = (hoursAgo) =>
    growing(Math.min(hoursAgo, 31 * perDay)) + 0.3 * Number(hoursAgo > 31 * perDay);
  return [
    straight(one),
    ...both("growth in every day's shape", days),
    ...both("growth by chance", chance),
    ...both("growth in waves", waves),
    ...both("growth of little more than a week", chance, fewestDays + 1.5),
    ...both("growth after it was far less for long", asBefore),
    told(
      "growth of less than a week",
      lived(one, (hoursAgo) => 0.02 + growing(hoursAgo), fewestDays - 0.5),
    ),
    told(
      "a step up three days ago",
      lived(one, (hoursAgo) => (hoursAgo > 3 * perDay ? 0.3 : 0.1)),
    ),
    told(
      "the same just short of its limit all the time",
      lived(one, () => 0.01),
    ),
    told(
      "what moves away from its limit",
      lived(one, (hoursAgo) => 0.4 - growing(hoursAgo)),
    ),
    told(
      "what has passed its limit, of which its own alert tells,",
      lived(one, (hoursAgo) => growing(hoursAgo) - 0.01),
    ),
    told("a limit in just the time that is enough", computed(one, level.threshold)),
  ];
}

/** What the rules make of a month, so much and no less. */
const computed = ({ level, signal }: Case, secondsLeft: number): World =>
  level.subject.world.removed().remembers({
    labels: { ...placeOf(signal, level.subject.world), signal: signal.name, __name__: hourly.leftLate },
    everySeconds: hourMs / 1000,
    beforeSeconds: 7200,
    goesOn: true,
    at: () => secondsLeft,
  });

/**
 * A service of which a month was recorded, and which goes on; what it exposes is left out, since rules would record it a
 * second time.
 */
function lived(one: Case, distance: Distance, historyDays = monthAndMore): World {
  const { signal, direction, level } = one;
  const { world } = level.subject;
  const means = hoursOf(one, distance, historyDays);
  const peaks = peaksOf(means, direction);
  const labels = placeOf(signal, world);
  const named = (series: string, values: readonly number[]) => ({
    labels: { ...labels, signal: signal.name, __name__: series },
    everySeconds: hourMs / 1000,
    beforeSeconds: historyDays * 86_400,
    at: (ms: number) => values[values.length - 1 - Math.round((nowMs - ms) / hourMs)],
  });
  return world.removed().remembers(
    {
      words: `all the time, and for ${historyDays} d before: ${signal.name} of ${world.service.name} as recorded`,
      labels: { ...labels, __name__: signal.series },
      everySeconds: level.subject.platform.intervals.scrape.value,
      beforeSeconds: 5400,
      goesOn: true,
      at: (ms) => means.at(-1 - Math.max(0, Math.floor((nowMs - ms) / hourMs))),
    },
    named(hourly.value, means),
    named(hourly.peak, peaks),
    named(hourly.step, stepsOf(peaks)),
  );
}

/** It was so before the drill began, which is as early as it must hold, and a little: it is computed every five minutes. */
function firesAtOnce({ level, signal }: Case) {
  const labels = { ...placeOf(signal, level.subject.world), signal: signal.name };
  return firesFor(level, labels, ["11:52", "12:06"]);
}
