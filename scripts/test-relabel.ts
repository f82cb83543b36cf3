import colors from "picocolors";
import { loadEngine } from "../src/engine/engine.ts";
import type { Finding } from "../src/model/finding.ts";
import { placeText } from "../src/model/finding.ts";
import { readText } from "../src/promtool/read-text.ts";
import { besides } from "../src/promtool/suite.ts";
import { parseRelabelTests } from "../src/review/relabel-test-file.ts";
import { runRelabelTests } from "../src/review/relabel-tests.ts";
import { countOutcomes, findingEntry, type ReportEntry, summaryLine } from "../src/review/report.ts";
import { counted } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, say, writeReports } from "./shared.ts";

/** `firedrill test --relabel FILE…`: labels of targets in, labels out or dropped. One bad file does not stop the others. */
export async function run({ relabel = [], report }: CommandOptions): Promise<ExitCode> {
  const engine = await loadEngine();
  const entries: ReportEntry[] = [];
  for (const file of relabel) {
    const found = entriesOf(file, engine);
    entries.push(...found.map((entry) => ({ ...entry, name: `${file} › ${entry.name}` })));
  }
  for (const entry of entries) say(entryText(entry));
  const counts = countOutcomes(entries);
  say(`\n${counted(entries.length, "relabelling test")}: ${summaryLine(counts)}.`);
  await writeReports(report, { command: "test", entries });
  return counts.failed + counts.error === 0 ? 0 : 1;
}

function entriesOf(file: string, engine: Awaited<ReturnType<typeof loadEngine>>): ReportEntry[] {
  const text = readOr(file);
  if (typeof text !== "string") return [asError(text)];
  const { tests, findings } = parseRelabelTests(text, file);
  if (!tests) return findings.map(asError);
  const config = besides(file, tests.scrapeConfig);
  const yaml = readOr(config);
  return typeof yaml === "string" ? runRelabelTests(engine, { name: config, yaml }, tests.tests) : [asError(yaml)];
}

const asError = (finding: Finding): ReportEntry => ({ ...findingEntry(finding), outcome: "error" });

function readOr(file: string): string | Finding {
  const { text, fault } = readText(file);
  if (text !== undefined) return text;
  return { rule: "relabel/unreadable", severity: "error", place: { file }, summary: `The file ${fault}.` };
}

function entryText({ outcome, name, place, message, details }: ReportEntry): string {
  if (outcome === "passed") return `${colors.green("✓")} ${name}`;
  const where = place ? ` ${colors.dim(placeText(place))}` : "";
  const lines = (details ?? "").split("\n").filter(Boolean);
  return [`${colors.red("✗")} ${name}${where}`, `  ${message ?? ""}`, ...lines.map((line) => `    ${line}`)].join("\n");
}
