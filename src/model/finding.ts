/** Where a finding is: a file, and where known its line and column (both from 1). */
export interface Place {
  file: string;
  line?: number;
  column?: number;
}

/**
 * How much a finding matters. `error`: what is asked for cannot work. `warning`: it works, but not as declared.
 * `info`: worth knowing, never changes the exit code.
 */
export type FindingSeverity = "error" | "warning" | "info";

/** Something wrong or doubtful, as data: terminal, JUnit, JSON and Markdown are written from it. */
export interface Finding {
  /** Stable id, `area/what`, e.g. `config/unknown-key`: what a user searches for or switches off. */
  rule: string;
  severity: FindingSeverity;
  place: Place;
  /** One sentence: what is wrong, with the value seen. */
  summary: string;
  /** What is allowed, or what follows from it, in one or two sentences. */
  detail?: string;
  /** What to do next, in the imperative. */
  fix?: string;
}

/** True when the finding must make a command end with exit code 1. */
export const isProblem = (finding: Finding): boolean => finding.severity !== "info";

/** `file:line:column`, as far as it is known: terminals and editors make it a link. */
export function placeText({ file, line, column }: Place): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

/** Orders findings by file, line, column and rule, so that a report is the same on every run. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.place.file, b.place.file) ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    (a.place.column ?? 0) - (b.place.column ?? 0) ||
    compareText(a.rule, b.rule) ||
    compareText(a.summary, b.summary)
  );
}

/** Compares by code unit: the same on every machine, whatever its locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
