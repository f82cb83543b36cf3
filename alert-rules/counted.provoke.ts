import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provoke } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import type { RecordedSignal } from "../src/model/pack.ts";
import { eventsOfAverage, requestsOfRate, requestsOfRatio } from "../src/worlds/whole-requests.ts";

/** What fails per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** How often and over how long an exporter's counters are looked at, and how much there must be for a guard. */
const samplingOf = ({ promise, subject }: Level) => ({
  windowSeconds: promise.alert.signal.window?.value ?? 0,
  intervalSeconds: subject.platform.intervals.scrape.value,
  leastPerSecond: 2 * (promise.alert.guard?.above.value ?? 0),
});

/** The share of what fails among what is counted, both in whole events: `all` is the signal of how many there are. */
export const failingShare =
  (share: RecordedSignal, all: RecordedSignal): Provoke =>
  (level) => {
    const provocation = factProvocation(level);
    const { world } = provocation;
    const lowest = Math.min(...Object.values(level.promise.levels).map(({ value }) => value));
    const sampling = samplingOf(level);
    const events = requestsOfRatio(level.threshold, sampling);
    return {
      ...provocation,
      world: world.has(all.fact ?? "", tellingPerSecond / lowest),
      exactly:
        events &&
        world
          .has(all.fact ?? "", events.all / sampling.intervalSeconds)
          .has(share.fact ?? "", events.part / events.all),
    };
  };

/** How often something is counted: so many between two scrapes that their rate is the threshold to the last bit. */
export const countedRate =
  (rate: RecordedSignal): Provoke =>
  (level) => {
    const provocation = factProvocation(level);
    const sampling = samplingOf(level);
    const events = requestsOfRate(level.threshold, sampling);
    return {
      ...provocation,
      exactly:
        events === undefined ? undefined : provocation.world.has(rate.fact ?? "", events / sampling.intervalSeconds),
    };
  };

/** What each of the counted events takes on average; none of them fails while it is exactly the threshold. */
export const averageOfEach =
  (average: RecordedSignal, all: RecordedSignal, failing: RecordedSignal): Provoke =>
  (level) => {
    const provocation = factProvocation(level);
    const sampling = samplingOf(level);
    const events = eventsOfAverage(level.threshold, {
      ...sampling,
      leastPerSecond: Math.max(1, sampling.leastPerSecond),
    });
    return {
      ...provocation,
      exactly:
        events &&
        provocation.world
          .has(all.fact ?? "", events.all / sampling.intervalSeconds)
          .has(failing.fact ?? "", 0)
          .has(average.fact ?? "", level.threshold),
    };
  };
