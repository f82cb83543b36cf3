import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { eventsOfAverage } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { framesPerSession, screen, topStack } from "./mobile.exporter.ts";
import {
  anrs,
  crashFree,
  crashShare,
  frozenFrames,
  screenLoad,
  screenLoads,
  sessionRate,
  slowFrames,
  topCrash,
} from "./mobile.signals.ts";
import { MobileCrashFreeLow } from "./mobile.ts";

/** What is counted per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** What the facts of the exporter do not say by themselves. */
export const mobileProvocations: Provocations = {
  [sessionRate.name]: ofWholeApp,
  [crashFree.name]: (level) => share(level, { of: 1, counted: (value) => 1 - value }),
  [crashShare.name]: crashing,
  [topCrash.name]: oneStack,
  [anrs.name]: (level) => share(level, { of: 1 }),
  [slowFrames.name]: (level) => share(level, { of: framesPerSession }),
  [frozenFrames.name]: (level) => share(level, { of: framesPerSession }),
  [screenLoad.name]: onScreen,
  [screenLoads.name]: onScreen,
};

const sessions = sessionRate.fact ?? "";

/** It is told of the app, not of a release: one that nobody uses any more is no trouble while another is in use. */
function ofWholeApp(level: Level): Provocation {
  const { subject } = level;
  const [release] = subject.service.places;
  const service = { ...subject.service, places: release === undefined ? [] : [release] };
  const { elsewhere, ...provocation } = factProvocation({ ...level, subject: { ...subject, service } });
  return {
    ...provocation,
    labels: {},
    without: {
      "stale series":
        "it tells of an app of which nothing is heard: whether its series stand still or have ended is the same to it",
    },
  };
}

interface Counting {
  /** How many there are for each session of which a share is counted: frames. */
  of: number;
  /** The share that is counted when the fact is so. @default - the fact itself */
  counted?: (value: number) => number;
}

/** A share of what is counted, with so many sessions that whole ones do not matter, and one that is exact. */
function share(level: Level, { of, counted = (value) => value }: Counting): Provocation {
  const provocation = factProvocation(level);
  const limits = [level.threshold, ...Object.values(level.promise.levels).map(({ value }) => value)];
  const lowest = Math.min(...limits.map((limit) => readableShare(counted(limit))));
  return {
    ...provocation,
    world: provocation.world.has(sessions, Math.max(pastGuard(level), tellingPerSecond / lowest / of)),
    exactly: shareExactly(level, provocation, { of, counted }),
  };
}

/** So many sessions per second that the guard is passed for as long as two scrapes are left to work out a rate from. */
function pastGuard({ promise: { alert }, subject }: Level): number {
  const scrapes = (alert.signal.window?.value ?? 0) / subject.platform.intervals.scrape.value;
  return 2 * scrapes * (alert.guard?.above.value ?? 0);
}

/** What floating point leaves of `1 - 0.995`. */
const readableShare = (value: number): number => Number(value.toPrecision(12));

function shareExactly(
  { threshold, promise, subject }: Level,
  { world, happens }: Provocation,
  { of, counted = (value) => value }: Counting,
): World | undefined {
  const found = eventsOfAverage(readableShare(counted(threshold)), {
    windowSeconds: promise.alert.signal.window?.value ?? 0,
    intervalSeconds: subject.platform.intervals.scrape.value,
    leastPerSecond: of,
  });
  return found && happens(world.has(sessions, found.all / subject.platform.intervals.scrape.value / of), threshold);
}

/** The share of sessions that crash is what the crash-free ones leave. */
function crashing(level: Level): Provocation {
  const provocation = share(level, { of: 1 });
  const { happens, elsewhere } = provocation;
  const crashFreeBy =
    (tell: Provocation["happens"]): Provocation["happens"] =>
    (world, value, from, to) =>
      tell(world, readableShare(1 - value), from, to);
  return {
    ...provocation,
    happens: crashFreeBy(happens),
    ...(elsewhere && { elsewhere: { ...elsewhere, happens: crashFreeBy(elsewhere.happens) } }),
    usual: 0,
    most: 1,
    exactly: undefined,
  };
}

/** More than the guard asks for, less than what the crash-free sessions promise, and so many that they come evenly. */
const crashesWithCluster = { sessionsPerSecond: 4000, crashFree: 0.997 };

function oneStack(level: Level): Provocation {
  const provocation = factProvocation(level);
  const world = provocation.world
    .has(sessions, crashesWithCluster.sessionsPerSecond)
    .has(crashFree.fact ?? "", crashesWithCluster.crashFree);
  return {
    ...atLabel(provocation, { stack: topStack }),
    world,
    others: [MobileCrashFreeLow],
    // Halves of whole numbers survive every rounding.
    ...(level.threshold === 0.5 && { exactly: provocation.happens(world, level.threshold) }),
  };
}

function onScreen(level: Level): Provocation {
  return atLabel(factProvocation(level), { screen });
}

const atLabel = (provocation: Provocation, labels: Record<string, string>): Provocation => ({
  ...provocation,
  labels: { ...provocation.labels, ...labels },
  ...(provocation.elsewhere && {
    elsewhere: { ...provocation.elsewhere, labels: { ...provocation.elsewhere.labels, ...labels } },
  }),
});
