import type { Boundary } from "../drills/boundary.ts";
import { type Drill, type Expectation, quiet } from "../drills/drill.ts";
import { firesFor, gap, noon, othersQuiet } from "../drills/drill-subject.ts";
import { formatDuration, minutes, seconds } from "../model/quantity.ts";
import { instanceLabels } from "../model/targets.ts";
import { later } from "../worlds/clock.ts";
import { bystanders } from "./bystanders.ts";
import { absenceCrossing, firingTime, instantCrossing, unmarkedCrossing } from "./firing-time.ts";
import { type Provocations, provocationOf } from "./provocation.ts";
import { lasting, type Trouble, troubleOf } from "./trouble.ts";

/** A drill without what all derived ones have in common, or the reason why there is none. */
type Derivation = (trouble: Trouble, provocations: Provocations) => Pick<Drill, "name" | "world" | "expect"> | string;

/** How the drill of each boundary is derived: its world, what must be seen in it, and what it is called. */
export const derivations: Readonly<Record<Boundary, Derivation>> = {
  "just below the threshold": (trouble) =>
    trouble.level.promise.alert.direction === "above" ? stays(trouble) : passes(trouble),

  "just above the threshold": (trouble) =>
    trouble.level.promise.alert.direction === "above" ? passes(trouble) : stays(trouble),

  "exactly the threshold": (trouble) => {
    const { exactly, around, called, limit, words, level } = trouble;
    if (!exactly && around) return "it has few values, and those next to the threshold are drilled";
    if (!exactly) return noWorldIsExact;
    return {
      name: `${words(level.threshold)}, exactly the threshold and not ${limit}, is not ${called}`,
      world: exactly,
      expect: [levelQuiet(trouble), ...othersOf(trouble)],
    };
  },

  "just short of for": (trouble) => {
    const { brief, called, hold, words, world, happens } = trouble;
    const start = trouble.time(brief).start(noon);
    const end = trouble.time(brief).tooSoon(start);
    if (end === undefined) return tooBriefToTell(trouble);
    return {
      name: `${words(brief)} for ${lasting(start, end)}, ${beyondLimit(trouble)} for just short of ${hold}, is not ${called}`,
      world: happens(world, brief, start, end),
      expect: [levelQuiet(trouble), ...othersOf(trouble)],
    };
  },

  "just past for": (trouble) => {
    const { timed, called, hold, words, world, happens } = trouble;
    const time = trouble.time(timed);
    const start = time.start(noon);
    const end = time.lateEnough(start);
    return {
      name: `${words(timed)} for ${lasting(start, end)}, ${beyondLimit(trouble)} for just past ${hold}, is ${called} and is over after`,
      world: happens(world, timed, start, end),
      expect: [trouble.fires(timed, start, { end }).resolvesBetween(...time.over(end)), ...othersOf(trouble)],
    };
  },

  recovery: (trouble) => {
    const { strong, called, words, world, happens } = trouble;
    const time = trouble.time(strong);
    const start = time.start(noon);
    const end = later(time.fires(start)[1], minutes(1));
    return {
      name: `${words(strong)} is ${called} until it has ended, and not again`,
      world: happens(world, strong, start, end),
      expect: [trouble.fires(strong, start).resolvesBetween(...time.over(end)), ...othersOf(trouble)],
    };
  },

  flapping: (trouble) => {
    const { brief, called, hold, words, world, happens, level } = trouble;
    const time = trouble.time(brief);
    const { scrape, evaluation } = level.subject.platform.intervals;
    let flapping = world;
    let start = time.start(noon);
    let burst = "";
    for (let times = 0; times < 3; times += 1) {
      const end = time.tooSoon(start);
      if (end === undefined) return tooBriefToTell(trouble);
      flapping = happens(flapping, brief, start, end);
      burst ||= lasting(start, end);
      // Long enough for a look at the signal when it is back; each begins at another moment between two looks.
      const pause = 2 * (scrape.value + evaluation.value) + Math.round((evaluation.value * (times + 1)) / 3);
      start = later(time.over(end)[1], seconds(pause));
    }
    return {
      name: `${words(brief)} that comes three times for ${burst}, never ${hold} without a break, is not ${called}`,
      world: flapping,
      expect: [levelQuiet(trouble), ...othersOf(trouble)],
    };
  },

  "missing series": (trouble) => {
    const { timed, called, words, world, happens, level, isAbsence } = trouble;
    // What the rule might read by mistake: metrics of the same names that are not of the service.
    const sidecar = happens(world.unmarked(), timed, noon);
    const unseen = level.promise.alert.signal.window ? world.losesMetrics() : world.removed();
    return {
      name: `${words(timed)} of a sidecar alone is not ${called}`,
      world: isAbsence ? sidecar : happens(unseen, timed, noon).alongside(sidecar),
      expect: [levelQuiet(trouble)],
    };
  },

  "stale series": (trouble) => {
    const { timed, called, words, world, happens, level } = trouble;
    if (trouble.isAbsence) return tellsOfAbsence;
    const { promise, subject } = level;
    const { intervals } = subject.platform;
    const { window } = promise.alert.signal;
    const sampled = window
      ? absenceCrossing(window.value, intervals.scrape.value)
      : subject.service.otlp
        ? unmarkedCrossing(intervals.scrape.value)
        : instantCrossing(intervals.scrape.value);
    const crossing = trouble.filling?.ends ?? sampled;
    const ends = firingTime({ rise: crossing.rise, fall: crossing.rise }, promise.for.value, intervals);
    const start = trouble.time(timed).start(noon);
    const end = later(trouble.time(timed).fires(start)[1], minutes(1));
    return {
      name: `${words(timed)} is no longer ${called} when its series have ended`,
      world: happens(world, timed, start).removed(end),
      expect: [trouble.fires(timed, start).resolvesBetween(...ends.over(end))],
    };
  },

  "counter reset": (trouble) => {
    if (trouble.isAbsence) return tellsOfAbsence;
    if (!trouble.level.promise.alert.signal.window) return "it is no counter: a restart resets nothing of it";
    const { scrape } = trouble.level.subject.platform.intervals;
    return disturbed(
      trouble,
      "although every instance restarts meanwhile",
      (world, at) => world.resetsAt(at),
      // What is counted after the last scrape before a restart is never seen.
      trouble.isRate ? scrape.value : 0,
    );
  },

  "scrape gap": (trouble) =>
    disturbed(trouble, `although Prometheus is away for ${formatDuration(gap)} meanwhile`, (world, at) =>
      world.scrapeGap(at, later(at, gap)),
    ),

  "one among healthy": (trouble) => {
    const { timed, called, words, world, happens, level } = trouble;
    const { alert } = level.promise;
    const near = bystanders(level.subject, world);
    const spared = [...near, trouble.elsewhere].flatMap((one) => (one?.labels ? [one.labels] : []));
    const start = trouble.time(timed).start(noon);
    return {
      name: `${words(timed)} in one place among healthy ones is ${called} for this place alone`,
      world: happens(world, timed, start).alongside(...near.map((one) => one.world)),
      expect: [trouble.fires(timed, start), ...spared.map((labels) => quiet(alert).forLabels(labels))],
    };
  },

  "several at once": (trouble) => {
    const { timed, called, words, world, happens, elsewhere, level } = trouble;
    const { service } = level.subject;
    const other = service.environments.find((name) => name !== world.environment);
    if (!elsewhere && other === undefined) return "it has one environment and one place where this can happen";
    const time = trouble.time(timed);
    const start = time.start(noon);
    const here = happens(world, timed, start);
    const also = elsewhere ? [trouble.fires(timed, start, { labels: elsewhere.labels })] : [];
    const there = other === undefined ? [] : [trouble.fires(timed, start, { labels: labelsIn(other, trouble) })];
    return {
      name: `${words(timed)} in ${1 + also.length + there.length} places at once is ${called} for each`,
      world: (elsewhere ? elsewhere.happens(here, timed, start) : here).alongside(
        ...(other === undefined ? [] : [happens(world.in(other), timed, start)]),
      ),
      expect: [trouble.fires(timed, start), ...also, ...there],
    };
  },

  "just below the guard": (trouble, provocations) => guarded(trouble, provocations, "below"),
  "just above the guard": (trouble, provocations) => guarded(trouble, provocations, "above"),
  "exactly the guard": (trouble, provocations) => guarded(trouble, provocations, "exactly"),
};

