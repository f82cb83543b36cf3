/** Whether users of an experiment are shared out between its variants as planned. */
export interface SplitComparison {
  /** The treatment's part of the events of both, from 0 to 1. */
  seen: number;
  /** The usual statistic of one degree of freedom, right for one look at the end. */
  chiSquare: number;
  /** Always valid: below the level at any moment is as good as at the end. */
  p: number;
  asPlanned: boolean;
}

/** So rarely it is said of an experiment that is shared out as planned that it is not: its verdict is lost then. */
export const splitLevel = 0.001;
/** Off by less than this, of the smaller part, it may be chance of users with many events, and moves no verdict. */
export const splitTolerance = 0.02;
/** How far off it is where something is broken, of the smaller part: the width of the mixture. */
export const splitWidth = 0.1;

/** What is so much of the smaller of both parts. */
export const ofSmallerPart = (share: number, planned: number): number => share * Math.min(planned, 1 - planned);

/**
 * The check for a sample ratio mismatch: the mixture sequential probability ratio test (see `sequentialTest`) of one share
 * against the one that is planned, whose variance is known then.
 *
 * @param planned the part of the treatment, above 0 and below 1
 */
export function splitTest(events: { control: number; treatment: number }, planned: number): SplitComparison {
  const all = events.control + events.treatment;
  const seen = events.treatment / all;
  const variance = (planned * (1 - planned)) / all;
  const width = ofSmallerPart(splitWidth, planned);
  const chiSquare = (seen - planned) ** 2 / variance;
  const p = Math.min(
    1,
    Math.sqrt(1 + width ** 2 / variance) * Math.exp((-0.5 * chiSquare * width ** 2) / (width ** 2 + variance)),
  );
  const isOff = Math.abs(seen - planned) > ofSmallerPart(splitTolerance, planned);
  return { seen, chiSquare, p, asPlanned: p >= splitLevel || !isOff };
}
