import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import type { HttpInstrumentation } from "../src/model/instrumentation.ts";
import { type RecordedSignal, type SignalSource, signal } from "../src/model/pack.ts";
import { isHttpService, type Platform } from "../src/model/platform.ts";
import { anyOf } from "../src/model/promql.ts";
import { formatDuration, hours, minutes } from "../src/model/quantity.ts";
import { edgePattern } from "./http.indicators.ts";
import { rateWindow } from "./http.rates.ts";
import { scrapedRoutes } from "./http.ts";

/** How often everything here is recorded: counts are sums of rates that stand for so long. */
export const comparedEvery = minutes(1);
const perRecord = comparedEvery.value;

/** What a version does within it is compared. */
export const comparedOver = minutes(30);
/** For so long what ran before is remembered, so that a version can be compared with one that has ended. */
export const rememberedFor = hours(1);

/** Fewer requests of either version say nothing. */
export const fewestRequests = 300;

const by = [...identityLabels].join(", ");
const perVersion = [...identityLabels, "version"];
const [compared, remembered] = [formatDuration(comparedOver), formatDuration(rememberedFor)];

interface Group {
  http: HttpInstrumentation;
  label: string;
  withinSeconds?: number;
  services: string[];
  /** Whether it is every service of this instrumentation: then nobody needs to be named. */
  isAll: boolean;
}

/** Services that are compared, those together that one query can ask for. */
function groupsOf({ services }: Pick<Platform, "services">): Group[] {
  const groups = new Map<string, Group>();
  for (const service of services) {
    const { versions, name } = service;
    if (!versions || !isHttpService(service)) continue;
    const withinSeconds = versions.within?.value;
    const key = JSON.stringify([service.http.id, versions.label, withinSeconds]);
    const first = { http: service.http, label: versions.label, withinSeconds, services: [], isAll: false };
    const group: Group = groups.get(key) ?? first;
    group.services.push(name);
    groups.set(key, group);
  }
  const alike = ({ id }: HttpInstrumentation) => services.filter(({ http }) => http?.id === id).length;
  return [...groups.values()].map((group) => ({ ...group, isAll: group.services.length === alike(group.http) }));
}

/** The rate of a metric by version, as services tell it: what is scraped of them is no request of anybody's. */
function rateByVersion(
  { http, label, services, isAll }: Group,
  metric: string,
  matchers: readonly string[] = [],
): string {
  const selector = [
    `${instrumentationLabel}="${http.id}"`,
    ...(isAll ? [] : [anyOf("service", [...services].sort())]),
    `${label}!=""`,
    `${http.routeLabel}!~"${scrapedRoutes}"`,
    ...matchers,
  ];
  const rate = `rate(${metric}{${selector.join(", ")}}[${formatDuration(rateWindow)}])`;
  const named = label === "version" ? rate : `label_replace(${rate}, "version", "$1", "${label}", "(.+)")`;
  return `sum by (${by}, version) (${named})`;
}

const perGroup = (term: (group: Group) => string[]): SignalSource => ({
  perPlatform: (platform) => [...new Set(groupsOf(platform).flatMap(term))].join("\nor\n"),
});

export const versionRequests = signal({
  name: "release_version_requests",
  title: "Requests per second, by version",
  description: "Requests per second that each version answers, over the last 5 minutes: how far a release has come.",
  unit: "requests/second",
  labels: perVersion,
  series: "service_version:http_requests:rate5m",
  window: rateWindow,
  source: perGroup((group) => [rateByVersion(group, group.http.requests)]),
});

const kpi = (expr: string, name: string): string => `label_replace(${expr}, "kpi", "${name}", "", "")`;

export const versionBad = signal({
  name: "release_version_bad_requests",
  title: "Bad requests per second, by version",
  description:
    "Requests per second of each version that end in a 5xx (failed), or take longer than the service's `versions.within` (slow).",
  unit: "requests/second",
  labels: [...perVersion, "kpi"],
  series: "service_version:http_bad_requests:rate5m",
  window: rateWindow,
  source: perGroup((group) => {
    const { http, withinSeconds } = group;
    const failed = rateByVersion(group, http.requests, [`${http.statusLabel}=~"${http.serverErrorStatus}"`]);
    const upTo = (le: string) => rateByVersion(group, `${http.histogram}_bucket`, [le]);
    return [
      // Nobody failed is zero, not absent.
      kpi(`(${failed} or 0 * ${rateByVersion(group, http.requests)})`, "failed"),
      ...(withinSeconds === undefined
        ? []
        : [kpi(`(${upTo(`le="+Inf"`)} - ${upTo(`le=~"${edgePattern(withinSeconds)}"`)})`, "slow")]),
    ];
  }),
});

