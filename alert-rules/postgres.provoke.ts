import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { blockRate, cacheHits } from "./postgres.signals.ts";
import { watchProvocations } from "./postgres.ts";

/** What the facts of the exporter do not say by themselves. */
export const postgresProvocations: Provocations = {
  ...watchProvocations,
  [cacheHits.name]: (level) => {
    const provocation = factProvocation(level);
    return { ...provocation, exactly: hitsExactly(level, provocation.world) };
  },
};

/** So many blocks between two scrapes that the share of hits among them is the threshold to the last bit. */
function hitsExactly({ threshold, promise, subject }: Level, world: World): World | undefined {
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  const windowSeconds = promise.alert.signal.window?.value ?? 0;
  const blocks = requestsOfRatio(threshold, {
    windowSeconds,
    intervalSeconds,
    leastPerSecond: 2 * (promise.alert.guard?.above.value ?? 0),
  });
  return (
    blocks &&
    world.has(blockRate.fact ?? "", blocks.all / intervalSeconds).has(cacheHits.fact ?? "", blocks.part / blocks.all)
  );
}
