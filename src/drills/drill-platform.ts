import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { drillsOf } from "../../alert-rules/drills.ts";
import type { Platform } from "../model/platform.ts";
import type { ReportEntry } from "../review/report.ts";
import type { DrillResult } from "./drill-result.ts";
import type { DrillShare } from "./drill-worker.ts";
import { explainDrill } from "./explain-drill.ts";

/** A thread reads the configuration and starts an engine of its own: not worth it for fewer drills than this. */
const leastPerThread = 10;

/**
 * Runs every drill that the packs have for the platform's services, on the rules that would be deployed, on all
 * cores. Each thread reads `config` by itself, since a world cannot be handed over. Results are in the drills' order.
 *
 * @param onProgress told how many drills are done, and of how many
 */
export async function drillPlatform(
  config: string,
  platform: Platform,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<DrillResult[]> {
  const all = drillsOf(platform).length;
  const threads = Math.max(1, Math.min(availableParallelism(), Math.floor(all / leastPerThread)));
  const results = new Map<number, DrillResult>();
  const share = (part: number) =>
    new Promise<void>((resolve, reject) => {
      const workerData: DrillShare = { config, part, of: threads };
      const worker = new Worker(new URL("./drill-worker.mjs", import.meta.url), { workerData });
      worker.on("message", ({ number, result }: { number: number; result: DrillResult }) => {
        results.set(number, result);
        onProgress(results.size, all);
      });
      worker.once("error", reject);
      worker.once("exit", () => resolve());
    });
  await Promise.all(Array.from({ length: threads }, (_, part) => share(part)));
  if (results.size < all) throw new Error(`only ${results.size} of ${all} drills were run`);
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** A drill's result as a report has it. */
export function drillEntry(result: DrillResult): ReportEntry {
  const { pack, service, name, outcome, place, failures } = result;
  const [first] = failures;
  return {
    kind: "drill",
    name: `${pack} › ${service} › ${name}`,
    outcome,
    place,
    ...(first && { message: `${first.expected} ${first.happened}`, details: explainDrill(result) }),
  };
}
