import type { SuiteCase } from "./suite.ts";

/**
 * Numbers of the cases in an order in which most mutants die soon: one case of each topic, then a second of each, and
 * so on. Within a topic and a round they are in the order of their ranks; else they stay as they are.
 */
export function caseOrder(cases: readonly SuiteCase[]): number[] {
  const rounds: number[][] = [];
  const had = new Map<string, number>();
  const rankOf = (number: number): number => cases[number]?.rank ?? 0;
  for (const number of [...cases.keys()].sort((a, b) => rankOf(a) - rankOf(b))) {
    const topic = cases[number]?.topic ?? "";
    const round = had.get(topic) ?? 0;
    had.set(topic, round + 1);
    rounds[round] = [...(rounds[round] ?? []), number];
  }
  return rounds.flat();
}
