export interface RuleFile {
  name: string;
  /** text of a Prometheus rule file */
  yaml: string;
}

/** A fault of a rule file, or a rule that could not be evaluated (then with `firstAtMs` and `ticks`). */
export interface RuleError {
  file: string;
  group?: string;
  rule?: string;
  /** in the rule file, from 1 */
  line?: number;
  column?: number;
  message: string;
  /** the first tick that failed so, and how many did */
  firstAtMs?: number;
  ticks?: number;
}

/** A rule with other fields; each that is given replaces the whole field. */
export interface RuleChange {
  /** number of the rule, from 0: over files, groups and rules in order; files with a fault do not count */
  rule: number;
  expr?: string;
  forMs?: number;
  keepFiringForMs?: number;
  /** the rule's own; those of its group stay */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A rule with one small fault in it, of a kind that people make. */
export interface Mutant {
  /** `file/group/rule/operator/number`: stays the same as long as the rules before it in its group do */
  id: string;
  file: string;
  group: string;
  /** name of the alert or of the recorded series */
  rule: string;
  line: number;
  /** kind of fault: `threshold`, `comparison strictness`, `for`, … */
  operator: string;
  /** `threshold 2 → 1` */
  description: string;
  change: RuleChange;
}
