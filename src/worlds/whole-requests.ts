/**
 * The steady rates next to a threshold that `rate` over a window can tell from it, in requests per second, for a
 * single counter that is scraped at a regular interval: the samples in the window lie L seconds apart from first to
 * last, so that the rate is a whole number of requests divided by L, and nothing between two such values exists.
 * Steady requests at just such a rate are that number in every window.
 *
 * @returns `below` gives less than the threshold in every window, `above` more; `below` is 0 where not even one
 * request may be seen; `resolution` is what one request is
 */
export function ratesAround(threshold: number, windowSeconds: number, intervalSeconds: number) {
  const lengths = sampledLengths(windowSeconds, intervalSeconds);
  const requests = lengths.map((length) => ({ length, most: Math.ceil(threshold * length - 1e-9) - 1 }));
  return {
    below: Math.min(...requests.map(({ length, most }) => Math.max(0, most) / length)),
    above: Math.max(...lengths.map((length) => (Math.floor(threshold * length + 1e-9) + 1) / length)),
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

/** How a counter is seen, and how many requests it should count at least. */
interface Sampling {
  windowSeconds: number;
  intervalSeconds: number;
  leastPerSecond: number;
}

/**
 * Whole requests between two scrapes for which the rate of a single counter is a threshold to the last bit. No other
 * number of requests gives this rate, so that no rounding may depend on when the scrapes are; that of exposition.ts is
 * why none does.
 *
 * @returns undefined where there are none
 */
export function requestsOfRate(
  threshold: number,
  { windowSeconds, intervalSeconds }: Pick<Sampling, "windowSeconds" | "intervalSeconds">,
): number | undefined {
  const requests = Math.round(threshold * intervalSeconds);
  const isExact = sampledLengths(windowSeconds, intervalSeconds).every(
    (length) => (length / intervalSeconds) * requests * (windowSeconds / length / windowSeconds) === threshold,
  );
  return isExact ? requests : undefined;
}

/**
 * Whole requests between two scrapes, all and those that fail, for which the rate of the failed divided by the rate of
 * all is a threshold to the last bit.
 *
 * @param threshold share of requests, from 0 to 1
 * @returns undefined where none are found
 */
export const requestsOfRatio = (threshold: number, sampling: Sampling) =>
  requestsOfShare(threshold, sampling, (rate, failed, all) => {
    const failing = rate(failed);
    return failing / (rate(all - failed) + failing) === threshold;
  });

/**
 * Events between two scrapes, all and those of a part that is counted by itself, for which the rate of the part divided
 * by the rate of all is a threshold to the last bit.
 *
 * @param threshold share of events, from 0 to 1
 * @returns undefined where none are found
 */
export const eventsOfShare = (threshold: number, sampling: Sampling) =>
  requestsOfShare(threshold, sampling, (rate, part, all) => rate(part) / rate(all) === threshold);

/**
 * Whole requests between two scrapes, all and those within a bucket, for which the rank of a quantile among the rates of
 * a histogram is that of the bucket's edge to the last bit: the quantile is then the edge (`BucketQuantile` in
 * promql/quantile.go of Prometheus).
 *
 * @param quantile from 0 to 1
 * @returns undefined where none are found
 */
export const requestsOfQuantile = (quantile: number, sampling: Sampling) =>
  requestsOfShare(quantile, sampling, (rate, within, all) => quantile * rate(all) === rate(within));

/**
 * Events between two scrapes, and what they add up to, for which the rate of the sum divided by the rate of the count is
 * a threshold to the last bit. Both are whole per second as well: a sum that is added up from fractions would drift.
 *
 * @returns undefined where none are found
 */
export const eventsOfAverage = (threshold: number, sampling: Sampling) =>
  requestsOfShare(
    threshold,
    sampling,
    (rate, sum, all) =>
      all % sampling.intervalSeconds === 0 &&
      Number.isInteger((all / sampling.intervalSeconds) * threshold) &&
      rate(sum) / rate(all) === threshold,
  );

/**
 * A rate is a number of requests times a factor, and rounded (`extrapolatedRate` in promql/functions.go of Prometheus);
 * the factor depends on when the scrapes are, by its last digits. What rounding spoils for some numbers of requests it
 * leaves alone for others, so multiples are tried.
 */
function requestsOfShare(
  share: number,
  { windowSeconds, intervalSeconds, leastPerSecond }: Sampling,
  isExact: (rate: (requests: number) => number, part: number, all: number) => boolean,
): { part: number; all: number } | undefined {
  const factors = sampledLengths(windowSeconds, intervalSeconds).flatMap((length) =>
    roundings.map((digits) => (windowSeconds * (1 + digits * Number.EPSILON)) / length / windowSeconds),
  );
  const intervals = sampledLengths(windowSeconds, intervalSeconds).map((length) => length / intervalSeconds);
  const rates = intervals.flatMap((count) => factors.map((factor) => (requests: number) => count * requests * factor));
  const all = firstWhere(mostRequests, (count) => Math.round(share * count) / count === share);
  if (all === undefined) return undefined;
  const part = Math.round(share * all);
  const least = Math.ceil((leastPerSecond * intervalSeconds) / all);
  const times = firstWhere(
    mostRequests,
    (multiple) => multiple >= least && rates.every((rate) => isExact(rate, multiple * part, multiple * all)),
  );
  return times === undefined ? undefined : { part: times * part, all: times * all };
}

/** Thresholds are written with a few digits: a share that needs more requests than this to be hit is not one. */
const mostRequests = 10_000;

function firstWhere(most: number, holds: (count: number) => boolean): number | undefined {
  for (let count = 1; count <= most; count += 1) if (holds(count)) return count;
  return undefined;
}
