import type { Platform } from "../model/platform.ts";
import { clockMs, clockText } from "../worlds/clock.ts";

/** First and last possible number of seconds. */
export type Span = readonly [earliest: number, latest: number];

/** How many seconds after trouble starts its signal is beyond the threshold, and after it ends back again. */
export interface Crossing {
  rise: Span;
  fall: Span;
  /**
   * Trouble of L seconds is seen for at most L + `longerSeconds`, rounded up to whole scrapes: what delays its beginning
   * delays its end as well, wherever in the interval each instance is scraped. @default - not known
   */
  seen?: { longerSeconds: number; everySeconds: number };
}

/**
 * A signal that tells of the last scrape, `intervalSeconds` apart. Where in the interval the scrape is, is all that is
 * not known.
 */
export const instantCrossing = (intervalSeconds: number): Crossing => ({
  rise: [0, intervalSeconds],
  fall: [0, intervalSeconds],
  seen: { longerSeconds: 0, everySeconds: intervalSeconds },
});

/**
 * A signal that is an average over a window of w seconds, which trouble must fill by a `share` f (0 to 1) to pass the
 * threshold. It is worked out from the samples in the window: the first comes a seconds after the window begins, the
 * last b seconds before it ends, both up to one scrape interval s. Trouble that began t ago fills (t − b) of the
 * (w − a − b) seconds between them, so the threshold is passed at t = f·w + b·(1 − f) − a·f: between f·s too early and
 * (1 − f)·s too late. The fall mirrors it. Several instances are each within these bounds, hence their sum is.
 *
 * Where whole scrapes fill the window, all that counts are the w − s seconds from the first to the last of them. Trouble
 * passes f of them f·(w − s) after it began, and leaves them so far that f is left (1 − f)·(w − s) after it ended; each
 * shows at the next scrape. With several instances that holds as long as each has seen of it when f is passed.
 */
export const averageCrossing = (windowSeconds: number, share: number, intervalSeconds: number): Crossing => ({
  rise: [
    share * windowSeconds - share * intervalSeconds,
    share * windowSeconds + (1 - share) * intervalSeconds,
  ] satisfies Span,
  fall: [
    (1 - share) * windowSeconds - (1 - share) * intervalSeconds,
    (1 - share) * windowSeconds + share * intervalSeconds,
  ] satisfies Span,
  ...(Number.isInteger(windowSeconds / intervalSeconds) &&
    share * (windowSeconds - intervalSeconds) >= intervalSeconds && {
      seen: {
        longerSeconds: (1 - 2 * share) * (windowSeconds - intervalSeconds) + 2 * blurSeconds,
        everySeconds: intervalSeconds,
      },
    }),
});

/** For how long Prometheus takes the last sample of a series that has no stale marker for what is so now. */
const lookbackSeconds = 300;

/** A signal that tells of the last sample that was pushed: nothing marks the end of its series. */
export const unmarkedCrossing = (intervalSeconds: number): Crossing => ({
  rise: [lookbackSeconds - intervalSeconds, lookbackSeconds],
  fall: [0, intervalSeconds],
});

/** The same where what is counted comes one by one, so many seconds apart: any of them may be the one that decides. */
export const widened = ({ rise, fall }: Crossing, secondsApart: number): Crossing => {
  const wider = ([earliest, latest]: Span): Span => [earliest - secondsApart, latest + secondsApart];
  return { rise: wider(rise), fall: wider(fall) };
};

/**
 * A signal that tells that there are no samples to work out a rate from: that takes two of them within the window. The
 * last is up to one scrape interval old when they end, so the second last leaves the window one to two intervals
 * before the window is over; and one to two intervals after they are back there are two again.
 */
export const absenceCrossing = (windowSeconds: number, intervalSeconds: number): Crossing => ({
  rise: [windowSeconds - 2 * intervalSeconds, windowSeconds - intervalSeconds],
  fall: [intervalSeconds, 2 * intervalSeconds],
  ...(Number.isInteger(windowSeconds / intervalSeconds) && {
    seen: { longerSeconds: 3 * intervalSeconds - windowSeconds, everySeconds: intervalSeconds },
  }),
});

/**
 * How far whole requests may move a crossing, in seconds. A provocation has so much traffic that one request more or
 * less moves it by less; clock times are whole seconds besides.
 */
const blurSeconds = 1;

