import type { Component, ListedComponents } from "./component.ts";
import type { Duration, Quantity, Unit } from "./quantity.ts";

/**
 * What is true of a thing at a moment, by the name of the fact: of how many connections it uses, how far a replica
 * lags. Drills change facts; an exporter shows them; neither knows of PromQL.
 */
export type Facts = Readonly<Record<string, number>>;

/** One thing that can be true to a degree. */
export interface Fact<U extends Unit = Unit> {
  /** On a healthy day. */
  usual: Quantity<U>;
  /** The furthest that it can be from that, as far as a drill goes: nothing is more than 100 % full. */
  furthest: Quantity<U>;
  /** What a drill calls it: `95 % of connections in use`. */
  words: (value: string) => string;
  /** It is so (1) or it is not (0), and nothing between. @default false */
  isYesOrNo?: boolean;
  /** It differs from place to place: from database to database. @default false */
  perPlace?: PerPlace;
}

/** From place to place, or only between what these lie within (`Places.within`): from journey to journey, not by step. */
export type PerPlace = boolean | "outer";

/**
 * A metric of an exporter as it follows from the facts: a gauge shows `is`, plus what `grows` has added since the world
 * began; a counter has only `grows`, and begins at zero with the process.
 */
export interface ExporterMetric {
  name: string;
  type: "gauge" | "counter";
  /** Labels that it always has, besides the place's. */
  labels?: Readonly<Record<string, string>>;
  /** One series for each place. @default false: one for the whole thing */
  perPlace?: PerPlace;
  is?: (facts: Facts, at: ExposedAt) => number;
  /** Per second. */
  grows?: (facts: Facts) => number;
  /** It counts events, which come whole. @default false */
  whole?: boolean;
  /** Its series is not there before it has counted something, as labelled ones of client libraries. @default false */
  fromFirst?: boolean;
  /** Only services show it that tell how long users wait for this component. @default - all */
  component?: Component;
}

/**
 * A classic histogram of an exporter as it follows from the facts. What it observes is spread log-normally, as times are
 * to a good approximation (src/worlds/latency.ts).
 */
export interface ExporterHistogram {
  /** `_bucket`, `_sum` and `_count` follow it. */
  name: string;
  type: "histogram";
  labels?: Readonly<Record<string, string>>;
  /** One for each place. @default false: one for the whole thing */
  perPlace?: PerPlace;
  /** The fact that is a quantile, between 0 and 1, of what it observes, in its unit. */
  shows: { fact: string; quantile: number };
  /** The fact that says how many observations there are per second. */
  rate: string;
  /** Finite bucket edges, ascending. */
  edges: readonly number[];
  /** It is not there before it has observed something, as labelled ones of client libraries. @default false */
  fromFirst?: boolean;
}

/** The metrics of an exporter that a service shows. */
export const metricsOf = (
  { metrics }: Pick<Exporter, "metrics">,
  { components = {} }: { components?: ListedComponents },
): Exporter["metrics"] =>
  metrics.filter((metric) => !("component" in metric && metric.component && !(metric.component in components)));

/** Keys of a service in monitoring.yaml that list places. */
export const placeKeys = [
  "canisters",
  "containers",
  "databases",
  "endpoints",
  "filesystems",
  "methods",
  "pages",
  "projects",
  "releases",
  "sites",
] as const;

/** Names of the series of a metric. */
export const seriesOf = ({ name, type }: Exporter["metrics"][number]): string[] =>
  type === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name];

/** The histogram that a fact is a quantile of; undefined where it is not. */
export const histogramOf = ({ metrics }: Exporter, fact: string | undefined): ExporterHistogram | undefined =>
  metrics.find((metric): metric is ExporterHistogram => metric.type === "histogram" && metric.shows.fact === fact);

/** Those that list places by the name of what these lie within: steps by their journey. */
export const nestedPlaceKeys = ["journeys"] as const;
export type NestedPlaceKey = (typeof nestedPlaceKeys)[number];
export type PlaceKey = (typeof placeKeys)[number] | NestedPlaceKey;
/** Places as monitoring.yaml has them, by their key. */
export type ListedPlaces = Readonly<
  Partial<
    Record<(typeof placeKeys)[number], readonly string[]> &
      Record<NestedPlaceKey, Readonly<Record<string, readonly string[]>>>
  >
