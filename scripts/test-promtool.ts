import colors from "picocolors";
import { isProblem } from "../src/model/finding.ts";
import { coverageOf } from "../src/promtool/coverage.ts";
import { explainSuite } from "../src/promtool/explain.ts";
import { runSuites } from "../src/promtool/run-suites.ts";
import type { SuiteResult } from "../src/promtool/suite.ts";
import { suiteFindings } from "../src/promtool/suite-findings.ts";
import { alertEntry, coverageLine, fileEntry } from "../src/promtool/suite-report.ts";
import { countOutcomes, findingEntry, summaryLine } from "../src/review/report.ts";
import { counted, startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill test --promtool`: promtool's verdict on test files, and what promtool does not say about them. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  const { promtool: files = [], report, limit, severity, only } = options;
  if (only.length > 0) {
    complain("--only chooses among drills, and --promtool runs none.\n→ Name the test files that you want to run.");
    return 2;
  }
  const progress = startProgress();
  progress.step(`running ${counted(files.length, "test file")}`);
  const suites = await runSuites(files, {
    limitMs: limit.value * 1000,
    onProgress: (done) => progress.step(`file ${done} of ${files.length}`),
  });
  progress.done();

  const coverage = coverageOf(suites);
  const findings = suiteFindings(suites, coverage, severity);
  const fileEntries = suites.map(fileEntry);
  printSuites(suites);
  say("");
  printFindings(findings.filter(isProblem));
  say(`\n${counted(files.length, "file")}: ${summaryLine(countOutcomes(fileEntries))}.`);
  if (coverage.length > 0) say(coverageLine(coverage));
  const entries = [...fileEntries, ...coverage.map(alertEntry), ...findings.map(findingEntry)];
  await writeReports(report, { command: "test", entries });
  const { failed, error } = countOutcomes(entries);
  return failed + error === 0 ? 0 : 1;
}

/** A line for each file that passed; then every other with its explanation, last, where it is seen. */
function printSuites(suites: readonly SuiteResult[]): void {
  for (const { file } of suites.filter(({ passed }) => passed)) say(`${colors.green("✓")} ${file}`);
  for (const suite of suites.filter(({ passed }) => !passed)) say(`\n${explainSuite(suite)}`);
}
