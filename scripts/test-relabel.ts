import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import colors from "picocolors";
import { loadEngine } from "../src/engine/engine.ts";
import type { Finding } from "../src/model/finding.ts";
import { placeText } from "../src/model/finding.ts";
import { parseRelabelTests } from "../src/review/relabel-test-file.ts";
import { runRelabelTests } from "../src/review/relabel-tests.ts";
import { countOutcomes, findingEntry, type ReportEntry, summaryLine } from "../src/review/report.ts";
import { type CommandOptions, type ExitCode, writeReports } from "./shared.ts";

/** `firedrill test --relabel FILE…`: labels of targets in, labels out or dropped. One bad file does not stop the others. */
export async function run({ relabel = [], report }: CommandOptions): Promise<ExitCode> {
  const engine = await loadEngine();
  const entries: ReportEntry[] = [];
  for (const file of relabel) {
    const found = await entriesOf(file, engine);
    entries.push(...found.map((entry) => ({ ...entry, name: `${file} › ${entry.name}` })));
  }
  for (const entry of entries) console.log(entryText(entry));
  const counts = countOutcomes(entries);
  console.log(`\n${entries.length} relabelling tests: ${summaryLine(counts)}.`);
  await writeReports(report, { command: "test", entries });
  return counts.failed + counts.error === 0 ? 0 : 1;
}

async function entriesOf(file: string, engine: Awaited<ReturnType<typeof loadEngine>>): Promise<ReportEntry[]> {
  const text = await readOr(file);
  if (typeof text !== "string") return [asError(text)];
  const { tests, findings } = parseRelabelTests(text, file);
  if (!tests) return findings.map(asError);
  const config = join(dirname(file), tests.scrapeConfig);
  const yaml = await readOr(config);
  return typeof yaml === "string" ? runRelabelTests(engine, { name: config, yaml }, tests.tests) : [asError(yaml)];
}

const asError = (finding: Finding): ReportEntry => ({ ...findingEntry(finding), outcome: "error" });

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file.",
  EISDIR: "This is a folder, not a file.",
  EACCES: "The file may not be read: its permissions forbid it.",
};

async function readOr(file: string): Promise<string | Finding> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const summary = reasons[code] ?? `The file cannot be read (${code || error}).`;
    return { rule: "relabel/unreadable", severity: "error", place: { file }, summary };
  }
}

function entryText({ outcome, name, place, message, details }: ReportEntry): string {
  if (outcome === "passed") return `${colors.green("✓")} ${name}`;
  const where = place ? ` ${colors.dim(placeText(place))}` : "";
  const lines = (details ?? "").split("\n").filter(Boolean);
  return [`${colors.red("✗")} ${name}${where}`, `  ${message ?? ""}`, ...lines.map((line) => `    ${line}`)].join("\n");
}
