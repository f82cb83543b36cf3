import type { AlertPromise, Platform } from "../model/platform.ts";
import { type Duration, seconds } from "../model/quantity.ts";
import { later } from "./clock.ts";

/**
 * When an alert must begin to fire and be over, worked out from its promise and not from what it did.
 *
 * A signal that looks back over a window passes its threshold when trouble fills a `share` of that window (0 to 1;
 * without a window, at once), and comes back when the share has fallen below it again. So of trouble that lasts D
 * the signal is beyond its threshold from `share` × window after the start to (1 − `share`) × window after the end.
 *
 * What cannot be known better: a scrape sees trouble up to one scrape interval late, a rate needs two samples, the
 * rules look once an evaluation interval, and `for` ends at an evaluation.
 */
export interface FiringTime {
  /** First and last time of day at which it may begin to fire, when trouble starts at a time of day. */
  window(start: string): [from: string, to: string];
  /** Time of day by which it is over, when trouble ends at a time of day. */
  over(end: string): string;
  /** Trouble that ends too soon for the alert; undefined where a single scrape that sees it is enough. */
  tooShort: Duration | undefined;
  /** Trouble that lasts just long enough. */
  longEnough: Duration;
  /** Time of day at which it is half way from pending to firing. */
  halfPending(start: string): string;
}

export function firingTime(promise: AlertPromise, share: number, { scrape, evaluation }: Platform["intervals"]) {
  const window = promise.alert.signal.window?.value ?? 0;
  const hold = promise.for.value;
  const rise = share * window;
  const fall = window - rise;
  const early = 2 * scrape.value;
  const late = (window > 0 ? 2 : 1) * scrape.value + 2 * evaluation.value;
  // Beyond the threshold for D + fall - rise, but only when D reaches `rise` at all.
  const exact = hold + rise - fall;
  // What a scrape has seen stands until the next one; a rate may end two samples early and begin two samples late.
  const short = Math.floor(exact - (window > 0 ? 4 : 1) * scrape.value) - 1;
  // Trouble that never fills its share of the window is too short anyway.
  const tooShort = short > 0 ? short : rise > 2 * scrape.value ? 1 : undefined;
  return {
    window: (start) => [
      later(start, seconds(Math.max(0, rise + hold - early))),
      later(start, seconds(rise + hold + late)),
    ],
    over: (end) => later(end, seconds(fall + late)),
    tooShort: tooShort === undefined ? undefined : seconds(tooShort),
    longEnough: seconds(Math.ceil(Math.max(exact, rise) + early + late)),
    halfPending: (start) => later(start, seconds(rise + hold / 2)),
  } satisfies FiringTime as FiringTime;
}
