import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations, Provoke } from "../src/boundaries/provocation.ts";
import type { RecordedSignal } from "../src/model/pack.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import { completion, dropOff, finished, stepsEnded } from "./journey.signals.ts";
import { missedJourneys } from "./journey.starts.provoke.ts";
import { missed } from "./journey.starts.ts";
import { watchProvocations } from "./journey.ts";

/** What tells of the trouble, per second, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/**
 * A share of what ends, of which so much ends that whole ones do not matter.
 *
 * @param all the signal that says how much ends
 * @param isTrouble whether the share is that of the trouble, not of what is well
 */
const shareOf =
  (all: RecordedSignal, isTrouble: boolean): Provoke =>
  (level) => {
    const provocation = factProvocation(level);
    const { fact = "" } = level.promise.alert.signal;
    const { value: intervalSeconds } = level.subject.platform.intervals.scrape;
    const limits = Object.values(level.promise.levels).map(({ value }) => value);
    const least = tellingPerSecond / Math.min(...limits.map((limit) => (isTrouble ? limit : 1 - limit)));
    const world = provocation.world.has(all.fact ?? "", least);
    const exact = requestsOfRatio(level.threshold, {
      windowSeconds: level.promise.alert.signal.window?.value ?? 0,
      intervalSeconds,
      leastPerSecond: least,
    });
    return {
      ...provocation,
      world,
      exactly: exact && world.has(all.fact ?? "", exact.all / intervalSeconds).has(fact, exact.part / exact.all),
    };
  };

/** Whatever makes a series is never seen: of the outcomes that there are, the first of one may be missing. */
const whereFirstIsUnseen: Provoke = (level) => {
  const provocation = factProvocation(level);
  const { around, blur = 0 } = provocation;
  return { ...provocation, ...(around && { around: { below: around.below, above: around.above + blur } }) };
};

/** What the facts of the exporter do not say by themselves. */
export const journeyProvocations: Provocations = {
  ...watchProvocations,
  [completion.name]: shareOf(finished, false),
  [missed.name]: missedJourneys,
  [dropOff.name]: shareOf(stepsEnded, true),
  [finished.name]: whereFirstIsUnseen,
  [stepsEnded.name]: whereFirstIsUnseen,
};
