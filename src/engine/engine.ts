import type { Answer, AskRequest, NotedSeries } from "./ask.ts";
import {
  compileEngine,
  type EngineInstance,
  maximumMegabytes,
  startEngine,
  type WasmModule,
} from "./engine-instance.ts";
import type { EngineCase, EvaluateRequest, EvaluateResult } from "./evaluation.ts";
import { packed, ruleFileReply, type TrialReply, wholeTrial, withNumbers } from "./messages.ts";
import type { ParsedExpr } from "./parsed-expr.ts";
import { type DiscoveredTarget, type RelabelResult, withEmptyLabels } from "./relabelling.ts";
import type { Mutant, RuleError, RuleFile } from "./rules.ts";
import type { UnitTest, UnitTestRequest, UnitTestResult, UnitTestTrial } from "./unit-test.ts";

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

/** Past this many bytes no further case is opened: the collector needs room. */
const mostBytesForCases = (maximumMegabytes * 2 ** 20 * 3) / 4;

/**
 * An engine of its own. Memory of a WebAssembly program never shrinks: past `recycleAboveBytes` the next call gets a
 * fresh one, once no case is open any more.
 */
export function createEngine(module: WasmModule, recycleAboveBytes = (maximumMegabytes * 2 ** 20) / 2): Engine {
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
      const tooDeep =
        crash instanceof RangeError ? "a template or a regular expression is too large or nested too deeply" : crash;
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
        const trial = held.ask((engine) => engine.try(number, JSON.stringify(changes))) as TrialReply;
        return trial.same ? { same: true } : wholeTrial(trial, result.alerts);
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
    relabel: (config, targets) =>
      withEmptyLabels(once((engine) => engine.relabel(JSON.stringify({ config, targets })))),
  };
}
