import type { Mutant } from "../engine/rules.ts";
import { runInPool, type TaskOutcome, tooLongText } from "../parallel/pool.ts";
import { caseOrder } from "./case-order.ts";
import type { MutationWorkerData, TrialResult, TrialTask } from "./mutation-worker.ts";
import type { SuiteSource } from "./open-suite.ts";
import type { Difference, NamedTest, Suite, SuiteCase } from "./suite.ts";

/**
 * How a mutant came out. `equivalent`: its rule came to something in random worlds, and in none did the fault make a
 * difference, so it is probably no fault.
 */
export type MutantOutcome = "killed" | "survived" | "equivalent";

export interface MutantResult {
  mutant: Mutant;
  outcome: MutantOutcome;
  /** The first case that noticed it, what it noticed, and whether that was an error of the rule. */
  killedBy?: { case: SuiteCase; what: string; byError: boolean };
  /**
   * Of one that survived: what a random world showed of it (undefined where its rule came to nothing in any of them),
   * and the test that should have noticed it.
   */
  difference?: Difference;
  shouldNotice?: NamedTest;
}

export interface MutationResult {
  mutants: MutantResult[];
  /** Cases that could not be used, and why. */
  unusable: { case: SuiteCase; fault: string }[];
  /** Why random worlds could not be used, one text for each: what is called equivalent rests on the others. */
  lostWorlds: string[];
}

export interface MutationOptions {
  /** Numbers of the mutants that are tried. */
  chosen: readonly number[];
  /** How long one case may take with all its mutants. @default - as long as it wants */
  limitMs?: number;
  /** Told how many cases and worlds are done, and of how many. */
  onProgress?: (done: number, all: number) => void;
}

/** The first, in the order in which tasks are handed out, of what was found about each mutant. */
class Firsts<T> {
  readonly #found = new Map<number, T & { turn: number }>();

  note(mutant: number, turn: number, what: T): void {
    if ((this.#found.get(mutant)?.turn ?? Infinity) > turn) this.#found.set(mutant, { ...what, turn });
  }
  has(mutant: number): boolean {
    return this.#found.has(mutant);
  }
  get(mutant: number): T | undefined {
    return this.#found.get(mutant);
  }
}

/**
 * Tries mutants on every case until one notices them, and what is left on random worlds, on all cores.
 *
 * What comes out does not depend on how fast the threads are: cases are handed out in one order, so that the first of
 * them that can notice a mutant always gets it, and of several that did the first is named. The same goes for worlds.
 */
export async function runMutation(
  source: SuiteSource,
  suite: Suite,
  options: MutationOptions,
): Promise<MutationResult> {
  const { chosen, limitMs, onProgress } = options;
  const order = caseOrder(suite.cases);
  const turnOf = new Map(order.map((number, turn) => [number, turn]));
  const kills = new Firsts<NonNullable<MutantResult["killedBy"]>>();
  const differences = new Firsts<{ seen: Difference }>();
  const shown = new Set<number>();
  const faults = new Map<number, string>();
  const lostWorlds = new Map<number, string>();
  let done = 0;
  const advance = () => {
    done += 1;
    onProgress?.(done, order.length + suite.worlds);
  };

  /** Asked for the next task only when a thread is free: by then more mutants are known to be dead. */
  function* tasks(): Generator<TrialTask> {
    for (const number of order) {
      const mutants = chosen.filter((index) => !kills.has(index) && suite.concerns(number, mutantAt(suite, index)));
      if (mutants.length > 0) yield { ground: "case", number, mutants };
      else advance();
    }
    for (let number = 0; number < suite.worlds; number += 1) {
      const mutants = chosen.filter(
        (index) => !kills.has(index) && !differences.has(index) && suite.concernsWorld(number, mutantAt(suite, index)),
      );
      if (mutants.length > 0) yield { ground: "world", number, mutants };
      else advance();
    }
  }

  await runInPool<TrialTask, TrialResult>({
    worker: new URL("./mutation-worker.mjs", import.meta.url),
    workerData: { source, mutants: suite.mutants } satisfies MutationWorkerData,
    tasks: tasks(),
    limitMs,
    onResult({ ground, number }, outcome) {
      advance();
      const result = resultOf(outcome);
      const one = suite.cases[number];
      if ("fault" in result) {
        (ground === "case" ? faults : lostWorlds).set(number, result.fault);
        return;
      }
      if ("differences" in result) {
        for (const mutant of result.shown) shown.add(mutant);
        for (const { mutant, ...seen } of result.differences) differences.note(mutant, number, { seen });
        return;
      }
      for (const { mutant, what, byError = false } of result.signs) {
        if (one) kills.note(mutant, turnOf.get(number) ?? 0, { case: one, what, byError });
      }
    },
  });

  return {
    lostWorlds: [...lostWorlds].sort(([a], [b]) => a - b).map(([, fault]) => fault),
    unusable: suite.cases.flatMap((one, number) => {
      const fault = one.fault ?? faults.get(number);
      return fault === undefined ? [] : [{ case: one, fault }];
    }),
    mutants: chosen.map((index): MutantResult => {
      const mutant = mutantAt(suite, index);
      const killedBy = kills.get(index);
      if (killedBy) return { mutant, outcome: "killed", killedBy };
      const difference = differences.get(index)?.seen;
      if (difference === undefined && shown.has(index)) return { mutant, outcome: "equivalent" };
      return { mutant, outcome: "survived", difference, shouldNotice: suite.shouldNotice(mutant) };
    }),
  };
}

function mutantAt({ mutants }: Suite, index: number): Mutant {
  const mutant = mutants[index];
  if (!mutant) throw new Error(`there is no mutant number ${index}`);
  return mutant;
}

function resultOf(outcome: TaskOutcome<TrialResult>): TrialResult {
  switch (outcome.outcome) {
    case "done":
      return outcome.result;
    case "too-long":
      return { fault: `with its mutants ${tooLongText(outcome.limitMs)}` };
    case "broken":
      return { fault: outcome.message };
  }
}
