import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import type { Signal } from "../src/model/pack.ts";
import { days, minutes } from "../src/model/quantity.ts";
import { eventsOfAverage } from "../src/worlds/whole-requests.ts";
import { mostInstructions } from "./canister.exporter.ts";
import {
  burnGrowth,
  callFailures,
  callRate,
  callTime,
  freeCycles,
  instructions,
  outgoingFailures,
  outgoingRate,
  outgoingTime,
  timeLeft,
} from "./canister.signals.ts";
import { CanisterBurnSpike, CanisterCyclesRunningOut, watchProvocations } from "./canister.ts";

/** What the facts of the exporters do not say by themselves. */
export const canisterProvocations: Provocations = {
  ...watchProvocations,
  [timeLeft.name]: burning,
  [freeCycles.name]: (level) => {
    const provocation = factProvocation(level);
    // Nothing burns: the share is what it is from the first moment to the last.
    const exactly = provocation.exactly?.has(burnGrowth.fact ?? "", 0);
    return { ...provocation, ...(exactly && { exactly }) };
  },
  [burnGrowth.name]: (level) => ({
    ...factProvocation(level),
    // A difference dwindles when its series ends: only of one that is many times too large is known when it is over.
    around: { below: 0.98 * level.threshold, above: 1.02 * level.threshold },
    isRate: true,
    // What burns so fast soon has less time left than a service asks for early.
    others: [CanisterCyclesRunningOut],
    without: {
      "stale series":
        "a difference dwindles when its series ends: it is over before its window is, by how large it was",
    },
  }),
  [callFailures.name]: (level) => failing(level, callRate),
  [outgoingFailures.name]: (level) => failing(level, outgoingRate),
  [callTime.name]: (level) => averaging(level, callRate),
  [outgoingTime.name]: (level) => averaging(level, outgoingRate),
  [instructions.name]: (level) => averaging(level, callRate, mostInstructions),
};

/** Calls that fail per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

function failing(level: Level, rate: Signal): Provocation {
  const provocation = averaging(level, rate);
  const lowest = Math.min(...Object.values(level.promise.levels).map(({ value }) => value));
  return { ...provocation, world: provocation.world.has(rate.fact ?? "", tellingPerSecond / lowest) };
}

/** So many whole calls between two scrapes that the average, or the share, is the threshold to the last bit. */
function averaging(level: Level, rate: Signal, per = 1): Provocation {
  const { threshold, promise, subject } = level;
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  const provocation = factProvocation(level);
  const events = eventsOfAverage(threshold * per, {
    windowSeconds: promise.alert.signal.window?.value ?? 0,
    intervalSeconds,
    leastPerSecond: 2 * (promise.alert.guard?.above.value ?? 0),
  });
  return {
    ...provocation,
    ...(events && {
      exactly: provocation.happens(provocation.world, threshold).has(rate.fact ?? "", events.all / intervalSeconds),
    }),
  };
}

/**
 * A canister that burns cycles has less time with every minute: until the drill has seen what it waits for, that makes
 * up to so much. Within it values cannot be held, and crossings come earlier and end later.
 */
function burning(level: Level): Provocation {
  const { threshold, promise } = level;
  const provocation = factProvocation(level);
  const windowSeconds = promise.alert.signal.window?.value ?? 0;
  const most = days(365).value;
  const driftSeconds = windowSeconds + promise.for.value + minutes(30).value;
  return {
    ...provocation,
    usual: most,
    most: threshold / 2,
    around: { below: 0.98 * threshold, above: threshold + driftSeconds },
    truth: (value, share) =>
      value >= most || share === 0 ? most : Math.min(most, 1 / (share / value + (1 - share) / provocation.usual)),
    blur: driftSeconds,
    secondsApart: () => (driftSeconds * windowSeconds) / threshold,
    // Where so many burn so suddenly, both are right.
    others: [CanisterBurnSpike],
    without: {
      flapping: "what was burned is gone: each time there is less time left than the time before",
      "stale series": "the balance is read at this instant: the signal ends with its series, whatever its window",
    },
  };
}
