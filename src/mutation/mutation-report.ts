import { stripVTControlCharacters } from "node:util";
import colors from "picocolors";
import type { RuleChange } from "../engine/rules.ts";
import { placeText } from "../model/finding.ts";
import type { ReportEntry } from "../review/report.ts";
import { counted } from "../review/terminal.ts";
import { adviceFor } from "./advice.ts";
import type { MutantResult, MutationResult } from "./run-mutation.ts";
import { type Difference, type NamedTest, type Suite, worlds } from "./suite.ts";

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

/** The score of each rule, and below it every mutant that nobody noticed; those that lack the same test together. */
export function mutationLines({ mutants }: MutationResult, suite: Suite): string[] {
  const names = [...new Set(mutants.map(({ mutant }) => mutant.rule))];
  const width = Math.max(...names.map((name) => name.length));
  const paragraphs = names.map((name) => {
    const results = mutants.filter(({ mutant }) => mutant.rule === name);
    const survivors = results.filter(({ outcome }) => outcome === "survived");
    // There is one thing to say of a rule that nobody tests, not one for each of its faults.
    const isUntested = survivors.length > 0 && survivors.every(({ shouldNotice }) => !shouldNotice);
    const line = ruleLine(name.padEnd(width), countMutants(results), isUntested);
    return [line, ...(isUntested ? [] : byLackingTest(survivors).map((some) => `\n${survivorText(some, suite)}`))];
  });
  return paragraphs.flatMap((lines, index) => (lines.length > 1 && index < names.length - 1 ? [...lines, ""] : lines));
}

function ruleLine(name: string, counts: MutationCounts, isUntested: boolean): string {
  const mark = counts.survived > 0 ? colors.red("✗") : colors.green("✓");
  const of = `${counts.killed} of ${counts.killed + counts.survived} noticed`;
  const untested = isUntested ? ": no test speaks of it" : "";
  const equivalent = counts.equivalent > 0 ? `, ${counts.equivalent} probably equivalent` : "";
  return `${mark} ${name}  ${percentText(mutationScore(counts)).padStart(6)}  ${of}${untested}${equivalent}`;
}

/** Survivors of one rule, those of an operator together that the same test should have noticed. */
function byLackingTest(survivors: readonly MutantResult[]): MutantResult[][] {
  const groups = new Map<string, MutantResult[]>();
  for (const one of survivors) {
    const { name = "", place } = one.shouldNotice ?? {};
    const key = JSON.stringify([one.mutant.operator, name, place]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Of faults of one operator: what was changed, when that makes a difference, who should have noticed, and how. */
export function survivorText(survivors: readonly MutantResult[], suite: Suite): string {
  const [first] = survivors;
  if (!first) return "";
  const advice = adviceFor(first.mutant.operator);
  return [
    ...survivors.flatMap((one, index) => faultLines(one, survivors[index - 1], suite)),
    first.shouldNotice
      ? `  Nobody noticed. The ${suite.caseKind === "drill" ? "drill" : "test"} that should have: ${testText(first.shouldNotice)}`
      : `  Nobody noticed, and there is no test of ${first.mutant.rule} that could have.`,
    ...(advice === undefined ? [] : [`  ${colors.green("→")} ${advice}`]),
  ].join("\n");
}

/** What has just been said of the fault before is not said again. */
function faultLines(one: MutantResult, before: MutantResult | undefined, suite: Suite): string[] {
  const known = new Set(before && factLines(before));
  return [
    `  ${colors.bold(one.mutant.description)}  ${colors.dim(placeText(suite.placeOf(one.mutant)))}`,
    ...factLines(one).filter((line) => !known.has(line)),
  ];
}

function factLines({ mutant, difference }: MutantResult): string[] {
  const { subject, usual, faulty, world = [] } = difference ?? {};
  const unknown = `${mutant.rule} came to nothing in any random world: can it, at all? What the fault changes is not known`;
  const facts: [what: string, said: string | undefined][] = [
    ["but", difference ? undefined : unknown],
    ["changed to", changeText(mutant.change)],
    ["changes", subject],
    ["as it is", usual],
    ["with the fault", faulty],
    ["in a world of", world.length > 0 ? world.join(`\n${" ".repeat(20)}`) : undefined],
  ];
  return facts.flatMap(([what, said]) => (said === undefined ? [] : [`    ${colors.dim(what.padEnd(14))}  ${said}`]));
}

const testText = ({ name, place }: NamedTest): string => `"${name}"  ${colors.dim(placeText(place))}`;

/** A changed expression as long as it can be read; what else changed is said in the description. */
const changeText = ({ expr }: RuleChange): string | undefined =>
  expr !== undefined && expr.length <= longestExpr ? expr : undefined;
const longestExpr = 200;

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
  return {
    kind: "mutant",
    name: `${rule} › ${description}`,
    outcome: outcomes[outcome],
    place,
    ...(outcome === "survived" && {
      message: shouldNotice ? `was not noticed by "${shouldNotice.name}"` : `no test speaks of ${rule}`,
      ...(shouldNotice && { details: stripVTControlCharacters(survivorText([result], suite)) }),
    }),
    data: {
      id,
      rule,
      operator,
      change,
      outcome,
      ...(killedBy && {
        killedBy: {
          name: killedBy.case.name,
          place: killedBy.case.place,
          what: killedBy.what,
          byError: killedBy.byError,
        },
      }),
      ...(difference && { difference: differenceText(difference), world: difference.world }),
      ...(shouldNotice && { shouldNotice }),
    },
  };
}

const differenceText = ({ subject, usual, faulty }: Difference): string =>
  `${subject}: as it is ${usual}; with the fault ${faulty}`;

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
