import { identityLabels } from "../src/model/conventions.ts";
import type { Exporter } from "../src/model/exporter.ts";
import { signal } from "../src/model/pack.ts";
import { formatDuration, hours, minutes } from "../src/model/quantity.ts";
import { from } from "./exporter-watch.ts";
import { nameFrom } from "./mobile.exporter.ts";

/** Long enough for a quantile of a release that has a hundred sessions in it. */
const window = minutes(30);
/** One session of two hundred may crash: a few hundred sessions say nothing yet. */
const crashWindow = hours(6);

const perRelease = [...identityLabels, "release"];
const perScreen = [...perRelease, "screen"];
const perStack = [...perRelease, "stack"];
const perDevice = [...perStack, "device"];

const sumBy = (labels: readonly string[], expr: string): string => `sum by (${labels.join(", ")}) (${expr})`;

/** The series of a metric that one kind of source shows: all Alloys, collectors or exporters together. */
const series = (exporter: Exporter, name: string): string => `${nameFrom(exporter, name)}{${from([exporter])}}`;

const rates = (exporter: Exporter, name: string, labels: readonly string[], over = window): string =>
  sumBy(labels, `rate(${series(exporter, name)}[${formatDuration(over)}])`);

const p95 = (name: string, labels: readonly string[]) => (exporter: Exporter) =>
  `histogram_quantile(0.95, ${rates(exporter, `${name}_bucket`, [...labels, "le"])})`;

/** What is counted for each session or frame. Its series is made by the first of it: without one there has been none. */
const perEach =
  (part: string, all: string, over = window) =>
  (exporter: Exporter): string => {
    const whole = rates(exporter, all, perRelease, over);
    return `(${rates(exporter, part, perRelease, over)} or 0 * ${whole}) / ${whole}`;
  };

export const sessionRate = signal({
  name: "mobile_sessions",
  title: "Sessions per second",
  description:
    "Sessions of the app that began, over the last 30 minutes, in all releases. Zero also where whoever counted them within the last 6 hours is gone.",
  unit: "events/second",
  labels: identityLabels,
  series: "service:mobile_sessions:rate30m",
  window,
  fact: "sessions",
  source: {
    perExporter: (exporter) =>
      [
        rates(exporter, "sessions_total", identityLabels),
        `or 0 * ${sumBy(identityLabels, `last_over_time(${series(exporter, "sessions_total")}[6h])`)}`,
      ].join(" "),
  },
});

export const releaseSessions = signal({
  name: "mobile_release_sessions",
  title: "Sessions per second, by release",
  description:
    "Sessions that began, over the last 30 minutes. Alerts on a release speak only while it has enough of them.",
  unit: "events/second",
  labels: perRelease,
  series: "release:mobile_sessions:rate30m",
  window,
  fact: "sessions",
  source: { perExporter: (exporter) => rates(exporter, "sessions_total", perRelease) },
});

export const longSessions = signal({
  name: "mobile_release_sessions_6h",
  title: "Sessions per second over 6 hours, by release",
  description: "Sessions that began, over the last 6 hours: what shares of sessions that crash are shares of.",
  unit: "events/second",
  labels: perRelease,
  series: "release:mobile_sessions:rate6h",
  window: crashWindow,
  fact: "sessions",
  source: { perExporter: (exporter) => rates(exporter, "sessions_total", perRelease, crashWindow) },
});

export const crashShare = signal({
  name: "mobile_crash_share",
  title: "Crashes per session",
  description: "Crashes by sessions, over the last 6 hours. A device tells of a crash when the app is started again.",
  unit: "ratio",
  labels: perRelease,
  series: "release:mobile_crashes:ratio6h",
  window: crashWindow,
  fact: "crashFree",
  source: { perExporter: perEach("crashes_total", "sessions_total", crashWindow) },
});

export const crashFree = signal({
  name: "mobile_crash_free",
  title: "Crash-free sessions",
  description: "Sessions without a crash, as a share of all sessions of the release, over the last 6 hours.",
  unit: "ratio",
  labels: perRelease,
  series: "release:mobile_crash_free:ratio6h",
  window: crashWindow,
  fact: "crashFree",
  source: { once: `1 - ${crashShare.series}` },
});

