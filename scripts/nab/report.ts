import type { NabSeries } from "./corpus.ts";
import { normalised, type Outcome, type ProfileName, profiles } from "./score.ts";

export interface Judged {
  series: Pick<NabSeries, "name" | "category">;
  outcome: Outcome;
}

const names = Object.keys(profiles) as ProfileName[];

/** The scores of all series, of each category, and of all but each category, as a table in Markdown. */
export function scoreTable(all: readonly Judged[]): string {
  const categories = [...new Set(all.map(({ series }) => series.category))];
  const heads = ["series", ...names, "windows found", "false alarms", "of series"];
  const rows = [
    row("all", all),
    ...categories.map((category) =>
      row(
        `only ${category}`,
        all.filter(({ series }) => series.category === category),
      ),
    ),
    ...categories.map((category) =>
      row(
        `without ${category}`,
        all.filter(({ series }) => series.category !== category),
      ),
    ),
  ];
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function row(what: string, judged: readonly Judged[]): string[] {
  const outcomes = judged.map(({ outcome }) => outcome);
  const windows = outcomes.flatMap((one) => one.windows);
  const found = windows.filter((gain) => gain !== undefined).length;
  return [
    what,
    // Without any window there is nothing to be right about, and no scale.
    ...names.map((name) => (windows.length > 0 ? normalised(outcomes, profiles[name]).toFixed(1) : "–")),
    `${found} of ${windows.length}`,
    `${outcomes.reduce((sum, one) => sum + one.falsePositives, 0)}`,
    `${judged.length}`,
  ];
}
