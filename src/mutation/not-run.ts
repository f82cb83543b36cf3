import colors from "picocolors";
import type { Mutant } from "../engine/rules.ts";
import type { ReportEntry } from "../review/report.ts";
import { counted } from "../review/terminal.ts";
import type { Suite } from "./suite.ts";

/** The rules whose faults could not be tried, by name, and the way out; nothing where there are none. */
export function notRunLines(mutants: readonly Mutant[], { notRun }: Suite): string[] {
  if (!notRun || mutants.length === 0) return [];
  const names = [...new Set(mutants.map(({ rule }) => rule))];
  return [
    "",
    `${counted(mutants.length, "mutant")} not run. ${notRun.reason}`,
    ...names.map((name) => {
      const count = mutants.filter(({ rule }) => rule === name).length;
      return `  ${colors.yellow("–")} ${name}: ${counted(count, "mutant")}`;
    }),
    `→ ${notRun.fix}`,
  ];
}

/** A mutant that could not be tried as a report has it. */
export function notRunEntry(mutant: Mutant, { placeOf, notRun }: Suite): ReportEntry {
  const { id, rule, operator, description, change } = mutant;
  return {
    kind: "mutant",
    name: `${rule} › ${description}`,
    outcome: "not-run",
    place: placeOf(mutant),
    message: `${notRun?.reason ?? ""} Way out: ${notRun?.fix ?? ""}`,
    data: { id, rule, operator, change, outcome: "not-run" },
  };
}
