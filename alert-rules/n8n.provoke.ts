import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { eventsOfAverage, requestsOfRatio } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { executionDuration, executionRate, failureRatio, stalledJobs, watchProvocations } from "./n8n.ts";

/** Executions that fail per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** What the facts of the exporter do not say by themselves. */
export const n8nProvocations: Provocations = {
  ...watchProvocations,
  [failureRatio.name]: (level) => {
    const provocation = factProvocation(level);
    const lowest = Math.min(...Object.values(level.promise.levels).map(({ value }) => value));
    return {
      ...provocation,
      world: provocation.world.has(executionRate.fact ?? "", tellingPerSecond / lowest),
      exactly: failuresExactly(level, provocation.world),
    };
  },
  [executionDuration.name]: (level) => {
    const provocation = factProvocation(level);
    return { ...provocation, exactly: durationExactly(level, provocation.world) };
  },
  [stalledJobs.name]: (level) => {
    const provocation = factProvocation(level);
    const { value: scrapeSeconds } = level.subject.platform.intervals.scrape;
    // What the counter counts before it is first seen, no rate tells of.
    return { ...provocation, secondsApart: (value) => scrapeSeconds + (provocation.secondsApart?.(value) ?? 0) };
  },
};

/** So many executions between two scrapes that the share of failures among them is the threshold to the last bit. */
function failuresExactly({ threshold, promise, subject }: Level, world: World): World | undefined {
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  const executions = requestsOfRatio(threshold, {
    windowSeconds: promise.alert.signal.window?.value ?? 0,
    intervalSeconds,
    leastPerSecond: 2 * (promise.alert.guard?.above.value ?? 0),
  });
  return (
    executions &&
    world
      .has(executionRate.fact ?? "", executions.all / intervalSeconds)
      .has(failureRatio.fact ?? "", executions.part / executions.all)
  );
}

/** So many executions, none of which fails, that their average is the threshold to the last bit. */
function durationExactly({ threshold, promise, subject }: Level, world: World): World | undefined {
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  const windowSeconds = promise.alert.signal.window?.value ?? 0;
  const executions = eventsOfAverage(threshold, { windowSeconds, intervalSeconds, leastPerSecond: 1 });
  return (
    executions &&
    world
      .has(executionRate.fact ?? "", executions.all / intervalSeconds)
      .has(failureRatio.fact ?? "", 0)
      .has(executionDuration.fact ?? "", threshold)
  );
}