const firstSeenSeries = "service_version:first_seen:timestamp_seconds";

export const firstSeen = signal({
  name: "release_first_seen",
  title: "When a version was first seen",
  description: "Seconds since 1970 at which a version came that had not been there for an hour.",
  unit: "seconds",
  labels: perVersion,
  series: firstSeenSeries,
  source: {
    // As it is remembered, else now.
    once: [
      `min by (${by}, version) (last_over_time(${firstSeenSeries}[${remembered}]) or 0 * ${versionRequests.series} + time())`,
      `and on (${by}, version) ${versionRequests.series}`,
    ].join(" "),
  },
});

/** Every version of the last hour, ended ones too. */
const known = `last_over_time(${firstSeenSeries}[${remembered}])`;

export const newest = signal({
  name: "release_newest",
  title: "The newest version",
  description: "When the newest version of a service was first seen, while it answers requests.",
  unit: "seconds",
  labels: perVersion,
  series: "service:newest_version:timestamp_seconds",
  source: {
    // One that is remembered but gone was taken back: nothing is the newest then.
    once: `topk by (${by}) (1, ${known}) and on (${by}, version) ${firstSeenSeries}`,
  },
});

export const older = signal({
  name: "release_older",
  title: "Versions before the newest",
  description: "When the versions were first seen that were there before the newest one.",
  unit: "seconds",
  labels: perVersion,
  series: "service:older_versions:timestamp_seconds",
  source: { once: `${known} < on (${by}) group_left () max by (${by}) (${newest.series})` },
});

/** What older versions do while a newer one runs beside them: what happens to both is not the newer one's fault. */
const besideRequests = signal({
  name: "release_beside_requests",
  title: "Requests per second of older versions beside a newer one",
  description: "Requests per second of older versions at times when a newer one runs, over the last 5 minutes.",
  unit: "requests/second",
  labels: perVersion,
  series: "service_version:http_requests_beside:rate5m",
  source: { once: `${versionRequests.series} and on (${by}, version) ${older.series}` },
});
const besideBad = signal({
  name: "release_beside_bad_requests",
  title: "Bad requests per second of older versions beside a newer one",
  description: "Bad requests per second of older versions at times when a newer one runs, over the last 5 minutes.",
  unit: "requests/second",
  labels: [...perVersion, "kpi"],
  series: "service_version:http_bad_requests_beside:rate5m",
  source: { once: `${versionBad.series} and on (${by}, version) ${older.series}` },
});

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

const comparison = [...perVersion, "before", "kpi"];

export const difference = signal({
  name: "release_difference",
  title: "How much worse the newest version is",
  description:
    "The share of its requests that are bad, less the share of the version before it: 1 % is one more bad request in a hundred. Below 0 it is better.",
  unit: "ratio",
  labels: comparison,
  series: "service:release_bad_requests:difference",
  window: comparedOver,
  history: comparedOver,
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

/**
 * The two-proportion z-test with a pooled share: (p₁ − p₀) / √(p (1 − p) (1/n₁ + 1/n₀)). Two versions that are alike give
 * a value beyond 4, in either direction, once in 16,000 looks that have nothing to do with each other.
 */
export const significance = signal({
  name: "release_significance",
  title: "How sure the difference is",
  description:
    "The difference in standard errors (z of a two-proportion test): beyond 4 it is hardly chance, below -4 the newest version is better.",
  unit: "count",
  labels: comparison,
  series: "service:release_bad_requests:z",
  source: {
    once: [
      `(${difference.series} / on (${by}, kpi) group_left ()`,
      `sqrt(${pooled.series} * (1 - ${pooled.series})`,
      `* on (${by}) group_left () sum by (${by}) (1 / ${releaseRequests.series} or 1 / ${beforeRequests.series}))`,
      // Where all or nothing is bad there is no difference, and no doubt either.
      `> -Inf) or 0 * ${difference.series}`,
    ].join(" "),
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
  difference,
  pooled,
  significance,
];
