// Queries on series in Prometheus' notation, and their answers.

/** Queries on series in Prometheus' notation (`metric{a="b"} 1+1x10 _ stale`), whose first values stand at 0 ms. */
export interface AskRequest {
  loads: NotedLoad[];
  queries: AskedQuery[];
  /** step of subqueries that name none */
  evaluationIntervalMs: number;
}

export interface NotedLoad {
  /** between two values */
  intervalMs: number;
  lines: string[];
  /** also store classic histograms as native ones with custom buckets */
  classicToNative?: boolean;
}

/** At one moment, or at startMs, startMs + stepMs, … up to endMs. */
export type AskedQuery = { expr: string } & ({ atMs: number } | { startMs: number; endMs: number; stepMs: number });

export interface Answer {
  error?: string;
  type?: "scalar" | "vector" | "matrix" | "string";
  series?: NotedSeries[];
  /** of a string */
  text?: string;
  warnings?: string[];
  infos?: string[];
}

export interface NotedSeries {
  labels: Record<string, string>;
  points: NotedPoint[];
}

/** One value. What comes from the notation has `t` 0, and `omitted` where it says `_`. Numbers may be "NaN", "+Inf", "-Inf". */
export interface NotedPoint {
  t: number;
  omitted?: boolean;
  value?: JsonNumber;
  histogram?: NativeHistogram;
}

/** A number as JSON has it. */
export type JsonNumber = number | "NaN" | "+Inf" | "-Inf";

/** A native histogram without empty buckets: each is its number and its count. */
export interface NativeHistogram {
  schema: number;
  count: JsonNumber;
  sum: JsonNumber;
  zeroThreshold: JsonNumber;
  zeroCount: JsonNumber;
  positive: [number, JsonNumber][];
  negative: [number, JsonNumber][];
  customValues: JsonNumber[];
  /** about a counter reset before it: 0 unknown, 1 yes, 2 no, 3 none for it is a gauge */
  hint: number;
  /** the notation named the hint */
  hintGiven?: boolean;
  /** in Prometheus' notation */
  text: string;
}
