import type { Engine } from "../engine/engine.ts";
import type { Matcher, ParsedExpr } from "../engine/parsed-expr.ts";
import { type Exporter, labelsOfPlace, metricsOf, type Places, placesBy } from "../model/exporter.ts";
import type { HttpInstrumentation } from "../model/instrumentation.ts";
import { type HttpService, isHttpService, type Platform, type Service } from "../model/platform.ts";
import { instanceLabels } from "../model/targets.ts";
import { type Buckets, bucketsWith } from "../worlds/histogram.ts";
import { labelFlow } from "./label-flow.ts";
import { type MatcherValues, matcherValues } from "./matcher-values.ts";
import type { RuleQuery } from "./rule-queries.ts";
import { targetLabels } from "./target-labels.ts";

/** Values that a label can have. `open`: nobody can list them all. */
export type LabelValues = readonly string[] | "open";

/** A metric as services expose it, without the labels that the scrape or the collector adds. */
export interface ExposedMetric {
  name: string;
  type: "counter" | "gauge";
  labels: SeriesLabels;
}

/** What the labels of one kind of series can be. */
export type SeriesLabels = Readonly<Record<string, LabelValues>>;

/** A metric that exists, with the labels of each kind of its series: one for each service and environment. */
export interface KnownMetric {
  type: ExposedMetric["type"] | "recorded";
  series: SeriesLabels[];
  /** Labels that some of them has. */
  labelNames: Set<string>;
}

/** Every metric there is, by name: what services expose, what the scrape adds, what rules record. */
export type Catalogue = ReadonlyMap<string, KnownMetric>;

/** Codes of HTTP; an instrumentation counts each, or each class of them. */
const statusCodes = Array.from({ length: 500 }, (_, index) => index + 100);

/** What a service exposes of itself. */
function exposedBy(service: Service): ExposedMetric[] {
  if (isHttpService(service)) return service.packs.includes("http") ? httpMetrics(service) : [];
  return service.exporter ? exporterMetrics(service.exporter, service) : [];
}

const exporterMetrics = (exporter: Exporter, service: Service): ExposedMetric[] => {
  const { places } = exporter;
  const { places: known, otlp, experiments } = service;
  return metricsOf(exporter, service).flatMap((metric) => {
    const labels = {
      ...Object.fromEntries(Object.entries(metric.labels ?? {}).map(([label, value]) => [label, [value]])),
      ...(metric.perPlace && places && placeValues(places, placesBy(metric.perPlace, known))),
      ...(metric.perPlace && variantLabels(experiments)),
    };
    if (metric.type !== "histogram") return { name: metric.name, type: metric.type, labels };
    return histogramMetrics(metric.name, labels, bucketsWith(metric.edges, otlp !== undefined));
  });
};

/** Who takes part in no experiment has the labels, too, or has not: nobody can list their values. */
const variantLabels = (experiments: Service["experiments"]): SeriesLabels =>
  Object.fromEntries(experiments.map(({ label }) => [label, "open" as const]));

/** Every value that each label of these places has. */
function placeValues(apart: Places, places: readonly string[]): SeriesLabels {
  const values: Record<string, string[]> = {};
  for (const place of places)
    for (const [label, value] of Object.entries(labelsOfPlace(apart, place)))
      values[label] = [...(values[label] ?? []), value];
  return values;
}

const histogramMetrics = (name: string, labels: ExposedMetric["labels"], { texts }: Buckets): ExposedMetric[] => [
  { name: `${name}_bucket`, type: "counter", labels: { ...labels, le: [...texts, "+Inf"] } },
  { name: `${name}_count`, type: "counter", labels },
  { name: `${name}_sum`, type: "counter", labels },
];

/** See `src/model/instrumentation.ts` for the sources. */
function httpMetrics({
  http,
  latencyBucketsSeconds,
  otlp,
  versions,
  experiments,
  details,
}: HttpService): ExposedMetric[] {
  // Routes are open: monitoring.yaml names those that matter, not all. Nobody knows which versions there will be.
  const labels: ExposedMetric["labels"] = {
    [http.routeLabel]: "open",
    [http.methodLabel]: "open",
    ...(versions && { [versions.label]: "open" }),
    ...variantLabels(experiments),
  };
  const statusValue = details.has("single status codes") ? String : http.statusValue;
  const status = { [http.statusLabel]: [...new Set(statusCodes.map((code) => statusValue(code)))] };
  const measured = { ...labels, ...(http.histogramHasStatus && status) };
  const histogram = histogramMetrics(http.histogram, measured, bucketsWith(latencyBucketsSeconds, otlp !== undefined));
  const isOfHistogram = histogram.some(({ name }) => name === http.requests);
  return [
    ...(isOfHistogram ? [] : [{ name: http.requests, type: "counter" as const, labels: { ...labels, ...status } }]),
    ...histogram,
    ...(details.has("requests in progress") ? inProgressMetrics(http) : []),
  ];
}

const inProgressMetrics = ({ inProgress }: HttpInstrumentation): ExposedMetric[] =>
  inProgress ? [{ name: inProgress.metric, type: "gauge", labels: anyValues(inProgress.series[0] ?? {}) }] : [];

/** Whatever the values are here: a service has others, too. */
const anyValues = (labels: Readonly<Record<string, string>>): SeriesLabels =>
  Object.fromEntries(Object.keys(labels).map((label) => [label, "open" as const]));

/** What Prometheus itself writes for every target. */
const scrapeMetrics: readonly ExposedMetric[] = [
  "up",
  "scrape_duration_seconds",
  "scrape_samples_scraped",
  "scrape_samples_post_metric_relabeling",
  "scrape_series_added",
].map((name) => ({ name, type: "gauge", labels: {} }));

