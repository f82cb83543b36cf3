import { ofSmallerPart, splitLevel, splitTolerance, splitWidth } from "../src/derived/split-test.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { perKpi, said } from "./experiments.events.ts";
import { armCount, fewestEvents } from "./experiments.signals.ts";

const all = `sum without (arm) (${armCount.series})`;

export const split = signal({
  name: "experiment_split",
  title: "The treatment's part of the events",
  description: `Of the events of both variants since the experiment began, once there are ${fewestEvents}. Far from what is planned, users are not shared out by chance: then the comparison says nothing.`,
  unit: "ratio",
  labels: perKpi,
  series: "experiment:split:ratio",
  source: {
    // Nobody gets the treatment: there is no series of it, and nothing is more of a mismatch.
    once: `(sum without (arm) (${armCount.series}{arm="treatment"}) or 0 * ${all}) / (${all} >= ${fewestEvents})`,
  },
});

const planned = said(
  {
    name: "experiment_planned_split",
    title: "The part that is planned for the treatment",
    description: "As monitoring.yaml has it: half, where it says nothing.",
    series: "experiment:planned_split:ratio",
  },
  split.series,
  ({ experiment }) => experiment.share.value,
);

const width = said(
  {
    name: "experiment_split_width",
    title: "How far off the split is where something is broken",
    description: "A tenth of the smaller part: the width of the mixture.",
    series: "experiment:split:width",
  },
  split.series,
  ({ experiment }) => Number(ofSmallerPart(splitWidth, experiment.share.value).toPrecision(6)),
);

const variance = signal({
  name: "experiment_split_variance",
  title: "Variance of the split",
  description: "What chance makes of it, were users shared out as planned.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:split:variance",
  source: { once: `${planned.series} * (1 - ${planned.series}) / ${all}` },
});

const [s, plan, w, v] = [split.series, planned.series, width.series, variance.series];

export const splitProbability = signal({
  name: "experiment_split_p",
  title: "p of the split, valid whenever one looks",
  description: `How likely such a split is where users are shared out as planned. Below ${100 * splitLevel} % they are not.`,
  unit: "ratio",
  labels: perKpi,
  series: "experiment:split:p",
  source: {
    once: `clamp_max(sqrt(1 + ${w} ^ 2 / ${v}) * exp(-0.5 * (${s} - ${plan}) ^ 2 / ${v} * ${w} ^ 2 / (${w} ^ 2 + ${v})), 1)`,
  },
});

export const mismatch = signal({
  name: "experiment_split_mismatch",
  title: "Not shared out as planned",
  description:
    "1: one variant has more of the events than is planned for it, and that is no chance. Find out why before you believe any verdict. 0: it is as planned.",
  unit: "count",
  labels: perKpi,
  series: "experiment:split:mismatch",
  source: {
    once: `(${splitProbability.series} < bool ${splitLevel}) * (abs(${s} - ${plan}) > bool ${splitTolerance / splitWidth} * ${w})`,
  },
});

/** In the order in which they are recorded. */
export const splitSignals: readonly RecordedSignal[] = [split, planned, width, variance, splitProbability, mismatch];
