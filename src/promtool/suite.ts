import { dirname, isAbsolute, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import type { RuleError } from "../engine/rules.ts";
import type { UnitTestRequest, UnitTestResult } from "../engine/unit-test.ts";
import type { Place } from "../model/finding.ts";
import { goGlob } from "./go-glob.ts";
import { nestedTemplates } from "./nested-templates.ts";
import { type QueriedAlert, queriedAlerts } from "./queried-alerts.ts";
import { type FileText, readText } from "./read-text.ts";
import { ruleFileLines, secondDocumentLine } from "./written-file.ts";

/** What came of one test file. */
export interface SuiteResult extends UnitTestResult {
  file: string;
  /** patterns under `rule_files` that match nothing: promtool only warns, and tests without their rules */
  unmatched: { pattern: string; line?: number }[];
  /** where a second YAML document begins in it or in a rule file: nobody reads that */
  unreadDocuments: Place[];
  /** what `promql_expr_test` asserts of alerts, by way of the series ALERTS */
  queriedAlerts: QueriedAlert[];
  /** why there is no verdict at all: it took too long, or the engine broke down */
  stopped?: string;
}

/** Runs a file in the format of `promtool test rules`. Never throws: what is wrong is in the result. */
export function runSuite(engine: Engine, file: string): SuiteResult {
  const source = readText(file);
  if (source.fault !== undefined) {
    const told = `it ${source.fault}`;
    return withoutVerdict(file, source.isLimit ? { stopped: told } : { faults: [{ file, message: told }] });
  }
  const { readRuleFiles, found } = ruleFileReader(file);
  try {
    const result = engine.runUnitTest({ file, yaml: source.text, readRuleFiles });
    const [beyond] = found.beyondLimit;
    if (beyond !== undefined) return withoutVerdict(file, { stopped: beyond });
    const lines = found.unmatched.length > 0 ? ruleFileLines(source.text) : undefined;
    return {
      file,
      ...result,
      unmatched: found.unmatched.map((pattern) => ({ pattern, line: lines?.get(pattern) })),
      unreadDocuments: [...unreadDocument(file, source.text), ...found.unreadDocuments],
      queriedAlerts: queriedAlerts(engine, source.text),
    };
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    return withoutVerdict(file, { stopped: message });
  }
}

/** The result of a file of which nothing could be run. */
export function withoutVerdict(file: string, why: { faults?: RuleError[]; stopped?: string }): SuiteResult {
  const nothing = { groups: [], rules: [], alertTests: 0, exprTests: 0 };
  return {
    ...{ file, passed: false, faults: [], ...nothing },
    ...{ unmatched: [], unreadDocuments: [], queriedAlerts: [] },
    ...why,
  };
}

/** What was noticed while rule files were read. */
export interface FoundRuleFiles {
  /** those that there are, whether they can be read or not */
  names: string[];
  /** patterns that match nothing */
  unmatched: string[];
  unreadDocuments: Place[];
  /** why some are not read although promtool might */
  beyondLimit: string[];
}

/** Reads what `rule_files` names, relative to the test file. */
export function ruleFileReader(file: string): Pick<UnitTestRequest, "readRuleFiles"> & { found: FoundRuleFiles } {
  const found: FoundRuleFiles = { names: [], unmatched: [], unreadDocuments: [], beyondLimit: [] };
  const readRuleFiles: UnitTestRequest["readRuleFiles"] = (patterns) =>
    patterns.flatMap((pattern) => {
      const names = goGlob(besides(file, pattern));
      if (names.length === 0) found.unmatched.push(pattern);
      found.names.push(...names);
      return names.map((name) => {
        const { text = "", fault, isLimit } = readRuleFile(name);
        if (isLimit) found.beyondLimit.push(`the rule file ${name} ${fault}`);
        found.unreadDocuments.push(...unreadDocument(name, text));
        return { name, yaml: text, ...(fault !== undefined && { fault: `it ${fault}` }) };
      });
    });
  return { readRuleFiles, found };
}

function readRuleFile(name: string): FileText {
  const read = readText(name);
  const nested = read.text === undefined ? undefined : nestedTemplates(read.text);
  return nested === undefined ? read : { fault: nested, isLimit: true };
}

function unreadDocument(file: string, text: string): Place[] {
  const line = secondDocumentLine(text);
  return line === undefined ? [] : [{ file, line }];
}

/** A pattern under `rule_files` as a path from here. */
export const besides = (file: string, pattern: string): string =>
  pattern === "" || isAbsolute(pattern) ? pattern : withoutSlash(join(dirname(file), pattern));

/** Go's `filepath.Join` leaves no slash at the end, Node's does. */
const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
