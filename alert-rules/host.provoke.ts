import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import type { Alert } from "../src/model/pack.ts";
import { minutes } from "../src/model/quantity.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { cpuUse, diskQueue, diskUse, packetErrors, timeUntilFull } from "./host.signals.ts";
import { HostDiskSpaceLow, watchProvocations } from "./host.ts";

/** What the facts of the exporter do not say by themselves: how a window is filled so that it is the threshold exactly. */
export const hostProvocations: Provocations = {
  ...watchProvocations,
  [cpuUse.name]: shareOfProcessors,
  // Both ways the same, each in whole packets.
  [packetErrors.name]: (level) => exactly(level, (world) => shareOf("packets", 2, level, world)),
  [diskQueue.name]: (level) => ({
    ...factProvocation(level),
    // A rate dwindles when its series ends: only of a queue that is many times too long is known when it is over.
    around: { below: 0.98 * level.threshold, above: 1.02 * level.threshold },
    isRate: true,
  }),
  [timeUntilFull.name]: fillingUp,
};

/** Of the time of all processors, whatever tells of it. */
export function shareOfProcessors(level: Level): Provocation {
  return exactly(level, (world) => shareOf("processors", 1, level, world));
}

function exactly(level: Level, worldOf: (world: World) => World | undefined): Provocation {
  const provocation = factProvocation(level);
  return { ...provocation, exactly: worldOf(provocation.world) };
}

/** So much of it in all between two scrapes, in each of so many equal parts, that the share of it is the threshold. */
function shareOf(all: string, parts: number, level: Level, world: World): World | undefined {
  const sampling = samplingOf(level);
  const shared = requestsOfRatio(level.threshold, { ...sampling, leastPerSecond: 1 });
  return (
    shared &&
    hasAlways(level, world, shared.part / shared.all).has(all, (parts * shared.all) / sampling.intervalSeconds)
  );
}

const hasAlways = ({ promise }: Level, world: World, value: number): World =>
  world.has(promise.alert.signal.fact ?? "", value);

const samplingOf = ({ promise, subject }: Level) => ({
  windowSeconds: promise.alert.signal.window?.value ?? 0,
  intervalSeconds: subject.platform.intervals.scrape.value,
});

/** The alert that also tells of a disk in use up to there, where the service has set it so low. */
export function tellingOfSpace({ subject }: Pick<Level, "subject">, used: number): Alert[] {
  const { levels = {} } = subject.service.promises.get(HostDiskSpaceLow.name) ?? {};
  return Object.values(levels).some(({ value }) => value < used) ? [HostDiskSpaceLow] : [];
}

/**
 * A disk that fills up has less time with every minute: until the drill has seen what it waits for, that makes up to so
 * much. Within it values cannot be held, and crossings come earlier and end later.
 */
function fillingUp(level: Level): Provocation {
  const { threshold, promise } = level;
  const provocation = factProvocation(level);
  const windowSeconds = promise.alert.signal.window?.value ?? 0;
  const { usual } = provocation;
  const driftSeconds = windowSeconds + promise.for.value + minutes(30).value;
  return {
    ...provocation,
    // Above the guard, and not so far that it is full within the drill.
    world: provocation.world.has(diskUse.fact ?? "", 0.7),
    others: tellingOfSpace(level, 0.8),
    most: threshold / 2,
    around: { below: 0.98 * threshold, above: threshold + driftSeconds },
    truth: (value, share) => (value >= usual || share === 0 ? usual : Math.min(usual, value / share - windowSeconds)),
    blur: driftSeconds,
    secondsApart: () => (driftSeconds * windowSeconds) / threshold,
    without: {
      flapping: "what was written stays: each time there is less time left than the time before",
      "stale series": "what is free is read at this instant: the signal ends with its series, whatever its window",
      "just below the guard": "a file system that fills up does not stay there",
      "exactly the guard": "a file system that fills up does not stay there",
    },
  };
}
