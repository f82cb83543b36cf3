import { type Finding, isProblem, type Place, placeText } from "../model/finding.ts";

/** What an entry is about. `file`: one test file of somebody else's; `measurement`: a threshold as it was measured. */
export type ReportKind = "finding" | "check" | "drill" | "live" | "file" | "alert" | "mutant" | "measurement";

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
});

/** How each kind of report file is written, by the ending of its name. */
export const reportWriters: Readonly<Record<string, (report: Report) => string>> = {
  ".json": jsonReport,
  ".xml": junitReport,
  ".md": markdownReport,
};

function jsonReport({ command, entries }: Report): string {
  return `${JSON.stringify({ command, counts: countOutcomes(entries), entries }, null, 2)}\n`;
}

/** JUnit XML as CI systems read it: one suite, a case per entry, `skipped` for what was not run. */
function junitReport({ command, entries }: Report): string {
  const counts = countOutcomes(entries);
  const head = `<testsuite name="firedrill ${xml(command)}" tests="${entries.length}" failures="${counts.failed}" errors="${counts.error}" skipped="${counts["not-run"]}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${head}\n${entries.map(junitCase).join("")}</testsuite>\n</testsuites>\n`;
}

const junitElements = { failed: "failure", error: "error", "not-run": "skipped" } as const;

function junitCase({ kind, name, outcome, place, message, details }: ReportEntry): string {
  const where = place ? ` file="${xml(place.file)}"${place.line === undefined ? "" : ` line="${place.line}"`}` : "";
  const open = `  <testcase classname="${kind}" name="${xml(name)}"${where}`;
  if (outcome === "passed") return `${open}/>\n`;
  const element = junitElements[outcome];
  const text = xml([place && placeText(place), details].filter(Boolean).join("\n"));
  return `${open}>\n    <${element} message="${xml(message ?? "")}">${text}</${element}>\n  </testcase>\n`;
}

/** Escapes for XML text and attributes; characters that XML 1.0 cannot hold become U+FFFD. */
const xml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const outcomeMarks = { passed: "✓", failed: "✗", error: "‼", "not-run": "–" } as const;

/** Markdown for a pull request: the counts, then a table of all that is not well, details folded. */
function markdownReport({ command, entries }: Report): string {
  const counts = countOutcomes(entries);
  const bad = entries.filter(({ outcome }) => outcome !== "passed");
  const rows = bad.map(
    ({ outcome, name, place, message }) =>
      `| ${outcomeMarks[outcome]} ${outcome} | ${cell(name)} | ${place ? `\`${cell(placeText(place))}\`` : ""} | ${cell(message ?? "")} |`,
  );
  const folded = bad.flatMap(({ name, details }) =>
    details ? [`<details><summary>${html(name)}</summary>\n\n<pre>${html(details)}</pre>\n\n</details>\n`] : [],
  );
  return [
    `## firedrill ${command}: ${summaryLine(counts)}\n`,
    ...(rows.length ? ["| | what | where | says |", "| --- | --- | --- | --- |", ...rows, ""] : []),
    ...folded,
  ].join("\n");
}

const html = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const cell = (text: string): string =>
  html(text)
    .replace(/[\r\n]+/g, " ")
    .replace(/[|`*_[\]]/g, "\\$&");

/** `12 passed, 1 failed`; errors and what was not run only where there are any. */
export function summaryLine(counts: Counts): string {
  const parts = [`${counts.passed} passed`, `${counts.failed} failed`];
  if (counts.error) parts.push(`${counts.error} in error`);
  if (counts["not-run"]) parts.push(`${counts["not-run"]} not run`);
  return parts.join(", ");
}
