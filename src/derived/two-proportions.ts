/** Events of which some are bad, as a share of all. */
export interface Sample {
  events: number;
  /** From 0 to 1. */
  badShare: number;
}

/**
 * How many standard errors lie between two shares: the two-proportion z-test with a pooled share, positive where the
 * first is the higher one. 0 where all or nothing is bad in both: there is no difference then.
 */
export function zOfDifference(one: Sample, other: Sample): number {
  const pooled = (one.badShare * one.events + other.badShare * other.events) / (one.events + other.events);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.events + 1 / other.events));
  return error === 0 ? 0 : (one.badShare - other.badShare) / error;
}
