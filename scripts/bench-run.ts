import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Measured {
  seconds: number;
  /** The most memory that a Node process of it had at once; undefined where it is none. */
  peakBytes?: number;
}

/** Loaded into every Node process that is measured: says at its end how much memory it had at most (maxRSS is in KiB). */
const tellsMemory = `
  import { appendFileSync } from "node:fs";
  import { isMainThread } from "node:worker_threads";
  if (isMainThread) process.on("exit", () =>
    appendFileSync(process.env.BENCH_MEMORY, process.resourceUsage().maxRSS * 1024 + "\\n"));
`;

/**
 * Runs a command to its end.
 *
 * @param mayFail exit code 1 is as good as 0
 * @throws when it ends with another code
 */
export function measured([command = "", ...args]: string[], env: NodeJS.ProcessEnv, mayFail = false): Measured {
  const folder = mkdtempSync(join(tmpdir(), "firedrill-bench-run-"));
  const memory = join(folder, "memory");
  const options = `--import data:text/javascript,${encodeURIComponent(tellsMemory)}`;
  try {
    const began = process.hrtime.bigint();
    const { status, stderr } = spawnSync(command, args, {
      env: { ...env, NODE_OPTIONS: options, BENCH_MEMORY: memory },
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (status !== 0 && !(mayFail && status === 1)) {
      throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr}`);
    }
    return { seconds, peakBytes: peakIn(memory) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peakIn(file: string): number | undefined {
  try {
    return Math.max(...readFileSync(file, "utf8").trim().split("\n").map(Number));
  } catch {
    return undefined; // none of them was a Node process
  }
}
