import { type CorpusLine, parts } from "./corpus.ts";
import type { ArrivedLine } from "./pipeline.ts";

/** What became of the lines of one sort. */
export interface SortScore {
  part: CorpusLine["part"];
  sort: string;
  /** Whether something was planted in them. */
  isPlanted: boolean;
  lines: number;
  /** Of planted values, those that can no longer be read; of harmless lines, those that were changed. */
  masked: number;
  /** Some that are not as they should be: planted values that can be read, or harmless lines that were changed. */
  examples: string[];
}

const mostExamples = 5;

/** Scores every sort of a corpus, in its order. A line that did not arrive counts as one that keeps nothing. */
export function scores(lines: readonly CorpusLine[], arrived: readonly (ArrivedLine | undefined)[]): SortScore[] {
  const found = new Map<string, SortScore>();
  lines.forEach((line, index) => {
    const { part, sort, value } = line;
    const isPlanted = value !== undefined;
    const key = `${part} ${isPlanted} ${sort}`;
    const score = found.get(key) ?? { part, sort, isPlanted, lines: 0, masked: 0, examples: [] };
    found.set(key, score);
    const kept = arrived[index];
    const text = kept === undefined ? "" : [kept.body, ...Object.values(kept.attributes)].join("\n");
    const isMasked = isPlanted ? !canBeRead(value, text) : text !== line.body;
    score.lines += 1;
    if (isMasked) score.masked += 1;
    if (isMasked !== isPlanted && score.examples.length < mostExamples) score.examples.push(text);
  });
  return [...found.values()];
}

/** Half of it is enough to know it, and so are five characters of what is short. */
function canBeRead(value: string, text: string): boolean {
  const length = Math.min(value.length, Math.max(5, Math.ceil(value.length / 2)));
  for (let at = 0; at + length <= value.length; at += 1) {
    if (text.includes(value.slice(at, at + length))) return true;
  }
  return false;
}

/** Masked over all, of several sorts; 1 where there are none. */
export function share(all: readonly SortScore[]): number {
  const lines = all.reduce((sum, one) => sum + one.lines, 0);
  return lines === 0 ? 1 : all.reduce((sum, one) => sum + one.masked, 0) / lines;
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** The tables as Markdown: recall of what was planted, and how much of what is harmless was masked. */
export function scoreTables(all: readonly SortScore[]): string[] {
  const table = (isPlanted: boolean, title: string, column: string): string[] => {
    const rows = all.filter((one) => one.isPlanted === isPlanted);
    const line = (name: string, of: readonly SortScore[]) => {
      const cells = parts.map((part) => {
        const own = of.filter((one) => one.part === part);
        const count = own.reduce((sum, { lines }) => sum + lines, 0);
        return count === 0 ? "" : `${percent(share(own))} of ${count.toLocaleString("en")}`;
      });
      return `| ${[name, ...cells].join(" | ")} |`;
    };
    const sorts = [...new Set(rows.map(({ sort }) => sort))];
    return [
      `| ${title} | ${column}: rules written with it | held out first | held out second | held out last |`,
      "| --- | --- | --- | --- | --- |",
      ...sorts.map((sort) =>
        line(
          sort,
          rows.filter((one) => one.sort === sort),
        ),
      ),
      line("**all**", rows),
    ];
  };
  return [...table(true, "planted", "masked"), "", ...table(false, "harmless", "masked by mistake")];
}
