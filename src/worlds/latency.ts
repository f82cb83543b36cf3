/**
 * The latency of a world's requests: log-normal, as request times are to a good approximation, with one spread for
 * all. At 0.5 the median is 0.44 of the 95th percentile and the 99th is 1.41 of it: a service with a moderate tail.
 */
export const latencySigma = 0.5;

/** The standard normal's 95th percentile. */
const normalP95 = 1.6448536269514722;

/** Mean of the logarithm, so that 95 of 100 requests take at most `p95Seconds`. */
const logMean = (p95Seconds: number): number => Math.log(p95Seconds) - latencySigma * normalP95;

/** Share of requests that take at most `seconds`, when the true 95th percentile is `p95Seconds`. */
export const shareWithin = (seconds: number, p95Seconds: number): number =>
  seconds <= 0 ? 0 : normalShare((Math.log(seconds) - logMean(p95Seconds)) / latencySigma);

/** Mean of all requests, in seconds: exp(μ + σ²/2). */
export const meanSeconds = (p95Seconds: number): number => Math.exp(logMean(p95Seconds) + latencySigma ** 2 / 2);

/** The latency, in seconds, of a request that is `normal` standard deviations from the middle. */
export const latencyAt = (normal: number, p95Seconds: number): number =>
  Math.exp(logMean(p95Seconds) + latencySigma * normal);

/** A true quantile of the distribution, in seconds; `quantile` strictly between 0 and 1. */
export const trueQuantile = (quantile: number, p95Seconds: number): number =>
  latencyAt(
    bisect(-10, 10, (normal) => normalShare(normal) > quantile),
    p95Seconds,
  );

/** What 95 of 100 requests take at most when a quantile of them, between 0 and 1, is `seconds`. */
export const p95With = (quantile: number, seconds: number): number => seconds / trueQuantile(quantile, 1);

/**
 * Standard normal distribution function, to 1e-15: Marsaglia, "Evaluating the Normal Distribution" (2004),
 * Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …). Beyond 7 the rest is less than a request in 10¹¹.
 */
function normalShare(x: number): number {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let sum = x;
  let term = x;
  for (let n = 3; sum + term !== sum || n === 3; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The number in [low, high] above which `beyond` turns from false to true, to the last bit or nearly. */
export function bisect(low: number, high: number, beyond: (x: number) => boolean): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 80; step += 1) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) break;
    if (beyond(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/**
 * `histogram_quantile` of Prometheus for a classic histogram: linear within the bucket that holds the rank, from 0
 * in the first one; a rank beyond the largest finite edge gives that edge.
 *
 * @param quantile between 0 and 1
 * @param edges finite bucket edges, ascending and positive; at least one
 * @param cumulative count or share at or below each edge
 * @param total count or share of all, the `+Inf` bucket
 */
export function histogramQuantile(
  quantile: number,
  edges: readonly number[],
  cumulative: readonly number[],
  total: number,
): number {
  const rank = quantile * total;
  const holder = cumulative.findIndex((share) => share >= rank);
  if (holder === -1) return edges.at(-1) ?? Number.NaN;
  const [from, to] = [edges[holder - 1] ?? 0, edges[holder] ?? Number.NaN];
  const [below, upTo] = [cumulative[holder - 1] ?? 0, cumulative[holder] ?? Number.NaN];
  return from + ((to - from) * (rank - below)) / (upTo - below);
}
