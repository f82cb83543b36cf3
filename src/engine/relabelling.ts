import type { RuleError } from "./rules.ts";

/** A target as it is discovered. */
export interface DiscoveredTarget {
  /** `job_name` of the scrape config. @default - the only one there is */
  job?: string;
  /** what discovery says of it: `__address__`, `__meta_…`, the labels of its group */
  labels: Record<string, string>;
  /** a sample that it exposes, with `__name__`, to send through `metric_relabel_configs` */
  sample?: Record<string, string>;
}

/** One relabelling rule and the labels after it; the rule that dropped the target is the last, and has none. */
export interface RelabelStep {
  /** where the rule stands in the file */
  line: number;
  action: string;
  labels?: Record<string, string>;
}

/** What became of a target or of a sample. */
export type Relabelled =
  /** `labels`: of a target those that its series get, of a sample those that are stored. `url`: what is fetched. */
  | (RelabelTrace & { outcome: "kept"; labels: Record<string, string>; url?: string; sample?: Relabelled })
  /** `line`: of the rule that dropped it. */
  | (RelabelTrace & { outcome: "dropped"; line: number })
  /** The rules kept it, but Prometheus cannot take it. */
  | (RelabelTrace & { outcome: "refused"; message: string })
  /** No scrape config has the name that was asked for. */
  | { outcome: "unknown job" };

/** The labels that the first rule sees, and those after each rule. */
export interface RelabelTrace {
  before: Record<string, string>;
  steps: RelabelStep[];
}

export interface RelabelResult {
  /** faults of the file; with any, no target was relabelled */
  errors: RuleError[];
  /** every `job_name`; of a list of rules, one empty text */
  jobs: string[];
  /** in the order of the request */
  targets: Relabelled[];
}

/** What the engine answers: it leaves out labels where there are none. */
export const withEmptyLabels = ({ targets, ...rest }: RelabelResult): RelabelResult => ({
  ...rest,
  targets: targets.map(whole),
});

function whole(one: Relabelled): Relabelled {
  if (one.outcome === "unknown job") return one;
  const { before = {}, steps } = one;
  const all = (some: readonly RelabelStep[]) => some.map((step) => ({ ...step, labels: step.labels ?? {} }));
  if (one.outcome === "dropped") return { ...one, before, steps: [...all(steps.slice(0, -1)), ...steps.slice(-1)] };
  const trace = { before, steps: all(steps) };
  if (one.outcome === "refused") return { ...one, ...trace };
  return { ...one, ...trace, labels: one.labels ?? {}, ...(one.sample && { sample: whole(one.sample) }) };
}
