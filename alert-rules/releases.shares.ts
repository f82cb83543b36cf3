import { identityLabels } from "../src/model/conventions.ts";
import { type RecordedSignal, signal } from "../src/model/pack.ts";
import { formatDuration, minutes } from "../src/model/quantity.ts";
import { besideBad, besideRequests, newest, older, rememberedFor } from "./releases.newest.ts";
import { by, perVersion, versionBad, versionRequests } from "./releases.versions.ts";

/** How often everything here is recorded: counts are sums of rates that stand for so long. */
export const comparedEvery = minutes(1);
const perRecord = comparedEvery.value;

/** What a version does within it is compared. */
export const comparedOver = minutes(30);

/** Fewer requests of either version say nothing. */
export const fewestRequests = 300;

const [compared, remembered] = [formatDuration(comparedOver), formatDuration(rememberedFor)];

/** Events of a window, from rates that are recorded. */
const counted = ({ series }: RecordedSignal, window: string): string =>
  `${perRecord} * sum_over_time(${series}[${window}])`;

/** With the version as the one before: so it can stand beside the newest one. */
const asBefore = (expr: string, ...more: readonly string[]): string =>
  `sum by (${[by, "before", ...more].join(", ")}) (label_replace(${expr}, "before", "$1", "version", "(.+)"))`;

const isOlder = `and on (${by}, version) ${older.series}`;
const isNewest = `and on (${by}, version) ${newest.series}`;
const enoughBeside = `${counted(besideRequests, compared)} >= ${fewestRequests}`;

export const releaseRequests = signal({
  name: "release_requests",
  title: "Requests of the newest version",
  description: `Requests that the newest version has answered within the last ${compared}; none are shown before there are ${fewestRequests}.`,
  unit: "count",
  labels: perVersion,
  series: "service:release_requests:count30m",
  source: { once: `(${counted(versionRequests, compared)} >= ${fewestRequests}) ${isNewest}` },
});

export const beforeRequests = signal({
  name: "release_before_requests",
  title: "Requests of the version before",
  description: `Requests of the older version with most of them: beside the newest one where there are ${fewestRequests}, else within the last ${remembered}.`,
  unit: "count",
  labels: [...identityLabels, "before"],
  series: "service:release_before_requests:count",
  source: {
    once: asBefore(
      `topk by (${by}) (1, ((${enoughBeside}) or ${counted(versionRequests, remembered)} >= ${fewestRequests}) ${isOlder})`,
    ),
  },
});

export const releaseBad = signal({
  name: "release_bad_share",
  title: "Bad requests of the newest version",
  description: `Requests of the newest version that failed or were slow, as a share of all within the last ${compared}.`,
  unit: "ratio",
  labels: [...perVersion, "kpi"],
  series: "service:release_bad_requests:ratio30m",
  source: {
    once: `${counted(versionBad, compared)} / on (${by}, version) group_left () ${releaseRequests.series}`,
  },
});

export const beforeBad = signal({
  name: "release_before_bad_share",
  title: "Bad requests of the version before",
  description: "The same share of the version with which the newest one is compared.",
  unit: "ratio",
  labels: [...identityLabels, "before", "kpi"],
  series: "service:release_before_bad_requests:ratio",
  source: {
    once: [
      asBefore(
        `${counted(besideBad, compared)} and on (${by}, version) (${enoughBeside}) or ${counted(versionBad, remembered)}`,
        "kpi",
      ),
      `/ on (${by}, before) group_left () ${beforeRequests.series}`,
    ].join(" "),
  },
});
