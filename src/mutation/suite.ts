import type { Mutant } from "../engine/rules.ts";
import type { Place } from "../model/finding.ts";

/** In how many random worlds a mutant must look the same to be called equivalent. */
export const worlds = 50;

/** What gave a mutant away. */
export interface Sign {
  /** `HttpLatencyHigh critical {…} should fire between 12:05 and 12:06. It never did.` */
  what: string;
  /** The rule with the fault in it could not be evaluated. */
  byError?: boolean;
}

/** Series on which faulty rules can be tried, and somebody who looks at what comes of it. */
export interface Ground {
  /** Undefined: with the fault in it all looks as it should. */
  try(mutant: Mutant): Sign | undefined;
  close(): void;
}

/** One test of a suite. */
export interface SuiteCase {
  name: string;
  place: Place;
  /** The alerts of which it asserts anything. */
  alerts: ReadonlySet<string>;
  /** What it is mainly about, so that cases about different things come first. */
  topic: string;
}

/**
 * Tests of alerts, whoever wrote them, that are to be tested themselves: do they notice a fault in a rule? Every thread
 * opens the suite for itself; all numbers are the same in each.
 */
export interface Suite {
  /** Those that it could notice, as far as anybody can tell without trying. */
  mutants: readonly Mutant[];
  cases: readonly SuiteCase[];
  /** What a case is in a report. */
  caseKind: "drill" | "file";
  /** Whether a case, by its number, asserts anything that a mutant could change. */
  concerns(number: number, mutant: Mutant): boolean;
  /** A case with the rules as they are; `fault` says why that does not pass: then it cannot tell anything of mutants. */
  openCase(number: number): Ground | { fault: string };
  /** How many random worlds there are: what looks the same in all that concern it is probably no fault at all. */
  worlds: number;
  concernsWorld(number: number, mutant: Mutant): boolean;
  openWorld(number: number): Ground;
  /** Where the rule of a mutant is written. */
  placeOf(mutant: Mutant): Place;
  /** The case that should have noticed a mutant: what its operator is about is what the case pins down. */
  shouldNotice(mutant: Mutant): SuiteCase | undefined;
  /** Rules that were not looked at, and why. */
  leftOut: readonly string[];
}
