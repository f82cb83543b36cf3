import { workerData } from "node:worker_threads";
import type { Mutant } from "../engine/rules.ts";
import { serveTasks } from "../parallel/serve.ts";
import { openSuite, type SuiteSource } from "./open-suite.ts";
import type { Sign } from "./suite.ts";

export interface MutationWorkerData {
  source: SuiteSource;
  /** Those of the suite, so that not every thread has to make them. */
  mutants: readonly Mutant[];
}

/** Mutants, by number, to be tried on a case or a random world. */
export interface TrialTask {
  ground: "case" | "world";
  number: number;
  mutants: number[];
}

/** Those that were given away; or why the case says nothing. */
export type TrialResult = { signs: ({ mutant: number } & Sign)[] } | { fault: string };

const { source, mutants: all } = workerData as MutationWorkerData;
const suite = await openSuite(source, all);

serveTasks(({ ground: kind, number, mutants }: TrialTask): TrialResult => {
  const ground = kind === "case" ? suite.openCase(number) : suite.openWorld(number);
  if ("fault" in ground) return ground;
  try {
    return {
      signs: mutants.flatMap((index) => {
        const mutant = suite.mutants[index];
        const sign = mutant && ground.try(mutant);
        return sign ? [{ mutant: index, ...sign }] : [];
      }),
    };
  } finally {
    ground.close();
  }
});
