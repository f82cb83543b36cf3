import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { cpuUse, diskQueue, packetErrors, watchProvocations } from "./host.ts";

/** What the facts of the exporter do not say by themselves: how a window is filled so that it is the threshold exactly. */
export const hostProvocations: Provocations = {
  ...watchProvocations,
  [cpuUse.name]: (level) => exactly(level, (world) => shareOf("processors", 1, level, world)),
  // Both ways the same, each in whole packets.
  [packetErrors.name]: (level) => exactly(level, (world) => shareOf("packets", 2, level, world)),
  [diskQueue.name]: (level) => ({
    ...factProvocation(level),
    // A rate dwindles when its series ends: only of a queue that is many times too long is known when it is over.
    around: { below: 0.98 * level.threshold, above: 1.02 * level.threshold },
    isRate: true,
  }),
};

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
