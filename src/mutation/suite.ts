import type { Mutant, RuleError } from "../engine/rules.ts";
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

/** What a fault changes in a random world. */
export interface Difference {
  /** The alert that came out otherwise, with its labels; or the rule that could not be evaluated. */
  subject: string;
  /** What it does with the rules as they are, and with the fault. */
  usual: string;
  faulty: string;
  /** What was true in the world, as far as it matters, a line each. */
  world: readonly string[];
}

/** Series on which faulty rules can be tried, and somebody who looks at what comes of it. */
export interface Ground<Seen> {
  /** Undefined: with the fault in it all looks as it should. */
  try(mutant: Mutant): Seen | undefined;
  close(): void;
}

/** `fault` says why a case does not pass with the rules as they are: then it cannot tell anything of mutants. */
export type OpenedCase = Ground<Sign> | { fault: string };

/** A random world: what a fault changes in it, and whether it could show any fault of a rule at all. */
export interface RandomGround extends Ground<Difference> {
  /** Whether the rule of a mutant, as it is, comes to anything: what nothing comes of looks the same with every fault. */
  shows(mutant: Mutant): boolean;
}

/** A test by its name, and where it is written. */
export interface NamedTest {
  name: string;
  place: Place;
}

/** One test of a suite. */
export interface SuiteCase extends NamedTest {
  /** The alerts of which it asserts anything. */
  alerts: ReadonlySet<string>;
  /** What it is mainly about, so that cases about different things come first. */
  topic: string;
  /** Of several about the same, those come first for which this is least: they cost less, or show more. @default 0 */
  rank?: number;
  /** Why it cannot be used, where that is known without running it. */
  fault?: string;
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
  /** A case with the rules as they are, for these mutants to be tried on. */
  openCase(number: number, mutants: readonly Mutant[]): OpenedCase | Promise<OpenedCase>;
  /** How many random worlds there are: what looks the same in all that concern it is probably no fault at all. */
  worlds: number;
  concernsWorld(number: number, mutant: Mutant): boolean;
  openWorld(number: number, mutants: readonly Mutant[]): RandomGround | Promise<RandomGround>;
  /** Where the rule of a mutant is written. */
  placeOf(mutant: Mutant): Place;
  /** The test that should have noticed a mutant: what its operator is about is what the test pins down. */
  shouldNotice(mutant: Mutant): NamedTest | undefined;
  /** Rules that were not looked at, and why. */
  leftOut: readonly string[];
  /** Mutants that cannot be tried because something is not here, and what to do about it. */
  notRun?: { mutants: readonly Mutant[]; reason: string; fix: string };
}

/** Opens everything at once, whatever is tried on it. */
export interface PlainSuite extends Suite {
  openCase(number: number): OpenedCase;
  /** @param mutants what is tried on it @default - any */
  openWorld(number: number, mutants?: readonly Mutant[]): RandomGround;
}

/** The difference that a fault makes with which a rule cannot be evaluated. */
export const errorDifference = (
  { rule, message }: Pick<RuleError, "rule" | "message">,
  world: readonly string[],
): Difference => ({
  subject: rule ?? "a rule",
  usual: "is evaluated",
  faulty: `cannot be evaluated: ${message}`,
  world,
});