/**
 * How much of such a window trouble may fill by its samples, from 0 to 1, when a look comes `sinceSeconds` after it
 * began and `endedSeconds` after it ended (negative while it lasts). Only what is between the first and the last sample
 * counts; the last is up to one scrape interval old, and n of them lie (n − 1) intervals apart. Between the ages of the
 * last sample that are tried, at which a sample meets an end of the window or of the trouble, the share is linear.
 *
 * @param intervalSeconds 0 where nothing is sampled: all that is in the window counts
 */
export function filledShare(
  windowSeconds: number,
  intervalSeconds: number,
  { sinceSeconds, endedSeconds }: { sinceSeconds: number; endedSeconds: number },
): Span {
  const samples = windowSeconds / intervalSeconds;
  const counts = [Math.floor(samples), Math.ceil(samples)].filter((count) => count > 1);
  const lengths = intervalSeconds === 0 ? [windowSeconds] : counts.map((count) => (count - 1) * intervalSeconds);
  const shares = (since: number, ended: number) =>
    lengths.flatMap((length) => {
      const oldest = Math.min(intervalSeconds, windowSeconds - length);
      return [0, oldest, ended, since - length, ended - length, since].map((age) => {
        const last = Math.min(oldest, Math.max(0, age));
        return Math.max(0, Math.min(since, last + length) - Math.max(ended, last)) / length;
      });
    });
  return [
    Math.min(...shares(sinceSeconds - blurSeconds, endedSeconds + blurSeconds)),
    Math.min(1, Math.max(...shares(sinceSeconds + blurSeconds, endedSeconds - blurSeconds))),
  ];
}

/**
 * When an alert must begin to fire and be over, worked out from its promise and not from what it did. The rules look
 * at multiples of the evaluation interval; `for` begins at the first look that sees the signal beyond its threshold
 * and ends at the first that still does when it has passed. All times are of day.
 */
export interface FiringTime {
  /** When trouble should start, at a time of day or a little before: so that a single look must be the first. */
  start(noon: string): string;
  /** First and last look at which it may begin to fire, when trouble starts then. */
  fires(start: string): [from: string, to: string];
  /** First and last look at which it may be over, when trouble ends then. */
  over(end: string): [from: string, to: string];
  /** The latest end of trouble that leaves it quiet; undefined where no trouble that is seen at all is so short. */
  tooSoon(start: string): string | undefined;
  /** The earliest end of trouble after which it must have fired. */
  lateEnough(start: string): string;
  /** Half way between the first look that sees the trouble and the one at which it fires. */
  halfPending(start: string): string;
}

export function firingTime(crossing: Crossing, holdSeconds: number, { evaluation }: Platform["intervals"]): FiringTime {
  const stepMs = evaluation.value * 1000;
  const look = (ms: number) => Math.ceil(ms / stepMs) * stepMs;
  const holdMs = look(holdSeconds * 1000);
  const early = (start: string, [earliest]: Span) => ms(start) + Math.max(0, earliest - blurSeconds) * 1000;
  const late = (start: string, [, latest]: Span) => ms(start) + (latest + blurSeconds) * 1000;
  const looks = (start: string, span: Span): [number, number] => [look(early(start, span)), look(late(start, span))];
  const { rise, fall, seen } = crossing;
  /** What is seen for no longer than `for` is over at the look at which it would fire. */
  const briefMs = seen
    ? 1000 * (Math.floor(holdMs / 1000 / seen.everySeconds) * seen.everySeconds - seen.longerSeconds)
    : -Infinity;
  return {
    start: (noon) => atOrBefore(look(late(noon, rise) - stepMs + 1) - (rise[1] + blurSeconds) * 1000),
    fires: (start) => texts(looks(start, rise).map((seen) => seen + holdMs)),
    over: (end) => texts(looks(end, fall)),
    tooSoon(start) {
      const beforeFiring = looks(start, rise)[0] + holdMs - (fall[1] + blurSeconds) * 1000;
      const end = atOrBefore(Math.max(beforeFiring, ms(start) + briefMs));
      return ms(end) >= late(start, rise) ? end : undefined;
    },
    lateEnough(start) {
      const after = looks(start, rise)[1] + holdMs - (fall[0] - blurSeconds) * 1000;
      return clockText(Math.floor(Math.max(after, late(start, rise)) / 1000 + 1) * 1000);
    },
    halfPending: (start) => atOrBefore(looks(start, rise)[0] + holdMs / 2),
  };
}

const ms = (text: string): number => clockMs(text) ?? Number.NaN;
const atOrBefore = (time: number): string => clockText(Math.floor(time / 1000) * 1000);
const texts = ([from = 0, to = 0]: number[]): [string, string] => [clockText(from), clockText(to)];
