import { dirname, isAbsolute, join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import type { RuleError } from "../engine/rules.ts";
import type { UnitTestRequest, UnitTestResult } from "../engine/unit-test.ts";
import { goGlob } from "./go-glob.ts";
import { readText } from "./read-text.ts";

/** What came of one test file. */
export interface SuiteResult extends UnitTestResult {
  file: string;
  /** patterns under `rule_files` that match nothing: promtool only warns, and tests without their rules */
  unmatched: string[];
  /** why there is no verdict at all: it took too long, or the engine broke down */
  stopped?: string;
}

/** Runs a file in the format of `promtool test rules`. Never throws: what is wrong is in the result. */
export function runSuite(engine: Engine, file: string): SuiteResult {
  const source = readText(file);
  if (source.fault !== undefined) return withoutVerdict(file, { faults: [{ file, message: `it ${source.fault}` }] });
  const { readRuleFiles, unmatched } = ruleFileReader(file);
  try {
    return { file, ...engine.runUnitTest({ file, yaml: source.text, readRuleFiles }), unmatched };
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    return withoutVerdict(file, { stopped: message });
  }
}

/** The result of a file of which nothing could be run. */
export function withoutVerdict(file: string, why: { faults?: RuleError[]; stopped?: string }): SuiteResult {
  return { file, passed: false, faults: [], groups: [], rules: [], alertTests: 0, exprTests: 0, unmatched: [], ...why };
}

/** Reads what `rule_files` names, relative to the test file, and notes the patterns that match nothing. */
export function ruleFileReader(file: string): Pick<UnitTestRequest, "readRuleFiles"> & { unmatched: string[] } {
  const unmatched: string[] = [];
  const readRuleFiles: UnitTestRequest["readRuleFiles"] = (patterns) =>
    patterns.flatMap((pattern) => {
      const names = goGlob(besides(file, pattern));
      if (names.length === 0) unmatched.push(pattern);
      return names.map((name) => {
        const { text = "", fault } = readText(name);
        return { name, yaml: text, ...(fault !== undefined && { fault: `it ${fault}` }) };
      });
    });
  return { readRuleFiles, unmatched };
}

const besides = (file: string, pattern: string): string =>
  pattern === "" || isAbsolute(pattern) ? pattern : withoutSlash(join(dirname(file), pattern));

/** Go's `filepath.Join` leaves no slash at the end, Node's does. */
const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
