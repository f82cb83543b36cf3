import colors from "picocolors";
import type { RuleChange } from "../engine/rules.ts";
import { type Place, placeText } from "../model/finding.ts";
import type { ReportEntry } from "../review/report.ts";
import { counted } from "../review/terminal.ts";
import type { MutantResult, MutationResult } from "./run-mutation.ts";
import { type Suite, worlds } from "./suite.ts";

/** How many mutants came out how. */
export interface MutationCounts {
  killed: number;
  /** Of those: the rule with the fault in it cannot be evaluated. */
  byError: number;
  survived: number;
  equivalent: number;
}

export function countMutants(results: readonly MutantResult[]): MutationCounts {
  const count = (wanted: MutantResult["outcome"]) => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    killed: count("killed"),
    byError: results.filter(({ killedBy }) => killedBy?.byError).length,
    survived: count("survived"),
    equivalent: count("equivalent"),
  };
}

/** Percent of the mutants that make a difference which were noticed; 100 where none makes any. */
export const mutationScore = ({ killed, survived }: Pick<MutationCounts, "killed" | "survived">): number =>
  killed + survived === 0 ? 100 : (100 * killed) / (killed + survived);

/** Rounded down: 97.96 % is less than 98 %. */
const percentText = (score: number): string => `${Math.floor(score * 10) / 10} %`;

/** The score of each rule, and below it every mutant that nobody noticed. */
export function mutationLines({ mutants }: MutationResult, suite: Suite): string[] {
  const names = [...new Set(mutants.map(({ mutant }) => mutant.rule))];
  const width = Math.max(...names.map((name) => name.length));
  return names.flatMap((name) => {
    const results = mutants.filter(({ mutant }) => mutant.rule === name);
    const counts = countMutants(results);
    const mark = counts.survived > 0 ? colors.red("✗") : colors.green("✓");
    const of = `${counts.killed} of ${counts.killed + counts.survived} noticed`;
    const survivors = results.filter(({ outcome }) => outcome === "survived");
    // There is one thing to say of a rule that nobody tests, not one for each of its faults.
    const isUntested = counts.killed === 0 && survivors.every(({ shouldNotice }) => !shouldNotice);
    const untested = isUntested && survivors.length > 0 ? ": no test speaks of it" : "";
    const equivalent = counts.equivalent > 0 ? `, ${counts.equivalent} probably equivalent` : "";
    return [
      `${mark} ${name.padEnd(width)}  ${percentText(mutationScore(counts)).padStart(6)}  ${of}${untested}${equivalent}`,
      ...(untested ? [] : survivors.map((one) => `\n${survivorText(one, suite)}\n`)),
    ];
  });
}

/** What was changed, that nobody noticed, who should have, and when it makes a difference. */
export function survivorText({ mutant, difference, shouldNotice }: MutantResult, suite: Suite): string {
  const { rule, description, change } = mutant;
  const changed = changeText(change);
  return [
    `  ${colors.bold(`${rule}: ${description}`)}  ${colors.dim(placeText(suite.placeOf(mutant)))}`,
    ...(changed === undefined ? [] : [`    ${changed}`]),
    shouldNotice
      ? `    Nobody noticed. This one should have: ${shouldNotice.name}  ${colors.dim(placeText(shouldNotice.place))}`
      : `    Nobody noticed, and there is no test of ${rule} that could have.`,
    `    It makes a difference: ${difference}`,
  ].join("\n");
}

/** A changed expression as long as it can be read; what else changed is said in the description. */
const changeText = ({ expr }: RuleChange): string | undefined =>
  expr !== undefined && expr.length <= 160 ? expr : undefined;

/** `571 mutants: 500 noticed (12 by an error), 12 survived, 59 probably equivalent. Score 97.6 %, wanted 98 %.` */
export function summaryText(result: MutationResult, atLeast: number): string {
  const counts = countMutants(result.mutants);
  const byError = counts.byError > 0 ? ` (${counts.byError} because the rule could not be evaluated)` : "";
  const score = mutationScore(counts);
  return `${counted(result.mutants.length, "mutant")}: ${counts.killed} noticed${byError}, ${counts.survived} survived, ${counts.equivalent} probably equivalent (the same in ${worlds} random worlds). Score ${percentText(score)}; at least ${atLeast} % is wanted.`;
}

const outcomes = { killed: "passed", equivalent: "passed", survived: "failed" } as const;

/** A mutant as a report has it: what nobody noticed failed. */
export function mutantEntry(result: MutantResult, suite: Suite): ReportEntry {
  const { mutant, outcome, killedBy, difference, shouldNotice } = result;
  const { id, rule, operator, description, change } = mutant;
  const place = suite.placeOf(mutant);
  const named = (one: { name: string; place: Place } | undefined) => one && { name: one.name, place: one.place };
  return {
    kind: "mutant",
    name: `${rule} › ${description}`,
    outcome: outcomes[outcome],
    place,
    ...(outcome === "survived" && {
      message: `${rule}: ${description} was not noticed${shouldNotice ? ` by ${shouldNotice.name}` : ""}`,
      details: survivorText(result, suite),
    }),
    data: {
      id,
      rule,
      operator,
      change,
      outcome,
      ...(killedBy && { killedBy: { ...named(killedBy.case), what: killedBy.what, byError: killedBy.byError } }),
      ...(difference !== undefined && { difference }),
      ...(shouldNotice && { shouldNotice: named(shouldNotice) }),
    },
  };
}

/** A case that could not be used as a report has it. */
export const unusableEntry = (
  { case: { name, place }, fault }: MutationResult["unusable"][number],
  { caseKind }: Suite,
): ReportEntry => ({
  kind: caseKind,
  name,
  outcome: "error",
  place,
  message: `It does not pass with the rules as they are: ${fault}`,
});
