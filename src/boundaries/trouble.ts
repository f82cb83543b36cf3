import type { ExpectedLabels, FiresBuilder } from "../drills/drill.ts";
import { called, firesFor, type Level, readable } from "../drills/drill-subject.ts";
import { type Duration, formatDuration, formatQuantity, seconds } from "../model/quantity.ts";
import { clockMs, later } from "../worlds/clock.ts";
import { bisect } from "../worlds/latency.ts";
import { measurableTolerance } from "../worlds/measurable.ts";
import {
  absenceCrossing,
  averageCrossing,
  type Crossing,
  type FiringTime,
  filledShare,
  firingTime,
  instantCrossing,
  widened,
} from "./firing-time.ts";
import { memo } from "./memo.ts";
import type { Provocation } from "./provocation.ts";

/**
 * How near to the threshold a drill goes where a signal can have any value: 2 %, in which whole requests and the
 * rounding of bucket counts are lost many times over.
 */
const nearness = 0.02;

/** How near a shown value must be to what it should be, besides what whole requests make: scraping and rounding. */
const readingTolerance = 0.01;

/** One level of an alert with the values and times that follow from its promise and its provocation. */
export interface Trouble extends Provocation {
  level: Level;
  /** Value next to the threshold that must stay quiet, and the one that must fire. */
  short: number;
  beyond: number;
  /** A value that passes the threshold when half the window has it: then trouble lasts as long as its signal. */
  timed: number;
  /** The same for trouble that must not last: seen no longer than it lasts, and as long as that can be known. */
  brief: number;
  /** Twice as far from the usual value as the threshold, where there is so much. */
  strong: number;
  /** When the alert fires and is over, of trouble with a value. */
  time: (value: number) => FiringTime;
  /** The level fires in time, with what the signal must then be, when it has a value from `start` on. */
  fires: (value: number, start: string, but?: FiresBut) => FiresBuilder;
  /** `above 2 s for 5m`, `critical`: for sentences. */
  limit: string;
  hold: string;
  called: string;
}

interface FiresBut {
  /** When it ends. @default - never */
  end?: string;
  /** @default - the trouble's own */
  labels?: ExpectedLabels;
  /** So much of what a counter counts within the window may be lost. @default 0 */
  unseenSeconds?: number;
}

