import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { compareFindings, type Finding, isProblem } from "../src/model/finding.ts";
import type { Duration } from "../src/model/quantity.ts";
import type { Severities } from "../src/promtool/suite-findings.ts";
import { makeFolder } from "../src/render/make-folder.ts";
import { githubAnnotations } from "../src/review/github-annotations.ts";
import { printable } from "../src/review/printable.ts";
import type { Report } from "../src/review/report.ts";
import { reportWriters } from "../src/review/report-writers.ts";
import { counted, findingText } from "../src/review/terminal.ts";

/** 0 all well, 1 findings or failed drills, 2 wrong use, 3 something that is needed is missing. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Options by command; each reads those that it has. */
export interface CommandOptions {
  config: string;
  out: string;
  report: string[];
  check: boolean;
  speed: number;
  limit: Duration;
  allowNotRun: boolean;
  only: string[];
  watch: boolean;
  /** test files in promtool's format, instead of the drills */
  promtool?: string[];
  severity: Severities;
  atLeast: number;
  relabel?: string[];
  /** base address of a Prometheus, with the beginning and the end of a report on it */
  prometheus: string;
  from?: Date;
  to?: Date;
  period: Duration;
  format: "md" | "json";
}

/** Prints a text in which there may be names that somebody else has chosen. */
export const say = (text = ""): void => console.log(printable(text));
/** As `say`, for what is wrong with how a command is used. */
export const complain = (text: string): void => console.error(printable(text));

/** Writes a file whole or not at all: a reader never sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Writes the report into every file that was asked for, each in the form that its ending names. In a GitHub workflow
 * it also prints what is not well as annotations.
 *
 * @throws when one cannot be written, after all others were
 */
export async function writeReports(files: readonly string[], report: Report): Promise<void> {
  const outcomes = await Promise.allSettled(
    files.map(async (file) => {
      const write = reportWriters[extname(file)];
      if (write) await writeWhole(file, write(report));
    }),
  );
  if (process.env.GITHUB_ACTIONS === "true") {
    const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
    for (const command of githubAnnotations(report.entries, workspace)) console.log(command);
  }
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Prints findings, worst file order kept, and how many there are. */
export function printFindings(findings: readonly Finding[]): void {
  const sorted = [...findings].sort(compareFindings);
  for (const finding of sorted) say(findingText(finding));
  const problems = sorted.filter(isProblem);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (problems.length) {
    say(`\n${counted(errors, "error")}, ${counted(problems.length - errors, "warning")}.`);
  }
}
