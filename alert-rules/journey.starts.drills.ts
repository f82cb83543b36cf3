import { firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, type ExpectedLabels, quiet } from "../src/drills/drill.ts";
import { called, type DrillSubject, firesFor, type Level, levelsOf, noon, those } from "../src/drills/drill-subject.ts";
import { type Duration, formatDuration, hours, minutes, seconds } from "../src/model/quantity.ts";
import { clockMs, later } from "../src/worlds/clock.ts";
import type { World } from "../src/worlds/world.ts";
import { first, nobodyFor, recordedStarts, type Starts, usualStarts } from "./journey.starts.provoke.ts";
import { comparedWith, longTimes, started } from "./journey.starts.ts";
import { JourneyNotStarted } from "./journey.ts";

const [aWeek, yesterday] = comparedWith;
const hourSeconds = hours(1).value;
const noonMs = clockMs(noon) ?? 0;

/** Drills of when nobody starts a journey although people usually do. */
export const startsDrills = (subject: DrillSubject, labels: ExpectedLabels): Drill[] =>
  levelsOf(JourneyNotStarted, subject).flatMap((level) => [
    ...withinAnHour({ level, labels }),
    ...longTimes.flatMap((window) => withinLonger({ level, labels }, window)),
  ]);

interface Case {
  level: Level;
  labels: ExpectedLabels;
}

/** Twice as many as the threshold are usual within so long. */
const busy = ({ level }: Case, window: Duration): number => (2 * level.threshold) / window.value;

const silent = ({ level }: Case) => [quiet(JourneyNotStarted, level.severity)];

const timeOf = ({ level }: Case, crossing = instantCrossing(level.subject.platform.intervals.scrape.value)) =>
  firingTime(crossing, level.promise.for.value, level.subject.platform.intervals);

const fact = started.fact ?? "";
/** Per second: at least one between the first and the last scrape of every hour. */
const oftenEnough = 1 / 3000;

/** What is recorded of the last hour, and what the service itself tells. */
function withinAnHour(one: Case): Drill[] {
  const { level, labels } = one;
  const { world, platform } = level.subject;
  const { scrape } = platform.intervals;
  const remembering = (in_: World, ...starts: Starts[]) => recordedStarts(in_, labels, first(...starts));
  const perSecond = busy(one, hours(1));
  const usual = usualStarts(perSecond);
  const idle = world.has(fact, 0);
  // Of the hour that is looked at, the last journey was started up to one scrape before noon.
  const stops = timeOf(one, { rise: [hourSeconds - scrape.value, hourSeconds], fall: [0, scrape.value] });
  const back = later(noon, minutes(90));
  const is = called[level.severity];
  return [
    drill(`nobody who starts a journey any more, as people usually do, is ${is} until somebody does`, {
      world: remembering(world, usual).has(fact, 0, noon, back),
      expect: [
        firesFor(level, labels, stops.fires(noon))
          .reading(1.99 * level.threshold, 2.01 * level.threshold)
          .resolvesBetween(...stops.over(back)),
      ],
    }),
    drill(`nobody who starts a journey of which nothing is known from before is not ${is}`, {
      world: remembering(idle, nobodyFor(hours(3))),
      expect: silent(one),
      since: noon,
    }),
    drill(
      `nobody who starts a journey at an hour at which a week ago nobody did, though yesterday many, is not ${is}`,
      {
        world: remembering(idle, nobodyFor(hours(3)), usualStarts(0), usualStarts(perSecond, { ago: yesterday })),
        expect: silent(one),
        since: noon,
      },
    ),
    drill(`nobody who starts a journey that many did yesterday, when it was new, is ${is}`, {
      world: remembering(idle, nobodyFor(hours(3)), usualStarts(perSecond, { ago: yesterday, from: noon })),
      expect: [firesFor(level, labels, timeOf(one).fires(noon))],
      since: noon,
    }),
    drill(`nobody who starts a journey that is not counted for an hour yet is not ${is}, and is after that`, {
      world: remembering(idle.startsAt(noon), usual),
      expect: [
        firesFor(level, labels, [
          later(noon, seconds(hourSeconds + level.promise.for.value)),
          later(noon, seconds(hourSeconds + level.promise.for.value + 4 * scrape.value)),
        ]),
      ],
    }),
    drill(`one process of two in which nobody starts a journey is not ${is}`, {
      world: remembering(world.withInstances(2), usual).has(fact, 0, noon, undefined, { instances: 1 }).until(back),
      expect: silent(one),
    }),
    drill(`one start in an hour, in one process of two, is not ${is}`, {
      world: remembering(
        idle.withInstances(2).has(fact, oftenEnough, undefined, undefined, { instances: 1 }),
        usual,
      ).until(back),
      expect: silent(one),
      since: noon,
    }),
  ];
}

