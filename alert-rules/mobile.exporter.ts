import type { Exporter, ExporterHistogram, ExporterMetric, Fact, Facts } from "../src/model/exporter.ts";
import { bytes, eventsPerSecond, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of a release of an app, over all devices that run it. */
const facts = {
  sessions: {
    usual: eventsPerSecond(1),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} sessions`,
    perPlace: true,
  },
  crashFree: {
    usual: percent(99.9),
    furthest: ratio(0),
    words: (value) => `${value} of sessions without a crash`,
    perPlace: true,
  },
  topCrash: {
    usual: percent(20),
    furthest: ratio(1),
    words: (value) => `${value} of crashes with one stack`,
    perPlace: true,
  },
  anrs: { usual: percent(0.1), furthest: percent(20), words: (value) => `${value} ANRs per session`, perPlace: true },
  coldStart: {
    usual: seconds(1.2),
    furthest: seconds(60),
    words: (value) => `a p95 of cold starts of ${value}`,
    perPlace: true,
  },
  warmStart: {
    usual: seconds(0.3),
    furthest: seconds(30),
    words: (value) => `a p95 of warm starts of ${value}`,
    perPlace: true,
  },
  screenLoad: {
    usual: seconds(0.6),
    furthest: seconds(60),
    words: (value) => `a p95 of screen loads of ${value}`,
    perPlace: true,
  },
  slowFrames: { usual: percent(3), furthest: ratio(1), words: (value) => `${value} of frames slow`, perPlace: true },
  frozenFrames: {
    usual: percent(0.01),
    furthest: percent(50),
    words: (value) => `${value} of frames frozen`,
    perPlace: true,
  },
  memory: {
    usual: bytes(200 * 2 ** 20),
    furthest: bytes(2 * 2 ** 30),
    words: (value) => `a p95 of ${value} of memory`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/** The screen of which worlds tell, and the stack and the devices of most crashes: hashes and models, nothing of users. */
export const screen = "/listing";
export const topStack = "0b7a572cba94";
const topDevices = ["SM-A155F", "Pixel 8"];
const otherStacks = ["1f0c2d4b9a3e", "5ce81a07d2f6", "72b4983bf262", "c9d3e07715ab"];

export const framesPerSession = 1000;

const sessions = ({ sessions: perSecond = 0 }: Facts) => perSecond;
const crashes = (now: Facts) => sessions(now) * (1 - (now.crashFree ?? 0));
const frames = (now: Facts) => sessions(now) * framesPerSession;

/** What is counted, by the release it happened in. Client libraries and Alloy make a series by its first event. */
const counted = (
  name: string,
  grows: ExporterMetric["grows"],
  labels: Record<string, string> = {},
): ExporterMetric => ({
  name,
  type: "counter",
  labels,
  perPlace: true,
  whole: true,
  fromFirst: true,
  grows,
});

/** Crashes with one stack on one model of device. */
const clusters: readonly ExporterMetric[] = [
  ...topDevices.map((device) =>
    counted("crash_clusters_total", (now) => (crashes(now) * (now.topCrash ?? 0)) / topDevices.length, {
      stack: topStack,
      device,
    }),
  ),
  ...otherStacks.map((stack) =>
    counted("crash_clusters_total", (now) => (crashes(now) * (1 - (now.topCrash ?? 0))) / otherStacks.length, {
      stack,
      device: "iPhone16,1",
    }),
  ),
];

/** One observation a session: a start, the first load of a screen, a look at the memory. */
const observed = (name: string, fact: string, edges: readonly number[], labels = {}): ExporterHistogram => ({
  name,
  type: "histogram",
  labels,
  perPlace: true,
  shows: { fact, quantile: 0.95 },
  rate: "sessions",
  edges,
});

const mebibytes = (...edges: number[]) => edges.map((edge) => edge * 2 ** 20);

const always: Exporter["metrics"] = [
  counted("sessions_total", sessions),
  counted("crashes_total", crashes),
  ...clusters,
  counted("anrs_total", (now) => sessions(now) * (now.anrs ?? 0)),
  observed("cold_start_seconds", "coldStart", [0.5, 1, 2, 3, 4, 5, 8, 15]),
  observed("screen_load_seconds", "screenLoad", [0.25, 0.5, 1, 2, 3, 4, 8], { screen }),
  counted("frames_total", frames),
  counted("slow_frames_total", (now) => frames(now) * (now.slowFrames ?? 0)),
  counted("frozen_frames_total", (now) => frames(now) * (now.frozenFrames ?? 0)),
];

/** What Firebase does not keep. */
const ofFaro: Exporter["metrics"] = [
  observed("warm_start_seconds", "warmStart", [0.1, 0.25, 0.5, 1, 1.5, 2, 4]),
  observed("memory_bytes", "memory", mebibytes(128, 256, 384, 512, 768, 1024, 1536)),
];

interface Source {
  id: string;
  title: string;
  /** Before every name of the contract. */
  prefix: string;
}

/** Whoever makes the metrics; docs/mobile.md has the contract that all of them keep, and how. */
const sources = {
  /** Alloy counts the lines of `faro.receiver`; its `stage.metrics` puts `loki_process_custom_` before each name. */
  faro: { id: "faro-mobile", title: "Faro Flutter SDK through Grafana Alloy", prefix: "loki_process_custom_mobile_" },
  otel: { id: "otel-mobile", title: "mobile metrics of OpenTelemetry", prefix: "mobile_" },
  /** Firebase has no endpoint for Prometheus: an exporter plays its BigQuery export back. */
  firebase: {
    id: "firebase",
    title: "Firebase Crashlytics and Performance (BigQuery export)",
    prefix: "firebase_mobile_",
  },
} satisfies Record<string, Source>;

const exporterOf = (
  { id, title, prefix }: Source,
  shown: Readonly<Record<string, Fact>>,
  metrics: Exporter["metrics"],
): Exporter => ({
  id,
  title,
  places: { key: "releases", label: "release", title: "release", default: ["1.0.0"] },
  facts: shown,
  metrics: metrics.map((metric) => ({ ...metric, name: `${prefix}${metric.name}` })),
});

const { warmStart, memory, ...firebaseFacts } = facts;

export const mobileExporters: readonly Exporter[] = [
  exporterOf(sources.faro, facts, [...always, ...ofFaro]),
  exporterOf(sources.otel, facts, [...always, ...ofFaro]),
  exporterOf(sources.firebase, firebaseFacts, always),
];

/** The whole name that one of the sources gives a metric of the contract. */
export function nameFrom({ id }: Pick<Exporter, "id">, name: string): string {
  const source = Object.values(sources).find((one) => one.id === id);
  if (!source) throw new Error(`${id} shows nothing of apps`);
  return `${source.prefix}${name}`;
}
