import type { Provocations } from "../src/boundaries/provocation.ts";
import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import { type Exporter, seriesOf } from "../src/model/exporter.ts";
import { alert, signal } from "../src/model/pack.ts";
import { count, minutes } from "../src/model/quantity.ts";
import { healthy, type World } from "../src/worlds/world.ts";

/** Labels of a signal that tells of one instance. */
export const perInstance = [...identityLabels, "instance"];

/** Matches the series of these exporters, and of nothing else that has metrics of the same names. */
export const from = (exporters: readonly Exporter[]): string =>
  `${instrumentationLabel}=~"${exporters.map(({ id }) => id).join("|")}"`;

/** What every pack with exporters of its own needs to know of them. */
interface Scraped {
  pack: string;
  /** What its alerts begin with: `Postgres`. */
  prefix: string;
  /** `Postgres server`, `host`: what one exporter tells of. */
  thing: string;
  exporters: readonly Exporter[];
}

interface Watched extends Scraped {
  /**
   * Names of metrics without which its alerts could not fire, one of each family that can be missing by itself. Of an
   * exporter that never shows one of them, that one is not asked.
   */
  needs: readonly string[];
  /** PromQL that has a value for each instance where it is known why these metrics are missing. @default - none */
  knownMissing?: string;
}

/** Labels of places that are asked about one by one: each is a target of its own. */
const askedOf = (exporters: readonly Exporter[]): string[] => [
  ...new Set(exporters.flatMap(({ probes, places }) => (probes && places ? [places.label] : []))),
];

/** Which exporter does not do what it should, in words. */
const silentOf = (exporters: readonly Exporter[]): string =>
  [
    "{{ $labels.instance }} of {{ $labels.service }}",
    ...askedOf(exporters).map((label) => `asked about {{ $labels.${label} }}`),
  ].join(", ");

/**
 * The signal and the alert that tell when an exporter is gone. Nothing is asked where metrics are sent: there the alert
 * does not exist, and a pack that can be sent needs one of its own for what no longer comes.
 */
export function scrapeWatch({ pack, prefix, thing, exporters }: Scraped) {
  const perTarget = [...perInstance, ...askedOf(exporters)];
  const up = signal({
    name: `${pack}_exporter_up`,
    title: "Exporters that answer the scrape",
    description: `1 where the exporter of a ${thing} answered the last scrape, 0 where it did not.`,
    unit: "count",
    labels: perTarget,
    series: `instance:${pack}_exporter_up:min`,
    source: { once: `min by (${perTarget.join(", ")}) (up{${from(exporters)}})` },
  });
  const Down = alert({
    name: `${prefix}ExporterDown`,
    pack,
    signal: up,
    below: { critical: count(1) },
    for: minutes(3),
    scrapedOnly: true,
    explainsOthers: true,
    summary: `${silentOf(exporters)} does not answer the scrape`,
    impact: `Nothing is known of this ${thing} until its exporter is back: the ${thing} may be down as well, and none of its other alerts can fire.`,
  });
  const provocations: Provocations = {
    [up.name]: ({ subject: { service, world } }) => ({
      ...instant(healthy(service, world.environment).withInstances(2)),
      words: (value) => (value < 1 ? "an exporter that does not answer" : "exporters that answer"),
      happens: (in_, value, from, to) => (value < 1 ? in_.down(from, to, { instances: 1 }) : in_),
      usual: 1,
      most: 0,
    }),
  };
  return { up, Down, provocations };
}

/**
 * The same, and the signal and the alert that tell when it is there but without what the pack's alerts read: then these
 * could never fire, and nobody would notice.
 */
export function exporterWatch({ pack, prefix, thing, exporters, needs, knownMissing }: Watched) {
  const unknown = needs.find((need) => !exporters.some(({ metrics }) => metrics.flatMap(seriesOf).includes(need)));
  if (unknown !== undefined) throw new Error(`no exporter shows ${unknown}, which alerts need`);
  const scrape = scrapeWatch({ pack, prefix, thing, exporters });
  const { up, Down } = scrape;
  const byTarget = up.labels.join(", ");
  const missing = signal({
    name: `${pack}_metrics_missing`,
    title: "Metrics that are missing",
    description: `1 where the exporter of a ${thing} answers, but lacks a metric that alerts need; 0 where all are there.`,
    unit: "count",
    labels: up.labels,
    series: `instance:${pack}_metrics_missing:count`,
    source: {
      perExporter: (exporter) => {
        const answers = `group by (${byTarget}) (up{${from([exporter])}} == 1)`;
        return [
          answers,
          `unless on (${byTarget}) (${allThere(needs, exporter, byTarget)})`,
          ...(knownMissing === undefined ? [] : [`unless on (${byTarget}) (${knownMissing})`]),
          // Nothing missing is zero, not absent: a graph without a line says neither.
          `or 0 * ${answers}`,
        ].join(" ");
      },
    },
  });
  const Missing = alert({
    name: `${prefix}MetricsMissing`,
    pack,
    signal: missing,
    above: { critical: count(0) },
    for: minutes(10),
    scrapedOnly: true,
    summary: `${silentOf(exporters)} lacks metrics that its alerts need`,
    impact: `The ${thing} may be well, but nobody would see if it were not: some of its alerts cannot fire.`,
  });
  const provocations: Provocations = {
    ...scrape.provocations,
    [missing.name]: ({ subject: { service, world } }) => ({
      ...instant(healthy(service, world.environment).withInstances(1)),
      words: (value) => (value > 0 ? "no metrics" : "all metrics"),
      happens: (in_, value, from, to) => (value > 0 ? in_.losesMetrics(from, to) : in_),
      usual: 0,
      most: 1,
      isAbsence: true,
    }),
  };
  return { up, missing, Down, Missing, signals: [up, missing], alerts: [Down, Missing], provocations };
}

/** PromQL that has a value for each target of an exporter that shows all that is needed of what it can show. */
const allThere = (needs: readonly string[], exporter: Exporter, byTarget: string): string =>
  needs
    .filter((need) => exporter.metrics.flatMap(seriesOf).includes(need))
    .map((name) => `group by (${byTarget}) (${name}{${from([exporter])}})`)
    .join(` and on (${byTarget}) `);

/** What is there or not, as the last scrape tells of the first instance. */
const instant = (world: World) => ({
  world,
  labels: { instance: world.instances[0] ?? "" },
  step: 1,
  around: { below: 0, above: 1 },
});
