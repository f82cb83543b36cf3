import { metricsOf, placesBy } from "../model/exporter.ts";
import type { Finding, Place } from "../model/finding.ts";
import { exportersOf, isLogSignal, type Pack } from "../model/pack.ts";
import { isHttpService, type Platform, type Service, shows, tells } from "../model/platform.ts";
import { targetsOfInstance } from "../model/targets.ts";

/** `up` and what else Prometheus writes of every target. */
const perTarget = 5;

/** Of each route: answers that are well, the caller's fault and the service's. */
const statuses = 3;

/** `+Inf`, the sum and the count, besides the finite buckets. */
const besidesBuckets = 3;

/** Series of one service in Prometheus, by what they come from. */
export interface SeriesCount {
  /** Of what the packs read of it. An exporter may show more, which comes on top unless the scrape drops it. */
  scraped: number;
  /** By the recording rules of its packs. */
  recorded: number;
}

/**
 * How many series a service has in all of its environments, with the routes and places that monitoring.yaml lists. A
 * service that pushes is counted as one instance in each.
 */
export function seriesOf(service: Service, packs: readonly Pack[]): SeriesCount {
  const { environments, scrape } = service;
  const instances = scrape ? Object.values(scrape.targets).flat().length : environments.length;
  const targets = scrape ? targetsOfInstance(service, "").length * perTarget : 0;
  const own = packs.filter((pack) => service.packs.includes(pack.name) && shows(pack, service));
  const recorded = own
    .flatMap(({ signals }) => signals)
    .flatMap((signal) => (isLogSignal(signal) || !tells(signal, service) ? [] : [signal.labels]))
    .reduce(
      (sum, labels) => sum + (labels.includes("instance") ? instances : environments.length) * spots(labels, service),
      0,
    );
  return { scraped: instances * (targets + shownBy(service, own)), recorded };
}

/** Routes or places that a signal tells apart. */
const spots = (labels: readonly string[], { routes, places, exporter }: Service): number =>
  (labels.includes("route") ? routes.length : 1) *
  (exporter?.places && labels.includes(exporter.places.label)
    ? Math.max(1, places.length)
    : exporter?.places?.within && labels.includes(exporter.places.within.label)
      ? Math.max(1, placesBy("outer", places).length)
      : 1);

function shownBy(service: Service, packs: readonly Pack[]): number {
  if (isHttpService(service)) {
    const { http, routes, latencyBucketsSeconds } = service;
    const histogram = (latencyBucketsSeconds.length + besidesBuckets) * (http.histogramHasStatus ? statuses : 1);
    const counter = http.requests.startsWith(http.histogram) ? 0 : statuses;
    return packs.some(({ shownBy }) => shownBy === "http") ? routes.length * (histogram + counter) : 0;
  }
  const exporter = exportersOf(packs).find(({ id }) => id === service.exporter?.id);
  return (exporter ? metricsOf(exporter, service) : []).reduce((sum, metric) => {
    const series = metric.type === "histogram" ? metric.edges.length + besidesBuckets : 1;
    return sum + series * (metric.perPlace ? Math.max(1, placesBy(metric.perPlace, service.places).length) : 1);
  }, 0);
}

/** Services with more series than the budget allows one: each is a warning, since it works and costs. */
export const cardinalityFindings = (
  platform: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
): Finding[] =>
  platform.services.flatMap((service, index): Finding[] => {
    const { scraped, recorded } = seriesOf(service, platform.packs);
    const budget = platform.budget.series.value;
    if (scraped + recorded <= budget) return [];
    const shown = (value: number) => value.toLocaleString("en");
    return [
      {
        rule: "cost/series",
        severity: "warning",
        place: placeOf(["services", index]),
        summary: `${service.name} has about ${shown(scraped + recorded)} series in Prometheus; the budget for one service is ${shown(budget)}.`,
        detail: `${shown(scraped)} are scraped of it, ${shown(recorded)} recorded by rules.`,
        fix: "List fewer routes, places or buckets, split it up, or raise `budget.series`.",
      },
    ];
  });
