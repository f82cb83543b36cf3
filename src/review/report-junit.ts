import { placeText } from "../model/finding.ts";
import { byKind, type Counts, countOutcomes, type Report, type ReportEntry } from "./report.ts";

/**
 * JUnit XML as CI systems read it: a suite for each kind of entry, a case for each entry, `skipped` for what was not run.
 * It holds no times, so that the same files give the same report.
 */
export function junitReport({ command, entries }: Report): string {
  const name = `firedrill ${command}`;
  const suites = byKind(entries).map(([kind, some]) => {
    const head = `<testsuite name="${attribute(`${name}: ${kind}`)}" ${countAttributes(countOutcomes(some))}>`;
    return `  ${head}\n${some.map(testCase).join("")}  </testsuite>\n`;
  });
  const head = `<testsuites name="${attribute(name)}" ${countAttributes(countOutcomes(entries))}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join("")}</testsuites>\n`;
}

function countAttributes(counts: Counts): string {
  const tests = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `tests="${tests}" failures="${counts.failed}" errors="${counts.error}" skipped="${counts["not-run"]}"`;
}

const elements = { failed: "failure", error: "error", "not-run": "skipped" } as const;

function testCase({ kind, name, outcome, place, message, details }: ReportEntry): string {
  const line = place?.line === undefined ? "" : ` line="${place.line}"`;
  const where = place ? ` file="${attribute(place.file)}"${line}` : "";
  const open = `    <testcase classname="${kind}" name="${attribute(name)}"${where}`;
  if (outcome === "passed") return `${open}/>\n`;
  const element = elements[outcome];
  const text = escaped([place && placeText(place), details].filter(Boolean).join("\n"));
  const inner = `<${element} message="${attribute(message ?? "")}">${text}</${element}>`;
  return `${open}>\n      ${inner}\n    </testcase>\n`;
}

/** Escapes for XML text; characters that XML 1.0 cannot hold become U+FFFD. */
const escaped = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd").replace(/[&<>"'\r]/g, reference);

/** A parser makes a space of each line end and tab in an attribute, unless it is written as a reference. */
const attribute = (text: string): string => escaped(text).replace(/[\t\n]/g, reference);

const reference = (character: string): string => `&#${character.charCodeAt(0)};`;