>;

/** When and where a metric is shown: which of how many places, counted from 0, by one of how many instances. */
export interface ExposedAt {
  nowSeconds: number;
  place: number;
  places: number;
  instances: number;
}

/** What a whole number comes to in one of the places: parts that differ by one at most, and add up to it. */
export const partOf = (total: number, { place, places }: ExposedAt): number => Math.floor((total + place) / places);

/** Places in a thing that are told apart by a label: databases of a server, file systems of a host. */
export interface Places {
  /** Key of a service in monitoring.yaml that lists them. */
  key: PlaceKey;
  label: string;
  /** One of them, in words: `database`. */
  title: string;
  /** What they lie within, by its label: steps lie within a journey. @default - nothing */
  within?: Pick<Places, "label" | "title">;
  /** Where monitoring.yaml lists none; drills speak of these. Empty: it must list them. */
  default: readonly string[];
  /** Whether there is one: series of what is gone are no longer shown. @default - always */
  isThere?: (facts: Facts) => boolean;
}

/** Stands between a place and what it lies within; the blanks keep it out of the names of both. */
const separator = " › ";

/** What a place lies within; undefined for a place that lies within nothing. */
export const outerOf = (place: string): string | undefined =>
  place.includes(separator) ? place.slice(0, place.indexOf(separator)) : undefined;

/** Every place that a service lists: `orders`; of those that lie within others `swap › offer`. */
export const placesListed = (listed: ListedPlaces[PlaceKey]): readonly string[] | undefined =>
  listed === undefined || Array.isArray(listed)
    ? listed
    : Object.entries(listed).flatMap(([outer, inner]) => inner.map((place: string) => outer + separator + place));

/** The places by which a fact or a metric differs: all, or what these lie within. */
export const placesBy = (perPlace: PerPlace | undefined, places: readonly string[]): readonly string[] =>
  perPlace === "outer" ? [...new Set(places.map((place) => outerOf(place) ?? place))] : perPlace ? places : [];

/** The labels of a place, or of what places lie within. */
export function labelsOfPlace({ label, within }: Places, place: string): Readonly<Record<string, string>> {
  if (!within) return { [label]: place };
  const outer = outerOf(place);
  if (outer === undefined) return { [within.label]: place };
  return { [within.label]: outer, [label]: place.slice(outer.length + separator.length) };
}

/** How Prometheus asks an exporter that looks at places from outside, one place at a time. */
export interface Probes {
  /** Path that it is asked at, unless monitoring.yaml names another. */
  path: string;
  /** Query parameters that are the same for every place. */
  params: Readonly<Record<string, string>>;
  /** Query parameter that names the place. */
  placeParam: string;
}

/** How Prometheus asks an exporter, unless monitoring.yaml says otherwise. */
export interface Scraped {
  path: string;
  scheme: "http" | "https";
  /** Where it asks for a password. */
  username?: string;
  /** How often it has something new to tell: asked more often, it says the same again. */
  interval: Duration;
}

/** A program that shows metrics of a thing that is not a service with requests: a database, a host. */
export interface Exporter {
  /** `kind` of the instrumentation in monitoring.yaml, and the label `instrumentation` of its series. */
  id: string;
  title: string;
  places?: Places;
  /** It looks at its places when it is asked, at one each time. @default - one answer tells of all */
  probes?: Probes;
  /**
   * Label that tells its instances apart for a reader: the first part of the target's host name, such as the id of a
   * canister. @default - none
   */
  hostLabel?: string;
  /**
   * There are no standard names for what it shows: those of `metrics` are a contract, and a service whose metrics have
   * other names says which is which. @default false
   */
  isContract?: boolean;
  /** @default - as every service */
  scraped?: Scraped;
  facts: Readonly<Record<string, Fact>>;
  metrics: readonly (ExporterMetric | ExporterHistogram)[];
}
