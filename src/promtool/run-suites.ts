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
  let done = 0;
  const outcomes = await runInPool<string, SuiteResult>({
    worker: new URL("./suite-worker.mjs", import.meta.url),
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