export const topCrash = signal({
  name: "mobile_crash_cluster_share",
  title: "Share of crashes, by stack",
  description: "Crashes with the same stack, as a share of all crashes of the release, over the last 6 hours.",
  unit: "ratio",
  labels: perStack,
  series: "stack:mobile_crashes:share6h",
  window: crashWindow,
  fact: "topCrash",
  source: {
    perExporter: (exporter) =>
      [
        rates(exporter, "crash_clusters_total", perStack, crashWindow),
        `/ on (${perRelease.join(", ")}) group_left ()`,
        rates(exporter, "crash_clusters_total", perRelease, crashWindow),
      ].join(" "),
  },
});

export const crashClusters = signal({
  name: "mobile_crash_clusters",
  title: "Crashes per second, by stack and device",
  description:
    "Where crashes come together: one line for each stack and model of device, over the last 6 hours. The stack's hash finds its lines in the logs.",
  unit: "events/second",
  labels: perDevice,
  series: "device:mobile_crashes:rate6h",
  window: crashWindow,
  source: { perExporter: (exporter) => rates(exporter, "crash_clusters_total", perDevice, crashWindow) },
});

export const anrs = signal({
  name: "mobile_anrs",
  title: "ANRs per session",
  description: "How often the app did not respond for 5 seconds (Android), by sessions, over the last 6 hours.",
  unit: "ratio",
  labels: perRelease,
  series: "release:mobile_anrs:ratio6h",
  window: crashWindow,
  fact: "anrs",
  source: { perExporter: perEach("anrs_total", "sessions_total", crashWindow) },
});

export const coldStart = signal({
  name: "mobile_cold_start",
  title: "Cold start, p95",
  description:
    "From the start of the process to the first frame; 95 of 100 are at most this, over the last 30 minutes.",
  unit: "seconds",
  labels: perRelease,
  series: "release:mobile_cold_start_seconds:p95",
  window,
  quantile: 0.95,
  fact: "coldStart",
  source: { perExporter: p95("cold_start_seconds", perRelease) },
});

export const warmStart = signal({
  name: "mobile_warm_start",
  title: "Warm start, p95",
  description: "From coming back to the app to its next frame; 95 of 100 are at most this, over the last 30 minutes.",
  unit: "seconds",
  labels: perRelease,
  series: "release:mobile_warm_start_seconds:p95",
  window,
  quantile: 0.95,
  fact: "warmStart",
  source: { perExporter: p95("warm_start_seconds", perRelease) },
});

export const screenLoads = signal({
  name: "mobile_screen_loads",
  title: "Screen loads per second",
  description: "How often each screen was loaded, over the last 30 minutes.",
  unit: "events/second",
  labels: perScreen,
  series: "screen:mobile_screen_loads:rate30m",
  window,
  fact: "sessions",
  source: { perExporter: (exporter) => rates(exporter, "screen_load_seconds_count", perScreen) },
});

export const screenLoad = signal({
  name: "mobile_screen_load",
  title: "Screen load, p95",
  description:
    "From the tap to a screen that can be used, with its data; 95 of 100 are at most this, over the last 30 minutes.",
  unit: "seconds",
  labels: perScreen,
  series: "screen:mobile_screen_load_seconds:p95",
  window,
  quantile: 0.95,
  fact: "screenLoad",
  source: { perExporter: p95("screen_load_seconds", perScreen) },
});

export const slowFrames = signal({
  name: "mobile_slow_frames",
  title: "Slow frames",
  description: "Frames that took more than 16 ms, as a share of all that were drawn, over the last 30 minutes.",
  unit: "ratio",
  labels: perRelease,
  series: "release:mobile_slow_frames:ratio30m",
  window,
  fact: "slowFrames",
  source: { perExporter: perEach("slow_frames_total", "frames_total") },
});

export const frozenFrames = signal({
  name: "mobile_frozen_frames",
  title: "Frozen frames",
  description: "Frames that took more than 700 ms, as a share of all that were drawn, over the last 30 minutes.",
  unit: "ratio",
  labels: perRelease,
  series: "release:mobile_frozen_frames:ratio30m",
  window,
  fact: "frozenFrames",
  source: { perExporter: perEach("frozen_frames_total", "frames_total") },
});

export const memory = signal({
  name: "mobile_memory",
  title: "Memory, p95",
  description:
    "What the app's process takes on a device; 95 of 100 looks at it are at most this, over the last 30 minutes.",
  unit: "bytes",
  labels: perRelease,
  series: "release:mobile_memory_bytes:p95",
  window,
  quantile: 0.95,
  fact: "memory",
  source: { perExporter: p95("memory_bytes", perRelease) },
});
