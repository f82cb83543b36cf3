import { type Finding, isProblem, type Place } from "../model/finding.ts";

/** What an entry is about. `file`: one test file of somebody else's; `measurement`: a threshold as it was measured. */
export const reportKinds = ["finding", "check", "file", "alert", "drill", "live", "mutant", "measurement"] as const;
export type ReportKind = (typeof reportKinds)[number];

/** One thing that a command looked at, and how it came out. `not-run`: something that it needs is missing. */
export interface ReportEntry {
  kind: ReportKind;
  name: string;
  outcome: "passed" | "failed" | "error" | "not-run";
  place?: Place;
  /** One line: what is wrong, or what was seen. */
  message?: string;
  /** The whole explanation, as the terminal has it, without colours. */
  details?: string;
  /** What is known of it, as JSON; docs/reports.md has the fields of each kind. */
  data?: Readonly<Record<string, unknown>>;
}

/** What a command has to say, in the order in which it was looked at. */
export interface Report {
  command: string;
  entries: readonly ReportEntry[];
}

export type Counts = Record<ReportEntry["outcome"], number>;

export function countOutcomes(entries: readonly ReportEntry[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, error: 0, "not-run": 0 };
  for (const { outcome } of entries) counts[outcome] += 1;
  return counts;
}

/** A finding as a report entry; an `info` finding does not fail. */
export const findingEntry = (finding: Finding): ReportEntry => ({
  kind: "finding",
  name: finding.rule,
  outcome: isProblem(finding) ? "failed" : "passed",
  place: finding.place,
  message: finding.summary,
  details: [finding.detail, finding.fix && `→ ${finding.fix}`].filter(Boolean).join("\n"),
  data: { severity: finding.severity },
});

/** `12 passed, 1 failed`; errors and what was not run only where there are any. */
export function summaryLine(counts: Counts): string {
  const parts = [`${counts.passed} passed`, `${counts.failed} failed`];
  if (counts.error) parts.push(`${counts.error} in error`);
  if (counts["not-run"]) parts.push(`${counts["not-run"]} not run`);
  return parts.join(", ");
}

/** The entries of each kind that there are, in the order of `reportKinds`. */
export function byKind(entries: readonly ReportEntry[]): [ReportKind, ReportEntry[]][] {
  return reportKinds
    .map((kind): [ReportKind, ReportEntry[]] => [kind, entries.filter((entry) => entry.kind === kind)])
    .filter(([, some]) => some.length > 0);
}