/** What the trouble's labels are in another environment: there its instances are others. */
function labelsIn(environment: string, { world, labels }: Trouble) {
  const [instance = ""] = world.in(environment).instances;
  const there = { environment, instance, ...instanceLabels(world.service, instance) };
  return { ...labels, environment, ...Object.fromEntries(Object.entries(there).filter(([label]) => label in labels)) };
}

const tellsOfAbsence = "it tells that there are no series: ended and reset ones are what it is for";

const noWorldIsExact = "no world is known that gives exactly this: rounding would decide";

const tooBriefToTell = ({ level, hold }: Trouble): string =>
  `\`for\` is ${hold}: trouble that is seen at all, by scrapes every ${formatDuration(level.subject.platform.intervals.scrape)}, may be seen for as long`;

/** `above 2 s`; of what is only there or not, nothing needs to be said. */
const beyondLimit = ({ limit, isAbsence }: Trouble): string => (isAbsence ? "missing" : limit);

const levelQuiet = ({ level }: Trouble): Expectation => quiet(level.promise.alert, level.severity);

const othersOf = ({ level, others = [] }: Trouble): Expectation[] =>
  othersQuiet(level.subject, level.promise.alert, ...others);

/** The value next to the threshold that is beyond it, for good. */
function passes(trouble: Trouble) {
  const { beyond, called, limit, words, world, happens } = trouble;
  const start = trouble.time(beyond).start(noon);
  return {
    name: `${words(beyond)}, just ${limit}, is ${called}`,
    world: happens(world, beyond, start),
    expect: [trouble.fires(beyond, start), ...othersOf(trouble)],
  };
}

