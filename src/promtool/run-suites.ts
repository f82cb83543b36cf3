import { compileEngine } from "../engine/engine-instance.ts";
import { bundledWorker } from "../parallel/bundled-worker.ts";
import { runInPool, type TaskOutcome, tooLongText } from "../parallel/pool.ts";
import { type SuiteResult, withoutVerdict } from "./suite.ts";

export interface RunSuitesOptions {
  /** How long one file may take. */
  limitMs: number;
  /** Told how many files are done. */
  onProgress?(done: number): void;
}

/** Runs test files on all cores. Results are in the order of the files; one that hangs or breaks costs only itself. */
export async function runSuites(
  files: readonly string[],
  { limitMs, onProgress }: RunSuitesOptions,
): Promise<SuiteResult[]> {
  // Compiled here, at the same time, and not by each thread for itself.
  const [worker] = await Promise.all([bundledWorker(new URL("./suite-worker.ts", import.meta.url)), compileEngine()]);
  let done = 0;
  const outcomes = await runInPool<string, SuiteResult>({
    worker,
    tasks: files,
    limitMs,
    onResult: () => onProgress?.(++done),
  });
  return outcomes.map((outcome, i) => resultOf(files[i] ?? "", outcome));
}

function resultOf(file: string, outcome: TaskOutcome<SuiteResult>): SuiteResult {
  switch (outcome.outcome) {
    case "done":
      return outcome.result;
    case "too-long":
      return withoutVerdict(file, { stopped: tooLongText(outcome.limitMs) });
    case "broken":
      return withoutVerdict(file, { stopped: outcome.message });
  }
}