export function troubleOf(level: Level, provocation: Provocation): Trouble {
  const { promise, severity, threshold, subject } = level;
  const { signal, direction } = promise.alert;
  const { intervals } = subject.platform;
  const { usual, most, around, sampledEverySeconds = intervals.scrape.value } = provocation;
  const windowSeconds = signal.window?.value;
  const isBeyond = (value: number) => (direction === "above" ? value > threshold : value < threshold);
  const read = reader(provocation, threshold, isBeyond);
  /** From 0, as usual, to 1, the most there is. */
  const between = (part: number) => usual + part * (most - usual);
  const passesAt = (share: number) => between(bisect(0, 1, (part) => isBeyond(read(between(part), share))));

  const limitValue = passesAt(1);
  // Of 99.5 % there is not 2 % more: what counts there is what it lacks.
  const isNearlyAll = signal.unit === "ratio" && limitValue < 1 && limitValue * (1 + nearness) > 1;
  const margin = nearness * (isNearlyAll ? 1 - limitValue : limitValue);
  const near = around ?? { below: readable(limitValue - margin), above: readable(limitValue + margin) };
  const [short, beyond] = direction === "above" ? [near.below, near.above] : [near.above, near.below];
  const furthest = (value: number) => readable(direction === "above" ? Math.min(most, value) : Math.max(most, value));

  const crossing = (value: number): Crossing => {
    if (windowSeconds === undefined) return instantCrossing(sampledEverySeconds);
    if (provocation.isAbsence) return absenceCrossing(windowSeconds, sampledEverySeconds);
    const share = bisect(0, 1, (part) => isBeyond(read(value, part)));
    if (provocation.filling) return provocation.filling.crossing(share);
    return widened(averageCrossing(windowSeconds, share, sampledEverySeconds), provocation.secondsApart?.(value) ?? 0);
  };
  const time = memo((value: number) => firingTime(crossing(value), promise.for.value, intervals));
  // Trouble that passes the threshold after a share f of the window w is seen for (1 − 2·f)·w longer than it lasts. So
  // that it can be too short for `for`, f must be half, or more where `for` is shorter than half the window.
  const least = windowSeconds ? 1 - (promise.for.value - 2 * sampledEverySeconds) / windowSeconds : 0;
  const passing = () => readable(passesAt(Math.min(0.9, Math.max(0.5, least))));
  const timed = !around ? passing() : windowSeconds === undefined ? beyond : most;
  // Instances are scraped one after the other. Of 2·k − 1 in trouble, the k-th is the last that must be seen in it, and
  // the first whose end matters: fewer are seen beyond the threshold for less than the trouble lasts, more for longer.
  const twice = ({ step = 0 }: Provocation) => usual + 2 * (beyond - usual) - Math.sign(beyond - usual) * step;

  return {
    ...provocation,
    level,
    short,
    beyond,
    timed,
    brief: around && windowSeconds === undefined ? furthest(twice(provocation)) : timed,
    strong: around ? most : furthest(usual + 2 * (limitValue - usual)),
    time,
    fires(value, start, { end, labels = provocation.labels, unseenSeconds = 0 } = {}) {
      const looks = time(value).fires(start);
      const { blur = 0 } = provocation;
      const readings = allLooks(looks, intervals.evaluation).flatMap((at) => {
        if (windowSeconds === undefined || provocation.isAbsence) return read(value, 1);
        const sinceSeconds = secondsBetween(start, at);
        const endedSeconds = end === undefined ? -Infinity : secondsBetween(end, at);
        const span = { sinceSeconds, endedSeconds };
        const filled = provocation.filling?.filled(span) ?? filledShare(windowSeconds, sampledEverySeconds, span);
        return filled.map((share) => read(value, share));
      });
      return firesFor(level, labels, looks).reading(
        Math.min(...readings) * (1 - readingTolerance) * (1 - unseenSeconds / (windowSeconds ?? 1)) - blur,
        Math.max(...readings) * (1 + readingTolerance) + blur,
      );
    },
    limit: `${direction} ${formatQuantity({ unit: signal.unit, value: threshold })}`,
    hold: formatDuration(promise.for),
    called: called[severity],
  };
}

const secondsBetween = (from: string, to: string): number =>
  ((clockMs(to) ?? Number.NaN) - (clockMs(from) ?? Number.NaN)) / 1000;

/** Every look from the first to the last. */
const allLooks = ([first, last]: [string, string], { value: stepSeconds }: Duration): string[] =>
  Array.from({ length: secondsBetween(first, last) / stepSeconds + 1 }, (_, look) =>
    later(first, seconds(look * stepSeconds)),
  );

/** How long trouble lasts from one time of day to another, in words. */
export const lasting = (from: string, to: string): string => formatDuration(span(from, to));
const span = (from: string, to: string): Duration => seconds(secondsBetween(from, to));

/**
 * What the signal must be. Where the service's instrumentation shows the threshold to within the tolerance that
 * `measurable.ts` states, that is what it can show, so that a drill may go nearer to the threshold than its buckets
 * are exact; where it does not, the promise is not kept, and the drill holds it to the truth.
 */
function reader(
  { usual, most, truth: told, shown }: Provocation,
  threshold: number,
  isBeyond: (value: number) => boolean,
): (value: number, share: number) => number {
  const truth = told ?? ((value: number, share: number) => (1 - share) * usual + share * value);
  if (!shown || !isBeyond(shown(most, 1))) return truth;
  const effective = bisect(Math.min(usual, most), Math.max(usual, most), (value) => isBeyond(shown(value, 1)));
  return Math.abs(effective / threshold - 1) <= measurableTolerance ? shown : truth;
}
