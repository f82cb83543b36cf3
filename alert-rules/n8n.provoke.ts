import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import { averageOfEach, failingShare } from "./counted.provoke.ts";
import { executionDuration, executionRate, failureRatio, stalledJobs, watchProvocations } from "./n8n.ts";

/** What the facts of the exporter do not say by themselves. */
export const n8nProvocations: Provocations = {
  ...watchProvocations,
  [failureRatio.name]: failingShare(failureRatio, executionRate),
  [executionDuration.name]: averageOfEach(executionDuration, executionRate, failureRatio),
  [stalledJobs.name]: (level) => {
    const provocation = factProvocation(level);
    const { value: scrapeSeconds } = level.subject.platform.intervals.scrape;
    // What the counter counts before it is first seen, no rate tells of.
    return { ...provocation, secondsApart: (value) => scrapeSeconds + (provocation.secondsApart?.(value) ?? 0) };
  },
};
