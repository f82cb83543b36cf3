import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import type { HttpInstrumentation } from "../src/model/instrumentation.ts";
import { type SignalSource, signal } from "../src/model/pack.ts";
import { isHttpService, type Platform } from "../src/model/platform.ts";
import { anyOf } from "../src/model/promql.ts";
import { formatDuration } from "../src/model/quantity.ts";
import { edgePattern } from "./http.indicators.ts";
import { rateWindow } from "./http.rates.ts";
import { scrapedRoutes } from "./http.ts";

export const by = [...identityLabels].join(", ");
export const perVersion = [...identityLabels, "version"];

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
