import type { SuiteCase } from "./suite.ts";

/**
 * Numbers of the cases in an order in which most mutants die soon: one case of each topic, then a second of each, and
 * so on. Within a topic they stay as they are.
 */
export function caseOrder(cases: readonly SuiteCase[]): number[] {
  const rounds: number[][] = [];
  const had = new Map<string, number>();
  cases.forEach(({ topic }, number) => {
    const round = had.get(topic) ?? 0;
    had.set(topic, round + 1);
    rounds[round] = [...(rounds[round] ?? []), number];
  });
  return rounds.flat();
}
