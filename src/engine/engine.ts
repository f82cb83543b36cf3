import type { Answer, AskRequest, NotedSeries } from "./ask.ts";
import { compileEngine, type EngineInstance, startEngine, type WasmModule } from "./engine-instance.ts";
import { alertWithNumbers, packed, ruleFileReply, withNumbers } from "./messages.ts";
import type { UnitTest, UnitTestRequest, UnitTestResult, UnitTestTrial } from "./unit-test.ts";

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

export interface RuleFile {
  name: string;
  /** text of a Prometheus rule file */
  yaml: string;
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

export interface Matcher {
  name: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
}

export interface ParsedExpr {
  error?: { message: string; line: number; column: number };
  formatted?: string;
  type?: "scalar" | "vector" | "matrix" | "string";
  /** vector selectors, in the order of the text; `metric` is not repeated among the matchers */
  selectors?: Selector[];
  /** the steps of its evaluation */
  tree?: ExprNode;
}

export interface Selector {
  metric?: string;
  matchers: Matcher[];
}

/**
 * One step of an expression's evaluation, with the steps that it works on. What does not change labels (parentheses,
 * signs, ranges, subqueries) is no step of its own: it belongs to `text` and `type` of what is in it.
 */
export interface ExprNode {
  kind: "selector" | "number" | "text" | "aggregation" | "call" | "operation";
  text: string;
  type: "scalar" | "vector" | "matrix" | "string";
  /** of a selector: its place in `selectors` */
  selector?: number;
  /** of a text: what it says */
  value?: string;
  /** name of the aggregation, function or operator */
  op?: string;
  /** a comparison without `bool`: series for which it does not hold are left out */
  filters?: boolean;
  /** of an operation between two vectors without a clause: `ignoring` no labels */
  mode?: "by" | "without" | "on" | "ignoring";
  labels?: string[];
  /** the side of which several series may meet one of the other, by group_left or group_right; `include`: its labels */
  side?: "left" | "right";
  include?: string[];
  /** of an aggregation: what is aggregated, then its parameter */
  args?: ExprNode[];
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

/** Prometheus 3.15 in this process. Every call is synchronous; a refused request or a broken engine throws an Error. */
export interface Engine {
  /** Runs the rules on the series. Faults of rules are in `errors`; the other rules are evaluated all the same. */
  evaluate(request: EvaluateRequest): EvaluateResult;
  /** As `evaluate`, but series and rules stay loaded. */
  openCase(request: EvaluateRequest): EngineCase;
  /** Parses rule files and gives every fault with its place. */
  checkRules(files: RuleFile[]): RuleError[];
  /** Runs a file in the format of `promtool test rules`, with promtool's verdict. */
  runUnitTest(request: UnitTestRequest): UnitTestResult;
  /** As `runUnitTest`, but series and rules stay loaded. */
  openUnitTest(request: UnitTestRequest): UnitTest;
  /**
   * Sends targets through the relabelling of a scrape config: a whole prometheus.yml, a single scrape config, or a bare
   * list of relabelling rules, after which every label is given as it is.
   */
  relabel(config: RuleFile, targets: DiscoveredTarget[]): RelabelResult;
  /** Answers queries on series in Prometheus' notation as Prometheus does: any type of result, native histograms, warnings. */
  ask(request: AskRequest): Answer[];
  /** Reads lines of Prometheus' notation of series; a line that is none throws. */
  readNotation(lines: string[]): NotedSeries[];
  /** Parses one PromQL expression. */
  parse(expression: string): ParsedExpr;
  /** Every small fault that each rule could have, on the parsed rule. Files with a fault have none: see `checkRules`. */
  mutants(files: RuleFile[]): Mutant[];
}

let loading: Promise<Engine> | undefined;

/** Loads the engine, once a process. */
export function loadEngine(): Promise<Engine> {
  loading ??= compileEngine().then((module) => createEngine(module));
  return loading;
}

/** Past this many bytes no further case is opened: 4 GiB is the end, and the collector needs room. */
const mostBytesForCases = 2 * 1024 * 1024 * 1024;

/**
 * An engine of its own. Memory of a WebAssembly program never shrinks: past `recycleAboveBytes` the next call gets a
 * fresh one, once no case is open any more.
 */
export function createEngine(module: WasmModule, recycleAboveBytes = 512 * 1024 * 1024): Engine {
  let instance: EngineInstance | undefined = startEngine(module);
  /** how many cases are open on `instance` */
  let openCases = 0;

  function call(ask: (functions: EngineInstance["functions"]) => string): unknown {
    if (instance === undefined) {
      instance = startEngine(module);
      openCases = 0;
    }
    let reply: string | undefined;
    let crash: unknown;
    try {
      reply = ask(instance.functions);
    } catch (error) {
      crash = error;
    }
    const cause = instance.dead();
    if (reply === undefined || cause !== undefined) {
      instance = undefined;
      const tooDeep = crash instanceof RangeError ? "an expression or template is nested too deeply" : crash;
      throw new Error(`the engine broke down: ${cause ?? tooDeep ?? "it gave no answer"}`, { cause: crash });
    }
    const { result, error } = JSON.parse(reply) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  }

  /** A call that leaves nothing in the engine's memory. */
  function once<T>(ask: (functions: EngineInstance["functions"]) => string): T {
    try {
      return call(ask) as T;
    } finally {
      if (openCases === 0 && instance && instance.memoryBytes() > recycleAboveBytes) instance = undefined;
    }
  }

  /** Opens what the engine then holds: gives its answer, and the ways to ask it further and to close it. */
  function hold<Opened>(what: string, open: (functions: EngineInstance["functions"]) => string) {
    if (openCases > 0 && instance && instance.memoryBytes() > mostBytesForCases) {
      throw new Error(`too much is loaded: close some of the ${openCases} open cases before opening another`);
    }
    const opened = call(open) as Opened;
    const home = instance;
    openCases += 1;
    let isOpen = true;
    return {
      opened,
      ask(question: (functions: EngineInstance["functions"]) => string): unknown {
        if (!isOpen) throw new Error(`this ${what} is closed`);
        if (instance !== home) throw new Error(`the engine broke down while this ${what} was open: open it again`);
        return call(question);
      },
      close(end: (functions: EngineInstance["functions"]) => string) {
        if (!isOpen) return;
        isOpen = false;
        if (instance !== home) return;
        openCases -= 1;
        once(end);
      },
    };
  }

  function openCase(request: EvaluateRequest): EngineCase {
    const { text, timestamps, values } = packed(request);
    const held = hold<{ case: number; result: EvaluateResult }>("case", (engine) =>
      engine.openCase(text, timestamps, values),
    );
    const { case: number, result } = held.opened;
    return {
      result: withNumbers(result),
      try(changes) {
        const trial = held.ask((engine) => engine.try(number, JSON.stringify(changes))) as Trial;
        if (trial.same) return { same: true };
        return { same: false, alerts: trial.alerts.map(alertWithNumbers), errors: trial.errors };
      },
      close: () => held.close((engine) => engine.closeCase(number)),
    };
  }

  function openUnitTest({ file, yaml, readRuleFiles }: UnitTestRequest): UnitTest {
    const request = JSON.stringify({ file, yaml, keep: true });
    const held = hold<{ number: number; result: UnitTestResult }>("unit test", (engine) =>
      engine.openUnitTest(request, ruleFileReply(readRuleFiles)),
    );
    const { number, result } = held.opened;
    return {
      result,
      try: (changes) => held.ask((engine) => engine.tryUnitTest(number, JSON.stringify(changes))) as UnitTestTrial,
      close: () => held.close((engine) => engine.closeUnitTest(number)),
    };
  }

  return {
    evaluate(request) {
      const { text, timestamps, values } = packed(request);
      return withNumbers(once((engine) => engine.evaluate(text, timestamps, values)));
    },
    openCase,
    runUnitTest({ file, yaml, readRuleFiles }) {
      const request = JSON.stringify({ file, yaml });
      const reply = ruleFileReply(readRuleFiles);
      return once<{ result: UnitTestResult }>((engine) => engine.openUnitTest(request, reply)).result;
    },
    openUnitTest,
    checkRules: (files) => once((engine) => engine.checkRules(JSON.stringify(files))),
    ask: (request) => once((engine) => engine.ask(JSON.stringify(request))),
    readNotation: (lines) => once((engine) => engine.readNotation(JSON.stringify(lines))),
    parse: (expression) => once((engine) => engine.parse(expression)),
    mutants: (files) => once((engine) => engine.mutants(JSON.stringify(files))),
    relabel: (config, targets) => once((engine) => engine.relabel(JSON.stringify({ config, targets }))),
  };
}
