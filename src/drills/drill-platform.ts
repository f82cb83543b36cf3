import { availableParallelism } from "node:os";
import { drillsOf } from "../../alert-rules/drills.ts";
import { compileEngine } from "../engine/engine-instance.ts";
import { type DrillLoki, startDrillLoki } from "../loki/drill-loki.ts";
import type { Platform } from "../model/platform.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import { runInPool, type TaskOutcome } from "../parallel/pool.ts";
import type { Drill } from "./drill.ts";
import { needsLoki } from "./drill-request.ts";
import type { DrillFailure, DrillResult } from "./drill-result.ts";
import type { DrillWorkerData } from "./drill-worker.ts";
import { resultHead } from "./run-drills.ts";

/** A thread reads the configuration and starts an engine of its own: not worth it for fewer drills than this. */
const leastPerThread = 10;

/** Far more than any sound drill takes: what is ended by it would not have come to an end. */
const defaultLimitMs = 60_000;

export interface DrillOptions {
  /** Which drills, by their number in `drillsOf`. @default - all */
  numbers?: readonly number[];
  /** How long one drill may take. @default 60 s */
  limitMs?: number;
  /** One that runs already. @default - one is started where a drill needs it */
  loki?: DrillLoki;
  /** Told how many drills are done, and of how many. */
  onProgress?: (done: number, all: number) => void;
}

/**
 * Runs every drill that the packs have for the platform's services, on the rules that would be deployed, on all
 * cores, and gives their results in the drills' order. A drill that takes too long, or breaks its thread, is an error.
 *
 * @param config the file that `platform` was read from
 */
export async function drillPlatform(
  config: string,
  platform: Platform,
  { numbers, limitMs = defaultLimitMs, loki: running, onProgress = () => {} }: DrillOptions = {},
): Promise<DrillResult[]> {
  const drills = drillsOf(platform);
  const tasks = numbers ?? [...drills.keys()];
  const asksLoki = tasks.some((number) => drills[number] && needsLoki(drills[number], platform));
  const own = asksLoki && !running ? await startDrillLoki(platform) : undefined;
  const loki = running ?? own;
  try {
    const workerData: DrillWorkerData = { config, lokiAddress: loki?.address };
    let done = 0;
    await compileEngine(); // once for all threads
    const outcomes = await runInPool<number, DrillResult>({
      worker: new URL("./drill-worker.mjs", import.meta.url),
      workerData,
      tasks,
      threads: Math.max(1, Math.min(availableParallelism(), Math.floor(tasks.length / leastPerThread))),
      limitMs,
      onResult: () => onProgress(++done, tasks.length),
    });
    return outcomes.flatMap((outcome, index) => {
      const drill = drills[tasks[index] ?? -1];
      return drill ? [resultOf(drill, outcome, platform)] : [];
    });
  } finally {
    await own?.stop();
  }
}

/** What came of a drill, also when its thread could not tell. */
export function resultOf(drill: Drill, outcome: TaskOutcome<DrillResult>, platform: Platform): DrillResult {
  if (outcome.outcome === "done") return outcome.result;
  const failure: Pick<DrillFailure, "expected" | "happened" | "fix"> =
    outcome.outcome === "too-long"
      ? {
          expected: `A drill should be done within ${formatDuration(seconds(outcome.limitMs / 1000))}.`,
          happened: "This one was not, and was ended.",
          fix: "Let it cover less time or fewer series, look for a rule that makes very many, or allow more: --limit 5m",
        }
      : { expected: "A drill should run to its end.", happened: `This one broke down: ${outcome.message}.` };
  return { ...resultHead(drill, platform), outcome: "error", failures: [{ ...failure, places: [drill.place] }] };
}
