import { workerData } from "node:worker_threads";
import type { Mutant } from "../engine/rules.ts";
import { serveTasks } from "../parallel/serve.ts";
import { openSuite, type SuiteSource } from "./open-suite.ts";
import type { Difference, Ground, Sign } from "./suite.ts";

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

/** What a case or a world shows of each mutant that it gives away; or why the case says nothing. */
export type TrialResult =
  | { signs: Found<Sign> }
  | { differences: Found<Difference>; shown: number[] }
  | { fault: string };

type Found<Seen> = ({ mutant: number } & Seen)[];

const { source, mutants: all } = workerData as MutationWorkerData;
const suite = await openSuite(source, all);

serveTasks(async ({ ground: kind, number, mutants: numbers }: TrialTask): Promise<TrialResult> => {
  const mutants = numbers.flatMap((index) => suite.mutants[index] ?? []);
  if (kind === "world") {
    const world = await suite.openWorld(number, mutants);
    const shown = numbers.filter((index) => suite.mutants[index] && world.shows(suite.mutants[index]));
    return { differences: tryAll(world, numbers), shown };
  }
  const ground = await suite.openCase(number, mutants);
  return "fault" in ground ? ground : { signs: tryAll(ground, numbers) };
});

function tryAll<Seen>(ground: Ground<Seen>, mutants: readonly number[]): Found<Seen> {
  try {
    return mutants.flatMap((index) => {
      const mutant = suite.mutants[index];
      const seen = mutant && ground.try(mutant);
      return seen ? [{ mutant: index, ...seen }] : [];
    });
  } finally {
    ground.close();
  }
}
