import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import { absenceCrossing, instantCrossing } from "../src/boundaries/firing-time.ts";
import type { Provocation, Provoke } from "../src/boundaries/provocation.ts";
import { boundaries } from "../src/drills/boundary.ts";
import type { ExpectedLabels } from "../src/drills/drill.ts";
import { type Level, noon } from "../src/drills/drill-subject.ts";
import { type Duration, days, hours, minutes } from "../src/model/quantity.ts";
import { clockMs } from "../src/worlds/clock.ts";
import type { World } from "../src/worlds/world.ts";
import { comparedWith, shiftedBy, started } from "./journey.starts.ts";

const noonMs = clockMs(noon) ?? 0;
const [aWeek] = comparedWith;
const hourSeconds = hours(1).value;
/** Between two samples of what is remembered. */
const everyMs = 60_000;

/** Starts per second at a moment, ms since the epoch; undefined where nothing was recorded. */
export type Starts = (ms: number) => number | undefined;

/** The rate of starts of a journey as rules have recorded it. */
export const recordedStarts = (world: World, labels: ExpectedLabels, at: Starts): World =>
  world.remembers({
    labels: { ...labels, __name__: started.series },
    everySeconds: everyMs / 1000,
    beforeSeconds: aWeek.value + days(2).value,
    goesOn: true,
    at,
  });

/** Half a day around noon, so long ago: so many per second between two times of that day, and an hour before and after. */
export const usualStarts = (
  perSecond: number,
  { ago = aWeek as Duration, from, to }: { ago?: Duration; from?: string; to?: string } = {},
): Starts => {
  const [fromMs, toMs] = [clockMs(from ?? "") ?? -Infinity, clockMs(to ?? "") ?? Infinity];
  const shiftMs = 1000 * shiftedBy.value;
  return (ms) => {
    const then = ms + 1000 * ago.value;
    if (Math.abs(then - noonMs) > 6 * shiftMs) return undefined;
    // A range leaves out its very beginning; what is recorded there is not yet so.
    return then > Math.ceil((fromMs - shiftMs) / everyMs) * everyMs && then < toMs + shiftMs ? perSecond : 0;
  };
};

/** For so long before now nobody has started one; what is there from then on is what rules record now. */
export const nobodyFor =
  (time: Duration): Starts =>
  (ms) =>
    ms >= noonMs - 1000 * time.value && ms < noonMs - 600_000 ? 0 : undefined;

/** The first of what is known. */
export const first =
  (...all: readonly Starts[]): Starts =>
  (ms) => {
    for (const one of all) {
      const value = one(ms);
      if (value !== undefined) return value;
    }
    return undefined;
  };

/** A drill lasts until each of the service's alerts could have fired: by then nobody has come for six hours. */
const isLong = ({ subject }: Level): boolean =>
  [...subject.service.promises.values()].some((promise) => promise.for.value > minutes(100).value);
const tooLong = "one of its alerts waits so long that nobody has come for six hours by then, in which more are missed";

/** Nobody starts a journey at all: what sets in and ends is that it was usual a week ago. */
export const missedJourneys: Provoke = (level) => {
  const { promise, subject, threshold } = level;
  const { labels, elsewhere, world } = factProvocation({
    ...level,
    promise: { ...promise, alert: { ...promise.alert, signal: started } },
  });
  const { scrape } = subject.platform.intervals;
  const { fact = "" } = started;
  const idle = world.has(fact, 0);
  // It is recorded that the last hour is empty; of no longer time, in which more would be missed.
  const lately = nobodyFor(minutes(75));
  const at = (place: ExpectedLabels) => ({
    labels: place,
    happens: (in_: World, value: number, from?: string, to?: string): World =>
      // What a sidecar exposes is recorded of nobody.
      in_.isUnmarked
        ? in_
        : recordedStarts(
            // Nothing changes but what should be.
            in_.has(fact, 0, from, to),
            place,
            first(lately, usualStarts(value / hourSeconds, { from, to })),
          ),
  });
  const here = at(labels);
  const provocation: Provocation = {
    world: idle,
    words: (value) => `no journey in an hour that has ${value} of them in other weeks`,
    ...here,
    ...(elsewhere && { elsewhere: at(elsewhere.labels) }),
    usual: 0,
    most: 100 * threshold,
    ...(hourSeconds * (threshold / hourSeconds) === threshold && { exactly: here.happens(idle, threshold) }),
    filling: {
      crossing: () => instantCrossing(scrape.value),
      filled: () => [1, 1],
      // As long as there is a rate of the last hour, something is counted.
      ends: absenceCrossing(started.window?.value ?? 0, scrape.value),
    },
    without: isLong(level)
      ? Object.fromEntries(boundaries.map((one) => [one, tooLong]))
      : { flapping: "what was usual at an hour does not come and go within minutes" },
  };
  return provocation;
};
