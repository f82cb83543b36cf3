import type { Quantity, Unit } from "./quantity.ts";

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
  perPlace?: boolean;
}

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
  perPlace?: boolean;
  is?: (facts: Facts, at: ExposedAt) => number;
  /** Per second. */
  grows?: (facts: Facts) => number;
  /** It counts events, which come whole. @default false */
  whole?: boolean;
  /** Its series is not there before it has counted something, as labelled ones of client libraries. @default false */
  fromFirst?: boolean;
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
  perPlace?: boolean;
  /** The fact that is a quantile, between 0 and 1, of what it observes, in its unit. */
  shows: { fact: string; quantile: number };
  /** The fact that says how many observations there are per second. */
  rate: string;
  /** Finite bucket edges, ascending. */
  edges: readonly number[];
  /** It is not there before it has observed something, as labelled ones of client libraries. @default false */
  fromFirst?: boolean;
}

/** Names of the series of a metric. */
export const seriesOf = ({ name, type }: Exporter["metrics"][number]): string[] =>
  type === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name];

/** The histogram that a fact is a quantile of; undefined where it is not. */
export const histogramOf = ({ metrics }: Exporter, fact: string | undefined): ExporterHistogram | undefined =>
  metrics.find((metric): metric is ExporterHistogram => metric.type === "histogram" && metric.shows.fact === fact);

/** Keys of a service in monitoring.yaml that list places. */
export const placeKeys = [
  "canisters",
  "containers",
  "databases",
  "endpoints",
  "filesystems",
  "methods",
  "pages",
  "releases",
] as const;
export type PlaceKey = (typeof placeKeys)[number];

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
  /** Where monitoring.yaml lists none; drills speak of these. Empty: it must list them. */
  default: readonly string[];
  /** Whether there is one: series of what is gone are no longer shown. @default - always */
  isThere?: (facts: Facts) => boolean;
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
  facts: Readonly<Record<string, Fact>>;
  metrics: readonly (ExporterMetric | ExporterHistogram)[];
}
