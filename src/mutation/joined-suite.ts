import type { Mutant } from "../engine/rules.ts";
import type { Suite } from "./suite.ts";

/** Two suites as one: the mutants, cases and worlds of the second come after those of the first, and never meet them. */
export function joinedSuite(first: Suite, second: Suite): Suite {
  const owners = new Map([first, second].flatMap((suite) => suite.mutants.map(({ id }) => [id, suite] as const)));
  const ownerOf = (mutant: Mutant): Suite => owners.get(mutant.id) ?? first;
  const placed = (number: number, ofFirst: number): [Suite, number] =>
    number < ofFirst ? [first, number] : [second, number - ofFirst];
  const caseAt = (number: number) => placed(number, first.cases.length);
  const worldAt = (number: number) => placed(number, first.worlds);
  return {
    mutants: [...first.mutants, ...second.mutants],
    cases: [...first.cases, ...second.cases],
    caseKind: first.caseKind,
    concerns(number, mutant) {
      const [suite, own] = caseAt(number);
      return suite === ownerOf(mutant) && suite.concerns(own, mutant);
    },
    openCase(number, mutants) {
      const [suite, own] = caseAt(number);
      return suite.openCase(own, mutants);
    },
    worlds: first.worlds + second.worlds,
    concernsWorld(number, mutant) {
      const [suite, own] = worldAt(number);
      return suite === ownerOf(mutant) && suite.concernsWorld(own, mutant);
    },
    openWorld(number, mutants) {
      const [suite, own] = worldAt(number);
      return suite.openWorld(own, mutants);
    },
    placeOf: (mutant) => ownerOf(mutant).placeOf(mutant),
    shouldNotice: (mutant) => ownerOf(mutant).shouldNotice(mutant),
    leftOut: [...first.leftOut, ...second.leftOut],
    notRun: first.notRun ?? second.notRun,
  };
}
