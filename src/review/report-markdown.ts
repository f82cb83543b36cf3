import { placeText } from "../model/finding.ts";
import { byKind, countOutcomes, type Report, type ReportEntry } from "./report.ts";

/** The longest comment that GitHub takes, in characters. */
export const commentLimit = 65_536;
/** Left for the sentences that say what was left out. */
const reserve = 500;
/** A single explanation that is longer is cut, so that it does not crowd out all others. */
const longestDetails = 8_000;

/**
 * Markdown for a comment on a pull request: how many of what came out how, a table of all that is not well, and the
 * explanations, folded. What does not fit into a comment is counted.
 */
export function markdownReport({ command, entries }: Report): string {
  const bad = entries.filter(({ outcome }) => outcome !== "passed");
  const broken = bad.some(({ outcome }) => outcome !== "not-run");
  const head = `## firedrill ${text(command)}: ${broken ? "not all is well" : "all well"}\n\n${countTable(entries)}`;
  const page = new Page(head, commentLimit - reserve);

  const tableHead = "\n| | what | where | says |\n| --- | --- | --- | --- |\n";
  // The explanations get what the table leaves, and at least half.
  if (bad.length > 0)
    page.add([tableHead, ...together(bad).map(tableRow)], (commentLimit - reserve) / 2, "entry", "entries");
  const explained = bad.filter(({ details }) => details);
  page.add(explained.map(foldedDetails), Infinity, "explanation", "explanations");
  return page.text;
}

/** Text that grows up to a limit. */
class Page {
  constructor(
    public text: string,
    private readonly limit: number,
  ) {}

  /** Adds what fits, in order, and says how many did not. */
  add(parts: readonly string[], limit: number, one: string, several: string): void {
    let shown = 0;
    for (const part of parts) {
      if (this.text.length + part.length > Math.min(limit, this.limit)) break;
      this.text += part;
      shown += 1;
    }
    const left = parts.length - shown;
    if (left > 0) this.text += `\n… and ${left} more ${left === 1 ? one : several}; the JSON report has all.\n`;
  }
}

function countTable(entries: readonly ReportEntry[]): string {
  const rows = byKind(entries).map(([kind, some]) => {
    const { passed, failed, error, "not-run": notRun } = countOutcomes(some);
    return `| ${kind} | ${passed} | ${failed} | ${error} | ${notRun} |\n`;
  });
  return `| | passed | failed | in error | not run |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join("")}`;
}

/** Entries with nothing to explain that say the same of the same place share a row, called by the first and counted. */
function together(entries: readonly ReportEntry[]): ReportEntry[] {
  const groups = new Map<string, ReportEntry[]>();
  for (const [index, one] of entries.entries()) {
    const { kind, outcome, place, message, details } = one;
    const key = message === undefined || details ? `${index}` : JSON.stringify([kind, outcome, place, message]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? [];
    return { ...first, name: `${first.name} … and ${others.length} more` };
  });
}

const marks = { passed: "✓", failed: "✗", error: "‼", "not-run": "–" } as const;

function tableRow({ outcome, name, place, message = "" }: ReportEntry): string {
  const where = place ? `<code>${text(placeText(place))}</code>` : "";
  return `| ${marks[outcome]} ${outcome.replace("-", " ")} | ${text(cut(name, 300))} | ${where} | ${text(cut(message, 600))} |\n`;
}

const foldedDetails = ({ name, details = "" }: ReportEntry): string =>
  `\n<details><summary>${text(cut(name, 300))}</summary>\n\n<pre>${html(cut(details, longestDetails))}</pre>\n\n</details>\n`;

const cut = (whole: string, length: number): string =>
  whole.length <= length ? whole : `${whole.slice(0, length)} … (${whole.length - length} characters more)`;

const reference = (character: string): string => `&#${character.charCodeAt(0)};`;

/** Control characters, which some viewers obey, become U+FFFD. */
const printable = (whole: string): string => whole.replace(/[^\P{Cc}\t\n]/gu, "\ufffd");

const html = (whole: string): string => printable(whole).replace(/[&<>"']/g, reference);

/**
 * One line that Markdown leaves as it is, also in a cell of a table: whatever could begin markup, or a reference to an
 * issue, is written as a character reference. That does not keep GitHub from calling people and teams by their @name; a
 * comment behind the @ does.
 */
const text = (whole: string): string =>
  printable(whole.replace(/\s+/g, " "))
    .replace(/[&<>"'\\`*_~|[\]$#]/g, reference)
    .replaceAll("@", "@<!-- -->");
