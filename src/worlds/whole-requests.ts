/**
 * The steady rates next to a threshold that `rate` over a window can tell from it, in requests per second, for a
 * single counter that is scraped at a regular interval: the samples in the window lie L seconds apart from first to
 * last, so that the rate is a whole number of requests divided by L, and nothing between two such values exists. A
 * rate that is a thousandth on the safe side gives that number in every window, or one request further away.
 *
 * @returns `below` gives less than the threshold in every window, `above` more; `below` is 0 where not even one
 * request may be seen; `resolution` is what one request is
 */
export function ratesAround(threshold: number, windowSeconds: number, intervalSeconds: number) {
  const lengths = sampledLengths(windowSeconds, intervalSeconds);
  const requests = lengths.map((length) => ({ length, most: Math.ceil(threshold * length - 1e-9) - 1 }));
  return {
    below: 0.999 * Math.min(...requests.map(({ length, most }) => Math.max(0, most) / length)),
    above: 1.001 * Math.max(...lengths.map((length) => (Math.floor(threshold * length + 1e-9) + 1) / length)),
    resolution: 1 / Math.min(...lengths),
  };
}

/** How many seconds the first and the last sample in a window can be apart. */
function sampledLengths(windowSeconds: number, intervalSeconds: number): number[] {
  const samples = windowSeconds / intervalSeconds;
  return [...new Set([Math.floor(samples), Math.ceil(samples)])].map((count) => (count - 1) * intervalSeconds);
}

/** In how many last digits a window may differ that is added up from its samples and the gaps at its ends. */
const roundings = [-2, -1, 0, 1, 2];

/**
 * Whole requests between two scrapes, all and those that fail, for which the rate of the failed divided by the rate of
 * all is a threshold to the last bit. A rate is a number of requests times a factor, and rounded (`extrapolatedRate` in
 * promql/functions.go of Prometheus); the factor depends on when the scrapes are, by its last digits. What rounding
 * spoils for some numbers of requests it leaves alone for others, so multiples are tried.
 *
 * @param threshold share of requests, from 0 to 1
 * @returns undefined where none is found
 */
export function requestsOfRatio(threshold: number, windowSeconds: number, intervalSeconds: number) {
  const factors = sampledLengths(windowSeconds, intervalSeconds).flatMap((length) =>
    roundings.map((digits) => (windowSeconds * (1 + digits * Number.EPSILON)) / length / windowSeconds),
  );
  const intervals = sampledLengths(windowSeconds, intervalSeconds).map((length) => length / intervalSeconds);
  const isExact = (failed: number, all: number) =>
    intervals.every((count) =>
      factors.every((factor) => {
        const rate = count * failed * factor;
        return rate / (count * (all - failed) * factor + rate) === threshold;
      }),
    );
  const all = firstWhere(mostRequests, (count) => Math.round(threshold * count) / count === threshold);
  if (all === undefined) return undefined;
  const failed = Math.round(threshold * all);
  const times = firstWhere(mostRequests, (multiple) => isExact(multiple * failed, multiple * all));
  return times === undefined ? undefined : { failed: times * failed, all: times * all };
}

/** Thresholds are written with a few digits: a share that needs more requests than this to be hit is not one. */
const mostRequests = 10_000;

function firstWhere(most: number, holds: (count: number) => boolean): number | undefined {
  for (let count = 1; count <= most; count += 1) if (holds(count)) return count;
  return undefined;
}
