import { plannedErrors } from "../src/derived/sequential-test.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { formatDuration } from "../src/model/quantity.ts";
import { armBad, armEvents, by, countedEvery, followedFor, perArm, perKpi, said } from "./experiments.events.ts";

/** Fewer events of either variant say nothing. */
export const fewestEvents = 300;

const on = (labels: readonly string[]): string => `on (${labels.join(", ")})`;

const counted = ({ series }: RecordedSignal): string =>
  `${countedEvery.value} * sum_over_time(${series}[${formatDuration(followedFor)}])`;

export const armCount = signal({
  name: "experiment_events_count",
  title: "Events so far, by variant",
  description: `Since the experiment began; none are shown once it is older than ${formatDuration(followedFor)}.`,
  unit: "count",
  labels: perArm,
  series: "experiment_arm:events:count28d",
  source: {
    once: `${counted(armEvents)} unless ${on(by)} last_over_time(${armEvents.series}[1d] offset ${formatDuration(followedFor)})`,
  },
});

export const armShare = signal({
  name: "experiment_bad_share",
  title: "Bad events, by variant",
  description: `As a share of all events of the variant since the experiment began; none is shown before there are ${fewestEvents} events.`,
  unit: "ratio",
  labels: perArm,
  series: "experiment_arm:bad_events:ratio28d",
  source: { once: `${counted(armBad)} / (${armCount.series} >= ${fewestEvents})` },
});

export const difference = signal({
  name: "experiment_difference",
  title: "How much worse the treatment is",
  description:
    "The share of its events that are bad, less the share of the control's: 1 % is one more bad event in a hundred. Below 0 it is better.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:bad_events:difference",
  source: { once: `${armShare.series}{arm="treatment"} - ignoring (arm) ${armShare.series}{arm="control"}` },
});

/** Of the difference, were there none; one bad and one good event more, so that few are not taken for none. */
const variance = signal({
  name: "experiment_variance",
  title: "Variance of the difference",
  description: "What chance makes of the difference: the square of its standard error.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:bad_events:variance",
  source: {
    once: [
      `(sum without (arm) (${armShare.series} * ${armCount.series}) + 1) / (sum without (arm) (${armCount.series}) + 2)`,
      `* (sum without (arm) ((1 - ${armShare.series}) * ${armCount.series}) + 1) / (sum without (arm) (${armCount.series}) + 2)`,
      `* sum without (arm) (1 / ${armCount.series})`,
      `and ${difference.series}`,
    ].join(" "),
  },
});

export const effect = said(
  {
    name: "experiment_effect",
    title: "Smallest difference that matters",
    description: "As monitoring.yaml has it.",
    series: "experiment:smallest_effect:ratio",
  },
  variance.series,
  (of) => of.effect,
);

const level = said(
  {
    name: "experiment_level",
    title: "Level of each KPI",
    description:
      "How often, at most, a difference is told of where there is none: the experiment's level, shared by its KPIs.",
    series: "experiment:level:ratio",
  },
  variance.series,
  (of) => of.level,
);

const plannedError = said(
  {
    name: "experiment_planned_error",
    title: "Standard error that is planned",
    description:
      "When the standard error is as small as this, a difference that matters is shown in 4 of 5 experiments.",
    series: "experiment:planned_error:ratio",
  },
  variance.series,
  (of) => Number((of.effect / plannedErrors(of.level)).toPrecision(6)),
);

const [v, e] = [variance.series, effect.series];

export const halfWidth = signal({
  name: "experiment_half_width",
  title: "How far the difference may be off",
  description: "The difference, plus and minus this, holds the true one: at whatever moment one looks.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:bad_events:half_width",
  source: { once: `sqrt((${v} + (${v} / ${e}) ^ 2) * (ln(1 + ${e} ^ 2 / ${v}) - 2 * ln(${level.series})))` },
});

export const significance = signal({
  name: "experiment_significance",
  title: "The difference in standard errors",
  description: "z of a two-proportion test. It is not compared with 1.96: that would be right for one look only.",
  unit: "count",
  labels: perKpi,
  series: "experiment:bad_events:z",
  source: { once: `${difference.series} / sqrt(${v})` },
});

export const probability = signal({
  name: "experiment_p",
  title: "p, valid whenever one looks",
  description:
    "How likely such a difference is where there is none, at any moment of the experiment. It is compared with the level.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:bad_events:p",
  source: {
    once: `clamp_max(sqrt(1 + ${e} ^ 2 / ${v}) * exp(-0.5 * ${significance.series} ^ 2 * ${e} ^ 2 / (${e} ^ 2 + ${v})), 1)`,
  },
});

export const progress = signal({
  name: "experiment_progress",
  title: "Of what is planned",
  description:
    "How much of the planned number of events there is: from 100 % on, no difference shown means that there is hardly one that matters.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:progress:ratio",
  source: { once: `${plannedError.series} ^ 2 / ${v}` },
});

export const verdict = signal({
  name: "experiment_verdict",
  title: "Verdict",
  description:
    "1: the treatment is worse. -1: it is better. 0: neither is shown, so far or, from 100 % of what is planned on, at all.",
  unit: "count",
  labels: perKpi,
  series: "experiment:verdict:sign",
  source: { once: `sgn(${difference.series}) * (abs(${difference.series}) > bool ${halfWidth.series})` },
});

/** Only while somebody gets the treatment: what is over does no harm any more. */
export const harm = signal({
  name: "experiment_harm",
  title: "How much worse the treatment is at least",
  description: "The lower end of the interval of the difference, while users get the treatment: above 0 it does harm.",
  unit: "ratio",
  labels: perKpi,
  series: "experiment:harm:at_least",
  source: {
    once: `${difference.series} - ${halfWidth.series} and ${on(perKpi)} (${armEvents.series}{arm="treatment"} > 0)`,
  },
});

/** In the order in which they are recorded. */
export const experimentSignals: readonly RecordedSignal[] = [
  armEvents,
  armBad,
  armCount,
  armShare,
  difference,
  variance,
  effect,
  level,
  plannedError,
  halfWidth,
  significance,
  probability,
  progress,
  verdict,
  harm,
];
