import { signal } from "../src/model/pack.ts";
import { formatDuration, hours } from "../src/model/quantity.ts";
import { by, perVersion, versionBad, versionRequests } from "./releases.versions.ts";

/** For so long what ran before is remembered, so that a version can be compared with one that has ended. */
export const rememberedFor = hours(1);
const remembered = formatDuration(rememberedFor);

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
export const besideRequests = signal({
  name: "release_beside_requests",
  title: "Requests per second of older versions beside a newer one",
  description: "Requests per second of older versions at times when a newer one runs, over the last 5 minutes.",
  unit: "requests/second",
  labels: perVersion,
  series: "service_version:http_requests_beside:rate5m",
  source: { once: `${versionRequests.series} and on (${by}, version) ${older.series}` },
});
export const besideBad = signal({
  name: "release_beside_bad_requests",
  title: "Bad requests per second of older versions beside a newer one",
  description: "Bad requests per second of older versions at times when a newer one runs, over the last 5 minutes.",
  unit: "requests/second",
  labels: [...perVersion, "kpi"],
  series: "service_version:http_bad_requests_beside:rate5m",
  source: { once: `${versionBad.series} and on (${by}, version) ${older.series}` },
});
