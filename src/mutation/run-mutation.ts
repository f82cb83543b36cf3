import type { Mutant } from "../engine/engine.ts";
import { runInPool, type TaskOutcome } from "../parallel/pool.ts";
import { caseOrder } from "./case-order.ts";
import type { TrialResult, TrialTask } from "./mutation-worker.ts";
import type { SuiteSource } from "./open-suite.ts";
import type { Suite, SuiteCase } from "./suite.ts";

/** How a mutant came out. `equivalent`: in no random world did it make a difference, so it is probably no fault. */
export type MutantOutcome = "killed" | "survived" | "equivalent";

export interface MutantResult {
  mutant: Mutant;
  outcome: MutantOutcome;
  /** The first case that noticed it, what it noticed, and whether that was an error of the rule. */
  killedBy?: { case: SuiteCase; what: string; byError: boolean };
  /** What a random world showed of one that survived, and the case that should have noticed it. */
  difference?: string;
  shouldNotice?: SuiteCase;
}

export interface MutationResult {
  mutants: MutantResult[];
  /** Cases that could not be used, and why. */
  unusable: { case: SuiteCase; fault: string }[];
  worlds: number;
}

export interface MutationOptions {
  /** Only these mutants, by number. */
  mutants: readonly number[];
  /** How long one case may take with all its mutants. @default - as long as it wants */
  limitMs?: number;
  onProgress?: (done: number, all: number, alive: number) => void;
}

/** How many random worlds a survivor must look the same in. */
const worlds = 60;

/**
 * Tries mutants on every case until one notices them, on all cores, then what is left on random worlds. Which case is
 * named as a mutant's killer does not depend on how fast the threads are: tasks are handed out in the order of the cases,
 * and the first case that can kill a mutant always gets it.
 */
export async function runMutation(source: SuiteSource, suite: Suite, options: MutationOptions): Promise<MutationResult> {
  const { mutants: chosen, limitMs, onProgress } = options;
  const worker = new URL("./mutation-worker.mjs", import.meta.url);
  const order = caseOrder(suite.cases);
  const unusable: MutationResult["unusable"] = [];
  const kills = new Map<number, NonNullable<MutantResult["killedBy"]> & { turn: number }>();
  const differences = new Map<number, { what: string; turn: number }>();
  const all = order.length + worlds;
  let done = 0;
  const progress = () => onProgress?.((done += 1), all, chosen.length - kills.size);

  const turnOf = new Map(order.map((number, turn) => [number, turn]));
  function* caseTasks(): Generator<TrialTask> {
    for (const number of order) {
      const one = suite.cases[number];
      const mutants = chosen.filter((index) => {
        const mutant = suite.mutants[index];
        return one && mutant && !kills.has(index) && suite.concerns(one, mutant);
      });
      if (mutants.length > 0) yield { ground: "case", number, mutants };
      else progress();
    }
  }
  await runInPool<TrialTask, TrialResult>({
    worker,
    workerData: source,
    tasks: caseTasks(),
    limitMs,
    onResult({ number }, outcome) {
      progress();
      const one = suite.cases[number];
      const turn = turnOf.get(number) ?? 0;
      if (!one) return;
      const result = usable(outcome);
      if ("fault" in result) unusable.push({ case: one, fault: result.fault });
      else
        for (const { mutant, what, byError = false } of result.signs) {
          if ((kills.get(mutant)?.turn ?? Infinity) > turn) kills.set(mutant, { case: one, what, byError, turn });
        }
    },
  });

  const left = chosen.filter((index) => !kills.has(index));
  function* worldTasks(): Generator<TrialTask> {
    for (let number = 0; number < worlds; number += 1) {
      const mutants = left.filter((index) => !differences.has(index));
      if (mutants.length > 0) yield { ground: "world", number, mutants };
      else progress();
    }
  }
  await runInPool<TrialTask, TrialResult>({
    worker,
    workerData: source,
    tasks: worldTasks(),
    limitMs,
    onResult({ number }, outcome) {
      progress();
      const result = usable(outcome);
      if ("fault" in result) return;
      for (const { mutant, what } of result.signs) {
        if ((differences.get(mutant)?.turn ?? Infinity) > number) differences.set(mutant, { what, turn: number });
      }
    },
  });

  return {
    worlds,
    unusable,
    mutants: chosen.flatMap((index): MutantResult[] => {
      const mutant = suite.mutants[index];
      if (!mutant) return [];
      const kill = kills.get(index);
      if (kill) return [{ mutant, outcome: "killed", killedBy: kill }];
      const difference = differences.get(index)?.what;
      if (difference === undefined) return [{ mutant, outcome: "equivalent" }];
      return [{ mutant, outcome: "survived", difference, shouldNotice: suite.shouldNotice(mutant) }];
    }),
  };
}

function usable(outcome: TaskOutcome<TrialResult>): TrialResult {
  switch (outcome.outcome) {
    case "done":
      return outcome.result;
    case "too-long":
      return { fault: `it takes longer than ${outcome.limitMs / 1000} s` };
    case "broken":
      return { fault: outcome.message };
  }
}
