import type { RuleChange, RuleError, RuleFile } from "./rules.ts";

/** One input series. Each timestamp that `staleAtMs` names carries Prometheus' stale marker instead of its value. */
export interface SampleSeries {
  labels: Record<string, string>;
  /** ms since the epoch, strictly ascending, whole numbers */
  timestampsMs: Float64Array;
  /** one for each timestamp; NaN and infinities allowed */
  values: Float64Array;
  /** where the series ends for now; need not be in `timestampsMs` */
  staleAtMs?: Float64Array;
}

export interface EvaluateRequest {
  ruleFiles: RuleFile[];
  /** 20 million samples in all at most */
  series: SampleSeries[];
  /** first and last possible tick, ms since the epoch, inclusive */
  startMs: number;
  endMs: number;
  /** between two ticks of a group without an `interval`; also the step of subqueries that name none */
  evaluationIntervalMs: number;
  /** for templates ($externalLabels); they are not added to the labels of alerts */
  externalLabels?: Record<string, string>;
  externalUrl?: string;
  /** "range": one query for each rule over the whole timeline; "stepwise": tick by tick, as promtool does; "auto": range where it is sound */
  mode?: "auto" | "range" | "stepwise";
  /** the most samples that one query may hold and one rule may record, all rules twice as many; 10 million by default */
  maxSamples?: number;
  /** further queries, answered on the same store after the rules ran */
  queries?: RangeQuery[];
}

/** Evaluated at startMs, startMs + stepMs, … up to endMs. */
export interface RangeQuery {
  id: string;
  expr: string;
  startMs: number;
  endMs: number;
  stepMs: number;
}

export interface AlertPhase {
  state: "pending" | "firing";
  /** the tick at which it entered this state */
  fromMs: number;
  /** the tick at which it left it; undefined when it was still in it at the end */
  toMs?: number;
}

/** One label set that an alerting rule gave: every time it was pending or firing, in order. */
export interface AlertInstance {
  /** number of its rule, as in `RuleChange` */
  rule: number;
  alert: string;
  group: string;
  file: string;
  /** with `alertname` */
  labels: Record<string, string>;
  phases: AlertPhase[];
  /** rendered at the tick at which it first began firing, or at its first tick when it never fired */
  annotations: Record<string, string>;
  /** rendered at the last tick at which its expression held */
  lastAnnotations: Record<string, string>;
  /** of the expression, at those two ticks */
  value: number;
  lastValue: number;
}

export interface QueryResult {
  id: string;
  /** sorted by labels */
  series: { labels: Record<string, string>; timestampsMs: number[]; values: number[] }[];
  error?: string;
}

export interface EvaluateResult {
  /** in the order of the rules, then by labels */
  alerts: AlertInstance[];
  errors: RuleError[];
  queries: QueryResult[];
  modeUsed: "range" | "stepwise";
  /** why rules had to be evaluated stepwise */
  modeReason?: string;
  /** rules: evaluated; samples: held at the end; instantRules: rules for which a range query was not possible */
  stats: { rules: number; samples: number; instantRules: number };
}

/** What changed rules come to. `same`: alerts (labels, phases, values, texts) and errors are those of the rules as they are. */
export type Trial = { same: true } | { same: false; alerts: AlertInstance[]; errors: RuleError[] };

/** Series and rules that stay loaded, so that changed rules can be tried on them. Close it: it takes memory. */
export interface EngineCase {
  /** of the rules as they are */
  readonly result: EvaluateResult;
  /** Gives what `evaluate` would with the changed rules. Trials know nothing of each other. */
  try(changes: RuleChange[]): Trial;
  close(): void;
}
