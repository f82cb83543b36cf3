/**
 * The steady rates next to a threshold that `rate` over a window can tell from it, in requests per second, for a
 * single counter that is scraped at a regular interval: the samples in the window lie L seconds apart from first to
 * last, so that the rate is a whole number of requests divided by L, and nothing between two such values exists. A
 * rate that is half a percent on the safe side gives that number in every window, or one request further away.
 *
 * @returns `below` gives less than the threshold in every window, `above` more; `below` is 0 where not even one
 * request may be seen; `resolution` is what one request is
 */
export function ratesAround(threshold: number, windowSeconds: number, intervalSeconds: number) {
  const samples = windowSeconds / intervalSeconds;
  const lengths = [...new Set([Math.floor(samples), Math.ceil(samples)])].map((count) => (count - 1) * intervalSeconds);
  const requests = lengths.map((length) => ({ length, most: Math.ceil(threshold * length - 1e-9) - 1 }));
  return {
    below: 0.995 * Math.min(...requests.map(({ length, most }) => Math.max(0, most) / length)),
    above: 1.005 * Math.max(...lengths.map((length) => (Math.floor(threshold * length + 1e-9) + 1) / length)),
    resolution: 1 / Math.min(...lengths),
  };
}
