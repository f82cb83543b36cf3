import { resolve } from "node:path";
import { isMap, isScalar, LineCounter, type Node, parseDocument, visit, type YAMLError } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { Mutant, RuleFile } from "../engine/rules.ts";
import { placeText } from "../model/finding.ts";
import { explainFailure } from "../promtool/explain.ts";
import { inPlainWords } from "../promtool/plain-words.ts";
import { readText } from "../promtool/read-text.ts";
import { ruleFileReader } from "../promtool/suite.ts";
import { nestsTooDeeply } from "../promtool/yaml-depth.ts";
import { alertDifference } from "./difference.ts";
import { limitsOf, promtoolWorld, type WrittenTests, watching } from "./promtool-world.ts";
import { type RuleFacts, ruleFacts } from "./rule-readers.ts";
import {
  errorDifference,
  type Ground,
  type NamedTest,
  type PlainSuite,
  type RandomGround,
  type Sign,
  type SuiteCase,
  worlds,
} from "./suite.ts";

/** A test file with the rules that it tests. */
interface TestFile {
  file: string;
  yaml: string;
  written: WrittenTests;
  ruleFiles: RuleFile[];
  /** The items of `tests`: what they are called, and where they begin. */
  tests: readonly NamedTest[];
  /** Number of the first rule of each rule file, by its whole path. */
  firstRules: ReadonlyMap<string, number>;
  /** What is known of each rule. */
  rules: readonly RuleFacts[];
  /** Why it cannot be used. */
  fault?: string;
}

/**
 * Files of `promtool test rules` as a suite: a mutant is noticed when a file that passes does not pass any more.
 *
 * @param known mutants of the rules that they test. @default - made here
 */
export function promtoolSuite(files: readonly string[], engine: Engine, known?: readonly Mutant[]): PlainSuite {
  const read = files.map((file) => readTestFile(file, engine));
  const made = known ? { mutants: known, tooMany: new Map<string, string>() } : mutantsOf(read, engine);
  const { mutants, tooMany } = made;
  const tests = read.map((test): TestFile => {
    const fault = [...test.firstRules.keys()].map((path) => tooMany.get(path)).find((why) => why !== undefined);
    return { ...test, ...(fault !== undefined && { fault }) };
  });
  const cases = tests.map(suiteCase);
  const tested = (number: number, { file }: Mutant) => tests[number]?.firstRules.has(resolve(file)) ?? false;
  /** A mutant counts rules in its own file, an evaluation over all files. */
  const changeFor = ({ file, change }: Mutant, { firstRules }: TestFile) => ({
    ...change,
    rule: change.rule + (firstRules.get(resolve(file)) ?? 0),
  });

  function openCase(number: number): Ground<Sign> | { fault: string } {
    const test = at(tests, number);
    if (test.fault !== undefined) return { fault: test.fault };
    const { file, yaml } = test;
    const opened = engine.openUnitTest({ file, yaml, readRuleFiles: ruleFileReader(file).readRuleFiles });
    const { passed, faults, groups, rules } = opened.result;
    const told = (failure: Parameters<typeof explainFailure>[1]) =>
      explainFailure({ file, rules }, failure).split("\n")[0];
    if (!passed) {
      opened.close();
      const [failure] = groups.flatMap(({ failures }) => failures);
      return { fault: faults[0]?.message ?? (failure && told(failure)) ?? "it does not pass" };
    }
    return {
      try(mutant) {
        const trial = opened.try([changeFor(mutant, test)]);
        if (trial.passed) return undefined;
        const byError = trial.failure.kind === "rule" || trial.failure.kind === "load";
        return { what: `${trial.group}: ${told(trial.failure)}`, byError };
      },
      close: opened.close,
    };
  }

  function openWorld(number: number): RandomGround {
    const test = at(tests, number % tests.length);
    const seed = Math.floor(number / tests.length);
    const request = promtoolWorld(test.written, test.ruleFiles, engine, seed);
    if (!request) return { shows: () => false, try: () => undefined, close: () => {} };
    const limits = limitsOf(test.ruleFiles);
    const from = test.tests[seed % Math.max(1, test.tests.length)];
    const world = [
      `the series of ${from ? `"${from.name}" (${placeText(from.place)})` : test.file}, disturbed by seed ${seed}`,
    ];
    const opened = engine.openCase(request);
    const active = new Set(opened.result.alerts.map(({ alert }) => alert));
    return {
      shows(mutant) {
        const { name = "", alerts = [] } = test.rules[changeFor(mutant, test).rule] ?? {};
        return active.has(watching(name)) || [...alerts].some((alert) => active.has(alert));
      },
      try(mutant) {
        const trial = opened.try([changeFor(mutant, test)]);
        if (trial.same) return undefined;
        const [error] = trial.errors;
        if (error) return errorDifference(error, world);
        const difference = alertDifference(opened.result.alerts, trial.alerts, limits);
        if (!difference) return undefined;
        const { subject, usual, faulty } = difference;
        return { subject, usual, faulty, world };
      },
      close: opened.close,
    };
  }

  return {
    mutants,
    cases,
    concerns: (number, mutant) => tested(number, mutant),
    openCase,
    worlds: worlds * tests.length,
    concernsWorld: (number, mutant) => tested(number % tests.length, mutant),
    openWorld,
    placeOf: ({ file, line }) => ({ file, line }),
    shouldNotice: (mutant) =>
      nearestTest(
        tests.flatMap((test) => {
          if (test.fault !== undefined || !test.firstRules.has(resolve(mutant.file))) return [];
          return [{ ...test, alerts: test.rules[changeFor(mutant, test).rule]?.alerts ?? new Set() }];
        }),
      ),
    caseKind: "file",
    leftOut: tests.flatMap(({ file, fault, rules }) =>
      fault === undefined && rules.length === 0 ? [`${file}: it tests no rule`] : [],
    ),
  };
}

