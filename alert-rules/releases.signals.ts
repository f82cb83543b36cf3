import { identityLabels } from "../src/model/conventions.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { days, formatDuration } from "../src/model/quantity.ts";
import { besideBad, besideRequests, firstSeen, newest, older } from "./releases.newest.ts";
import { beforeBad, beforeRequests, comparedOver, releaseBad, releaseRequests } from "./releases.shares.ts";
import { by, perVersion, versionBad, versionRequests } from "./releases.versions.ts";

const comparison = [...perVersion, "before", "kpi"];

/** As long as anything is known of both. */
const compared = signal({
  name: "release_compared_difference",
  title: "How much worse the newest version is, while both are known",
  description: "The share of its requests that are bad, less the share of the version before it.",
  unit: "ratio",
  labels: comparison,
  series: "service:release_compared_bad_requests:difference",
  source: {
    once: `${releaseBad.series} - on (${by}, kpi) group_left (before) ${beforeBad.series}`,
  },
});

/** All bad requests of both by all requests of both. */
const pooled = signal({
  name: "release_pooled_share",
  title: "Bad requests of both versions together",
  description: "What the share would be were there no difference.",
  unit: "ratio",
  labels: [...identityLabels, "kpi"],
  series: "service:release_pooled_bad_requests:ratio",
  source: {
    once: [
      `sum by (${by}, kpi) (${releaseBad.series} * on (${by}, version) group_left () ${releaseRequests.series}`,
      `or ${beforeBad.series} * on (${by}, before) group_left () ${beforeRequests.series})`,
      `/ on (${by}) group_left () sum by (${by}) (${releaseRequests.series} or ${beforeRequests.series})`,
    ].join(" "),
  },
});

/** How many standard errors a difference must be so that it is no chance. */
export const sureErrors = 4;

/**
 * The two-proportion z-test with a pooled share: (p₁ − p₀) / √(p (1 − p) (1/n₁ + 1/n₀)). Two versions that are alike give
 * a value beyond 4, in either direction, once in 16,000 looks that have nothing to do with each other.
 */
export const comparedZ = signal({
  name: "release_compared_significance",
  title: "How sure the difference is, while both are known",
  description: "The difference in standard errors (z of a two-proportion test).",
  unit: "count",
  labels: comparison,
  series: "service:release_compared_bad_requests:z",
  source: {
    once: [
      `(${compared.series} / on (${by}, kpi) group_left ()`,
      `sqrt(${pooled.series} * (1 - ${pooled.series})`,
      `* on (${by}) group_left () sum by (${by}) (1 / ${releaseRequests.series} or 1 / ${beforeRequests.series}))`,
      // Where all or nothing is bad there is no difference, and no doubt either.
      `> -Inf) or 0 * ${compared.series}`,
    ].join(" "),
  },
});

/** A version that was shown to be worse is not better because the other one is gone: for so long it is held to that. */
export const heldFor = days(1);
const held = formatDuration(heldFor);

export const worseThan = signal({
  name: "release_worse_than",
  title: "What the newest version was worse than",
  description:
    "Bad requests of the version before, as a share, at times at which the newest one was surely worse. It is what the newest one is held to when the other has ended.",
  unit: "ratio",
  labels: comparison,
  series: "service:release_worse_than:ratio",
  source: {
    once: `0 * (${comparedZ.series} > ${sureErrors}) + on (${by}, before, kpi) group_left () ${beforeBad.series}`,
  },
});

const wasBefore = `last_over_time(${worseThan.series}[${held}])`;
/** Where an older version runs there is something to compare with. */
const noneBeside = `unless on (${by}) ${besideRequests.series}`;

export const difference = signal({
  name: "release_difference",
  title: "How much worse the newest version is",
  description:
    "The share of its requests that are bad, less the share of the version before it: 1 % is one more bad request in a hundred. Below 0 it is better. One that was surely worse is held to the other's last share for a day after that has ended.",
  unit: "ratio",
  labels: comparison,
  series: "service:release_bad_requests:difference",
  window: comparedOver,
  history: comparedOver,
  source: {
    once: [
      `-1 * (${wasBefore} - on (${by}, version, kpi) group_left () ${releaseBad.series}) ${noneBeside}`,
      `or ${compared.series}`,
    ].join("\n"),
  },
});

export const significance = signal({
  name: "release_significance",
  title: "How sure the difference is",
  description:
    "The difference in standard errors (z of a two-proportion test): beyond 4 it is hardly chance, below -4 the newest version is better. What it was at its surest for a day after the version before has ended.",
  unit: "count",
  labels: comparison,
  series: "service:release_bad_requests:z",
  source: {
    once: [`max_over_time(${comparedZ.series}[${held}]) and ${wasBefore} ${noneBeside}`, `or ${comparedZ.series}`].join(
      "\n",
    ),
  },
});

/** In the order in which they are recorded. */
export const releaseSignals: readonly RecordedSignal[] = [
  versionRequests,
  versionBad,
  firstSeen,
  newest,
  older,
  besideRequests,
  besideBad,
  releaseRequests,
  beforeRequests,
  releaseBad,
  beforeBad,
  compared,
  pooled,
  comparedZ,
  worseThan,
  difference,
  significance,
];
