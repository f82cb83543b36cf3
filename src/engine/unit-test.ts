import type { AlertPhase } from "./evaluation.ts";
import type { RuleChange, RuleError, RuleFile } from "./rules.ts";

/** A file in the format of `promtool test rules`. */
export interface UnitTestRequest {
  /** its name, for messages */
  file: string;
  yaml: string;
  /**
   * Reads what the patterns under `rule_files` match, in order, or throws what is wrong with a pattern.
   * A file that cannot be read says so in `fault`.
   */
  readRuleFiles(patterns: readonly string[]): (RuleFile & { fault?: string })[];
}

/** A file whose series and rules stay loaded, so that changed rules can be tried on its tests. */
export interface UnitTest {
  result: UnitTestResult;
  /** Runs the tests that pass, with these rules changed; rules count over the files that `readRuleFiles` gave, in order. */
  try(changes: readonly RuleChange[]): UnitTestTrial;
  /** Frees what is loaded. */
  close(): void;
}

/** Whether the tests that pass still do with changed rules; if not, the first that does not, and why. */
export type UnitTestTrial = { passed: true } | { passed: false; group: string; failure: UnitTestFailure };

/** What came of one file. */
export interface UnitTestResult {
  /** promtool's verdict */
  passed: boolean;
  /** why the file as a whole could not be run */
  faults: RuleError[];
  /** one for each item of `tests`, in order */
  groups: TestGroupResult[];
  /** the rules of all its rule files, in the order of evaluation */
  rules: TestedRule[];
  /** cases under `alert_rule_test` and `promql_expr_test` */
  alertTests: number;
  exprTests: number;
}

export interface TestGroupResult {
  /** `unnamed#3` where the file gives none, as promtool has it */
  name: string;
  line?: number;
  passed: boolean;
  failures: UnitTestFailure[];
  /** what is asserted of alerts, whether it holds or not */
  alerts: AlertAssertion[];
  exprTests: number;
  /** input series that promtool passes over: they stand behind an empty line or a comment inside a value */
  unread: IgnoredSeries[];
  /** input series that a later one with the same labels replaces */
  replaced: IgnoredSeries[];
}

export interface IgnoredSeries {
  series: string;
  line?: number;
}

export interface TestedRule {
  file: string;
  group: string;
  line?: number;
  /** one of the two is given */
  alert?: string;
  record?: string;
  /** those that are the same for all that the rule gives: no templates */
  labels: Record<string, string>;
  /** of an alert: how long it must hold before it fires */
  forMs: number;
}

/** Exactly these alerts fire at a moment; none means that the alert is silent. */
export interface AlertAssertion {
  alert: string;
  /** since the start of the test */
  evalTimeMs: number;
  line?: number;
  /** labels of each, with `alertname` */
  expected: Record<string, string>[];
}

interface FailureHead {
  /** in the test file */
  line?: number;
  /** since the start of the test; of a rule that failed: the first tick at which it did */
  evalTimeMs: number;
}

/** An assertion that does not hold, or what kept a test from being run to its end. */
export type UnitTestFailure = FailureHead &
  (
    | {
        kind: "alert";
        alert: string;
        expectedAlerts?: FiredAlert[];
        gotAlerts?: FiredAlert[];
        phases?: AlertPhases[];
        values?: SignalAround[];
      }
    /** `message` instead of samples where the expression cannot be evaluated */
    | { kind: "expr"; expr: string; message?: string; expectedSamples?: FoundSample[]; gotSamples?: FoundSample[] }
    | { kind: "rule"; rule: string; ruleFile: string; ruleLine?: number; message: string }
    | { kind: "load"; series?: string; rule?: string; ruleFile?: string; ruleLine?: number; message: string }
  );

export interface FiredAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** When an alert of the asserted name was pending and firing; times since the start of the test. */
export interface AlertPhases {
  labels: Record<string, string>;
  phases: AlertPhase[];
}

/** What an alert's rule compared around the moment at which the alert is not as expected. */
export interface SignalAround {
  /** the side of the comparison that has series; the whole expression where it compares with no number */
  expr: string;
  comparison?: string;
  threshold: number | string;
  /** times since the start of the test */
  series: { labels: Record<string, string>; timestampsMs: number[]; values: (number | string)[] }[];
}

/** A value or, where `histogram` is given, a native histogram in its notation. */
export interface FoundSample {
  labels: string;
  /** what JSON cannot hold is "NaN", "+Inf" or "-Inf" */
  value: number | string;
  histogram?: string;
}