/** Of a rare journey, what is recorded already: nobody is there to record it. */
function withinLonger(one: Case, window: Duration): Drill[] {
  const { level, labels } = one;
  const range = formatDuration(window);
  const is = called[level.severity];
  /** Each value tells of an hour: so long before noon the first of the window is. */
  const reach = window.value - hourSeconds;
  /** So long before noon somebody started one for the last time, or it was not counted before that. */
  const nobodySince =
    (ago: number, before: number | undefined): Starts =>
    (ms) =>
      ms < noonMs - 3000 * window.value ? undefined : ms <= noonMs - 1000 * ago ? before : 0;
  /** As usual from some seconds before to some after noon, that long ago; nobody before and after that. */
  const usually =
    (before: number, after: number, ago: Duration = aWeek, times = 1): Starts =>
    (ms) => {
      const sinceNoon = (ms - noonMs) / 1000 + ago.value;
      if (sinceNoon < -window.value - 4 * hourSeconds || sinceNoon > 4 * hourSeconds) return undefined;
      if (sinceNoon <= -before || sinceNoon > after) return 0;
      // All of them in every second half hour: what counts is how many there are in all.
      return Math.floor(ms / 1_800_000) % 2 === 1 ? 2 * times * busy(one, window) : 0;
    };
  const told = (what: string, starts: readonly Starts[], expect: Drill["expect"]): Drill =>
    drill(`nobody who has started a rare journey for ${range}${what} ${is}`, {
      world: recordedStarts(level.subject.world.removed(), labels, first(...starts)),
      expect,
      since: noon,
    });
  const { evaluation } = level.subject.platform.intervals;
  const firesAt = later(noon, seconds(Math.ceil(level.promise.for.value / evaluation.value) * evaluation.value));
  const lately = nobodySince(reach, 1 / hourSeconds);
  const always = usually(window.value + hourSeconds, 2 * hourSeconds);
  /** Half an hour of it there was nobody, at one end of the times around. Beyond the threshold with it, not without. */
  const short = hourSeconds / 2;
  const nearly = 0.5 / Math.sqrt(1 - (2 * short) / reach);
  /** One within the time, in whose hours all others are without. */
  const single: Starts = (ms) =>
    ms > noonMs - 2 * hourSeconds * 1000 && ms <= noonMs - hourSeconds * 1000 ? 1 / hourSeconds : undefined;
  /** The same is so of yesterday, where nothing is known of a week ago. */
  const compared = comparedWith.flatMap((ago) => {
    const when = ago === yesterday ? " yesterday, when it was new" : "";
    // Yesterday nobody came any more from an hour later on.
    const [before, until] = [window.value + hourSeconds, hourSeconds];
    // The last value of an hour may be a minute older than its end.
    const fires = firesFor(level, labels, [later(firesAt, minutes(-1)), firesAt]);
    return [
      told(
        ` though many did${when} is`,
        [usually(before, until, ago), lately],
        [fires.reading(1.99 * level.threshold, 2.01 * level.threshold)],
      ),
      told(
        `, of which not enough are usual half an hour before${when}, is not`,
        [usually(reach, until, ago, nearly), lately],
        silent(one),
      ),
      // A day ago the end of yesterday is where nobody has come since.
      window.value < ago.value &&
        told(
          `, of which not enough are usual an hour after${when}, is not`,
          [usually(before, short, ago, nearly), lately],
          silent(one),
        ),
    ];
  });
  return [
    ...those(compared),
    told(
      " that has been counted for as long is",
      [nobodySince(window.value, undefined), always],
      [firesFor(level, labels, timeOf(one).fires(noon))],
    ),
    told(
      " of which not enough are usual is not",
      [lately, usually(window.value + hourSeconds, 2 * hourSeconds, aWeek, 0.49)],
      silent(one),
    ),
    told(" but for a single one is not", [single, nobodySince(2 * window.value, 0), always], silent(one)),
  ];
}
