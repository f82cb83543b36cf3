import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import { gap, type Level } from "../src/drills/drill-subject.ts";
import { restartWindowSeconds } from "./container.exporter.ts";
import { restarts, running, throttling, watchProvocations } from "./container.ts";

/** What the facts of the exporter do not say by themselves. */
export const containerProvocations: Provocations = {
  ...watchProvocations,
  // A container that never was is not missed.
  [running.name]: (level) => ({ ...factProvocation(level), isAbsence: true }),
  [throttling.name]: throttled,
  [restarts.name]: restarted,
};

/** Both counters are whole, and a share that is a power of two survives every rounding of them. */
function throttled(level: Level): Provocation {
  const provocation = factProvocation(level);
  const isPowerOfTwo = Number.isInteger(Math.log2(level.threshold));
  return { ...provocation, ...(isPowerOfTwo && { exactly: provocation.happens(provocation.world, level.threshold) }) };
}

/**
 * Restarts are counted, not averaged: of those within the window all are seen but one that falls between its first
 * sample and its beginning.
 */
function restarted(level: Level): Provocation {
  const { value: scrapeSeconds } = level.subject.platform.intervals.scrape;
  const seenShare = (restartWindowSeconds - scrapeSeconds) / restartWindowSeconds;
  const more = Math.floor(level.threshold) + 1;
  const provocation = factProvocation(level);
  // Those between two scrapes show as one, however long that is.
  const hidden = (provocation.most * gap.value) / restartWindowSeconds - 1;
  return {
    ...provocation,
    truth: (value, share) => Math.floor(value * seenShare * share + 1e-9),
    // So many that every window shows the threshold itself, which is not beyond it; and one more.
    around: { below: Math.floor(level.threshold) / seenShare, above: more / seenShare },
    blur: Math.max(1, hidden),
    secondsApart: (value) => (value > 0 ? restartWindowSeconds / value : 0),
    without: {
      "stale series":
        "it counts what was in the window: when the series have ended, it falls with every restart that leaves it",
    },
  };
}
