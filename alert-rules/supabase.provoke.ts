import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { shareOfProcessors } from "./host.provoke.ts";
import { authErrors, authRequests, cpuUse } from "./supabase.signals.ts";
import { watchProvocations } from "./supabase.ts";

/** Requests to Auth that fail per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** What the facts of the exporter do not say by themselves. */
export const supabaseProvocations: Provocations = {
  ...watchProvocations,
  [cpuUse.name]: shareOfProcessors,
  [authErrors.name]: (level) => {
    const provocation = factProvocation(level);
    const lowest = Math.min(...Object.values(level.promise.levels).map(({ value }) => value));
    return {
      ...provocation,
      world: provocation.world.has(authRequests.fact ?? "", tellingPerSecond / lowest),
      exactly: errorsExactly(level, provocation.world),
    };
  },
};

/** So many requests between two scrapes that the share of failures among them is the threshold to the last bit. */
function errorsExactly({ threshold, promise, subject }: Level, world: World): World | undefined {
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  const requests = requestsOfRatio(threshold, {
    windowSeconds: promise.alert.signal.window?.value ?? 0,
    intervalSeconds,
    leastPerSecond: 2 * (promise.alert.guard?.above.value ?? 0),
  });
  return (
    requests &&
    world
      .has(authRequests.fact ?? "", requests.all / intervalSeconds)
      .has(authErrors.fact ?? "", requests.part / requests.all)
  );
}