/** What Prometheus itself writes for every alert: of none, where all alerts are switched off or on log lines. */
const alertMetrics: readonly Pick<ExposedMetric, "name" | "type">[] = ["ALERTS", "ALERTS_FOR_STATE"].map((name) => ({
  name,
  type: "gauge",
}));

/** Labels that tell the targets of an instance apart. */
function apartBy({ exporter, places }: Service): SeriesLabels {
  return exporter?.probes && exporter.places ? placeValues(exporter.places, places) : {};
}

/**
 * Lists everything that the platform's services expose and its rules record. What a rule records has the labels that its
 * expression leaves of what it selects, and exists only for services for which it selects something.
 */
export function buildCatalogue(
  { services }: Platform,
  rules: readonly RuleQuery[],
  engine: Pick<Engine, "evaluate">,
): Catalogue {
  const catalogue = new Map<string, KnownMetric>(
    [...scrapeMetrics, ...alertMetrics].map(({ name, type }) => [name, { type, series: [], labelNames: new Set() }]),
  );
  const add = (name: string, type: KnownMetric["type"], labels: SeriesLabels) => {
    const known = catalogue.get(name) ?? { type, series: [], labelNames: new Set() };
    known.series.push(labels);
    for (const label of Object.keys(labels)) known.labelNames.add(label);
    catalogue.set(name, known);
  };
  for (const service of services) {
    const metrics = exposedBy(service);
    if (service.scrape) metrics.push(...scrapeMetrics.map((metric) => ({ ...metric, labels: apartBy(service) })));
    for (const environment of service.environments) {
      const target: Record<string, LabelValues> = {};
      for (const [name, value] of Object.entries(targetLabels(service, environment, ""))) target[name] = [value];
      const addresses = service.scrape?.targets[environment];
      target.instance = addresses ?? "open";
      for (const label of Object.keys(instanceLabels(service, "")))
        target[label] = addresses?.map((address) => instanceLabels(service, address)[label] ?? "") ?? "open";
      for (const { name, type, labels } of metrics) add(name, type, { ...labels, ...target });
    }
  }
  const matchers = rules.flatMap(({ parsed }) => (parsed.selectors ?? []).flatMap((one) => one.matchers));
  const matching = matcherValues(engine, matchers, (label) => closedValues(catalogue, label));
  const alertname = [...new Set(rules.filter(({ kind }) => kind === "alert").map(({ name }) => name))];
  let carried: SeriesLabels[] = [];
  const addAlerts = () => {
    for (const labels of distinct(carried)) {
      add("ALERTS", "gauge", { ...labels, alertname, alertstate: ["pending", "firing"] });
      add("ALERTS_FOR_STATE", "gauge", { ...labels, alertname });
    }
    carried = [];
  };
  for (const { kind, name, labels, parsed } of rules) {
    // A rule that reads alerts reads those before it.
    if (parsed.selectors?.some(({ metric }) => metric === "ALERTS")) addAlerts();
    const own = Object.fromEntries(labels.map((label) => [label, "open"] as const));
    const kinds = resultKinds(parsed, catalogue, matching).map((kept) => ({ ...kept, ...own }));
    if (kind === "alert") carried.push(...kinds);
    else for (const one of kinds) add(name, "recorded", one);
    if (kind === "record" && kinds.length === 0)
      catalogue.set(name, { type: "recorded", series: [], labelNames: new Set() });
  }
  addAlerts();
  return catalogue;
}

/** The kinds of series that come out of an expression: what each of its selectors gives, cut to the labels that are left. */
function resultKinds(parsed: ParsedExpr, catalogue: Catalogue, matching: MatcherValues): SeriesLabels[] {
  const names = labelFlow(parsed, ({ metric }) => labelNames(catalogue, metric)).labels ?? new Set<string>();
  const selected = (parsed.selectors ?? []).flatMap(({ metric = "", matchers }) =>
    (catalogue.get(metric)?.series ?? []).filter((labels) => matchers.every((one) => canMatch(labels, one, matching))),
  );
  return distinct(
    selected.map((labels) =>
      Object.fromEntries(
        [...names].map((name) => [name, (Object.hasOwn(labels, name) ? labels[name] : undefined) ?? ("open" as const)]),
      ),
    ),
  );
}

const distinct = (kinds: readonly SeriesLabels[]): SeriesLabels[] => [
  ...new Map(kinds.map((labels) => [JSON.stringify(labels), labels])).values(),
];

/** Whether a series of this kind can be one that the matcher takes. */
export function canMatch(labels: SeriesLabels, matcher: Matcher, matching: MatcherValues): boolean {
  const values = Object.hasOwn(labels, matcher.name) ? labels[matcher.name] : undefined;
  const { takes, takesNone } = matching(matcher);
  if (values === undefined) return takesNone;
  return values === "open" || values.some(takes);
}

/** Labels that some series of a metric has; undefined where there is none. */
export function labelNames(catalogue: Catalogue, metric: string | undefined): ReadonlySet<string> | undefined {
  const known = metric === undefined ? undefined : catalogue.get(metric);
  return known?.series.length ? known.labelNames : undefined;
}

/** Every value that some kind of series is known to have of a label; of `__name__`, every metric. */
export function closedValues(catalogue: Catalogue, label: string): string[] {
  if (label === "__name__") return [...catalogue.keys()];
  const found = new Set<string>();
  for (const { series } of catalogue.values()) {
    for (const labels of series) {
      const values = Object.hasOwn(labels, label) ? labels[label] : undefined;
      if (values !== undefined && values !== "open") for (const value of values) found.add(value);
    }
  }
  return [...found];
}
