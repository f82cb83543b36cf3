import { bisect } from "../worlds/latency.ts";
import type { Span } from "./firing-time.ts";
import type { Filling } from "./provocation.ts";

/** How a signal is made that is the smaller of two averages over recorded rates. */
interface RecordedWindows {
  longSeconds: number;
  /** 0: the rate itself. */
  shortSeconds: number;
  /** Window of the rates. */
  rateSeconds: number;
  /** How often they are recorded. */
  everySeconds: number;
  scrapeSeconds: number;
}

/**
 * A value that sets in fills a rate over r seconds little by little, and an average over w seconds of such rates by the
 * integral of that. While it rises the longer window is the smaller of the two; once it has ended, the shorter is.
 *
 * An average over recorded values is the sum of its last w/e, e seconds apart, which runs ahead of the integral by e/2 at
 * most; and a look sees what was recorded up to e seconds before it.
 */
export function recordedFilling(windows: RecordedWindows): Filling {
  const { longSeconds, shortSeconds, rateSeconds, everySeconds, scrapeSeconds } = windows;
  const share = (window: number, seconds: number): number =>
    window === 0
      ? Math.min(1, Math.max(0, seconds / rateSeconds))
      : (filledArea(seconds, rateSeconds) - filledArea(seconds - window, rateSeconds)) / window;
  const reached = (window: number, part: number): number =>
    bisect(0, window + rateSeconds, (seconds) => share(window, seconds) > part);
  const around = (seconds: number): Span => [
    seconds - everySeconds / 2 - scrapeSeconds,
    seconds + everySeconds + scrapeSeconds,
  ];
  const slack = everySeconds + scrapeSeconds;
  return {
    crossing: (part) => ({
      rise: around(reached(longSeconds, part)),
      fall: around(reached(shortSeconds, 1 - part)),
    }),
    filled({ sinceSeconds, endedSeconds }) {
      const both = [longSeconds, shortSeconds];
      const least = both.map((w) => share(w, sinceSeconds - slack) - share(w, endedSeconds + slack));
      const most = both.map((w) => share(w, sinceSeconds + slack) - share(w, endedSeconds - slack));
      return [Math.max(0, Math.min(...least)), Math.min(1, ...most)];
    },
    // A rate needs two samples in its window. An average would go on for as long as it has any, but not without the rate.
    ends: {
      rise: [rateSeconds - 2 * scrapeSeconds - everySeconds, rateSeconds - scrapeSeconds + 2 * everySeconds],
      fall: [0, 0],
    },
  };
}

/** Integral of what fills from 0 to 1 within `rise` seconds and stays so. */
const filledArea = (seconds: number, rise: number): number => {
  if (seconds <= 0) return 0;
  return seconds < rise ? seconds ** 2 / (2 * rise) : seconds - rise / 2;
};
