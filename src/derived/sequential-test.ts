import type { Sample } from "./two-proportions.ts";

/** What an experiment is judged by. */
export interface SequentialPlan {
  /** The smallest difference of two shares that matters, above 0. */
  effect: number;
  /** How often, at most, a difference is told of where there is none, however often one looks: from 0 to 1. */
  level: number;
}

/** How two variants compare at a moment, whenever that is. */
export interface SequentialComparison {
  /** Share of bad events of the treatment less that of the control. */
  difference: number;
  /** Of the difference; from both variants together, as if there were none. */
  variance: number;
  /** The interval reaches so far to either side; it leaves out 0 exactly where `p` is below the level. */
  halfWidth: number;
  /** The difference in standard errors. */
  z: number;
  /** Always valid: below the level at any moment is as good as at the planned one. */
  p: number;
  /** How much of what was planned has been seen: 1 and more is all. */
  progress: number;
}

/** Smallest share of experiments that show a difference of `effect` by the time all that was planned has been seen. */
export const plannedPower = 0.8;
/** Below it lie 80 % of a standard normal distribution. */
const quantileOfPower = 0.8416;

/** Half the width of the interval, where the effect is so many standard errors: in standard errors. */
const reach = (effectInErrors: number, level: number): number =>
  Math.sqrt((1 + effectInErrors ** -2) * (Math.log(1 + effectInErrors ** 2) - 2 * Math.log(level)));

/**
 * How many standard errors the effect must be for a test of this level to show it with `plannedPower`: all that is planned
 * has been seen when the standard error is that small. By bisection: the left side grows faster than the right one.
 */
export function plannedErrors(level: number): number {
  let [low, high] = [1, 20];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (middle - reach(middle, level) < quantileOfPower) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The mixture sequential probability ratio test of two shares, with a normal mixture as wide as the effect that matters:
 * R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always Valid Inference: Continuous Monitoring of A/B Tests", Operations
 * Research 70 (2022). One bad and one good event are added to both together, so that few events are not taken for none.
 */
export function sequentialTest(
  treatment: Sample,
  control: Sample,
  { effect, level }: SequentialPlan,
): SequentialComparison {
  const events = treatment.events + control.events;
  const pooled = (treatment.events * treatment.badShare + control.events * control.badShare + 1) / (events + 2);
  const variance = pooled * (1 - pooled) * (1 / treatment.events + 1 / control.events);
  const difference = treatment.badShare - control.badShare;
  const error = Math.sqrt(variance);
  const inErrors = effect / error;
  const z = difference / error;
  return {
    difference,
    variance,
    z,
    halfWidth: error * reach(inErrors, level),
    p: Math.min(1, Math.sqrt(1 + inErrors ** 2) * Math.exp((-0.5 * z ** 2) / (1 + inErrors ** -2))),
    progress: (inErrors / plannedErrors(level)) ** 2,
  };
}