/**
 * The test that speaks of an alert which reads a rule: one that expects it to fire, else any; undefined where there is
 * none.
 */
function nearestTest(
  files: readonly (Pick<TestFile, "written" | "tests"> & { alerts: ReadonlySet<string> })[],
): NamedTest | undefined {
  const found = files.flatMap(({ written, tests, alerts }) =>
    (written.tests ?? []).flatMap(({ alert_rule_test: asserted }, number) => {
      const about = (asserted ?? []).filter(({ alertname }) => alertname !== undefined && alerts.has(alertname));
      const test = tests[number];
      return test && about.length > 0
        ? [{ test, fires: about.some(({ exp_alerts }) => (exp_alerts ?? []).length > 0) }]
        : [];
    }),
  );
  return (found.find(({ fires }) => fires) ?? found[0])?.test;
}

function at<T>(all: readonly T[], number: number): T {
  const found = all[number];
  if (found === undefined) throw new Error(`there is no number ${number}`);
  return found;
}

function readTestFile(file: string, engine: Engine): TestFile {
  const source = readText(file);
  const nothing = { file, yaml: "", written: {}, ruleFiles: [], tests: [], firstRules: new Map(), rules: [] };
  if (source.fault !== undefined) return { ...nothing, fault: `it ${source.fault}` };
  const yaml = source.text;
  try {
    if (nestsTooDeeply(yaml)) return { ...nothing, fault: "its lists and mappings are nested too deeply" };
    const lines = new LineCounter();
    const document = parseDocument(yaml, { logLevel: "silent", lineCounter: lines });
    const error = document.errors.find(isWrong);
    if (error) throw error;
    if (document.contents && !isMap(document.contents))
      return { ...nothing, fault: "it is no file of tests: it holds no mapping" };
    const written = (document.toJS() ?? {}) as WrittenTests;
    const read = ruleFileReader(file).readRuleFiles(written.rule_files ?? []);
    const broken = read.find(({ fault }) => fault !== undefined);
    const [invalid] = engine.checkRules(read);
    if (broken) return { ...nothing, fault: `${broken.name}: ${broken.fault}` };
    if (invalid) return { ...nothing, fault: `${invalid.file}:${invalid.line}: ${inPlainWords(invalid.message)}` };
    let count = 0;
    const firstRules = new Map<string, number>();
    for (const one of read) {
      if (!firstRules.has(resolve(one.name))) firstRules.set(resolve(one.name), count);
      count += rulesIn(one);
    }
    const tests = (written.tests ?? []).map((test, number): NamedTest => {
      const [start] = (document.getIn(["tests", number], true) as Node | undefined)?.range ?? [0];
      return { name: test?.name ?? `unnamed#${number}`, place: { file, line: lines.linePos(start).line } };
    });
    return { file, yaml, written, ruleFiles: read, tests, firstRules, rules: ruleFacts(read, engine) };
  } catch (error) {
    return { ...nothing, fault: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

/** Prometheus and promtool read the first document of several. */
const isWrong = ({ code }: YAMLError): boolean => code !== "MULTIPLE_DOCS";

function rulesIn({ yaml }: RuleFile): number {
  const { groups } = (parseDocument(yaml, { logLevel: "silent" }).toJS() ?? {}) as { groups?: { rules?: unknown[] }[] };
  return (groups ?? []).reduce((sum, { rules }) => sum + (rules?.length ?? 0), 0);
}

/**
 * A rule file that several tests name has its mutants once. Each of them is a whole expression, so that those of a very
 * long one need more memory than the engine has: `tooMany` says so of a rule file, by its whole path.
 */
function mutantsOf(tests: readonly TestFile[], engine: Engine): { mutants: Mutant[]; tooMany: Map<string, string> } {
  const ruleFiles = new Map(tests.flatMap((test) => test.ruleFiles.map((one) => [resolve(one.name), one] as const)));
  const tooMany = new Map<string, string>();
  const mutants = [...ruleFiles].flatMap(([path, one]) => {
    try {
      return engine.mutants([one]);
    } catch {
      const { line, length } = longestExpression(one);
      const where = `${placeText({ file: one.name, line })}: the expression of ${length} characters`;
      tooMany.set(path, `${where} has too many small faults to try; record parts of it by rules of their own`);
      return [];
    }
  });
  return { mutants, tooMany };
}

/** Of a rule file that has been read before: where its longest expression stands, and how long it is. */
function longestExpression({ yaml }: RuleFile): { line?: number; length: number } {
  const lineCounter = new LineCounter();
  let longest: { line?: number; length: number } = { length: 0 };
  visit(parseDocument(yaml, { logLevel: "silent", lineCounter }), {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "expr" || !isScalar(value)) return;
      const length = String(value.value).length;
      if (length > longest.length) longest = { line: lineCounter.linePos(value.range?.[0] ?? 0).line, length };
    },
  });
  return longest;
}

function suiteCase({ file, written, fault }: TestFile): SuiteCase {
  const named = (written.tests ?? []).flatMap(({ alert_rule_test: all }) => all ?? []);
  const alerts = new Set(named.flatMap(({ alertname }) => alertname ?? []));
  return { name: file, place: { file }, topic: file, alerts, ...(fault !== undefined && { fault }) };
}
