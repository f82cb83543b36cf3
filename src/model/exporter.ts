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

/** Keys of a service in monitoring.yaml that list places. */
export const placeKeys = ["containers", "databases", "endpoints", "filesystems", "projects", "sites"] as const;
export type PlaceKey = (typeof placeKeys)[number];

/** When and where a metric is shown: which of how many places, counted from 0. */
export interface ExposedAt {
  nowSeconds: number;
  place: number;
  places: number;
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
  /** @default - as every service */
  scraped?: Scraped;
  facts: Readonly<Record<string, Fact>>;
  metrics: readonly ExporterMetric[];
}