/** The value next to the threshold that is not beyond it, for good. */
function stays(trouble: Trouble) {
  const { short, called, limit, words, world, happens } = trouble;
  return {
    name: `${words(short)}, not quite ${limit}, is not ${called}`,
    world: happens(world, short, noon),
    expect: [levelQuiet(trouble), ...othersOf(trouble)],
  };
}

/** Something happens to the samples while the alert is pending: it fires all the same, and in time. */
function disturbed(
  trouble: Trouble,
  although: string,
  disturb: (world: Trouble["world"], at: string) => Trouble["world"],
  unseenSeconds = 0,
) {
  const { timed, called, words, world, happens } = trouble;
  const time = trouble.time(timed);
  const start = time.start(noon);
  return {
    name: `${words(timed)} is ${called} ${although}`,
    world: disturb(happens(world, timed, start), time.halfPending(start)),
    expect: [trouble.fires(timed, start, { unseenSeconds }), ...othersOf(trouble)],
  };
}

/** The most trouble there is, while the guard is just on one side of its limit or at it, and its neighbours well above. */
function guarded(trouble: Trouble, provocations: Provocations, side: "below" | "above" | "exactly") {
  const { level, most, called, words, happens, labels } = trouble;
  const { promise, severity, subject } = level;
  const { alert } = promise;
  const { guard } = alert;
  if (!guard) return "it has no guard";
  const ofGuard = { ...promise, alert: { ...alert, signal: guard.signal, direction: "above" as const } };
  const guardLevel = { ...level, promise: ofGuard, threshold: guard.above.value };
  const limit = troubleOf(guardLevel, provocationOf(guardLevel, provocations));
  if (side === "exactly") {
    if (!limit.exactly) return noWorldIsExact;
    return {
      name: `${words(most)} with ${limit.words(guardLevel.threshold)}, exactly the guard and not ${limit.limit}, is not ${called}`,
      // From the beginning: the sum of what fails and what does not could be rounded while both are in the window.
      world: happens(limit.exactly, most),
      expect: [quiet(alert, severity)],
    };
  }
  const value = side === "below" ? limit.short : limit.beyond;
  const world = happens(limit.happens(limit.world, value), most, noon).alongside(
    ...bystanders(subject, limit.world).map((one) => one.world),
  );
  if (side === "below") {
    return {
      name: `${words(most)} with ${limit.words(value)}, not quite ${limit.limit}, is not ${called}`,
      world,
      expect: [quiet(alert, severity)],
    };
  }
  // With so few requests it is chance when they show: at once, or not before the window is full of them.
  const window = alert.signal.window?.value ?? 0;
  const time = firingTime({ rise: [0, window], fall: [0, window] }, promise.for.value, subject.platform.intervals);
  return {
    name: `${words(most)} with ${limit.words(value)}, just ${limit.limit}, is ${called}`,
    world,
    expect: [firesFor(level, labels, time.fires(noon))],
  };
}
