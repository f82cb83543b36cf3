import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import colors from "picocolors";
import { readText } from "../src/promtool/read-text.ts";
import { besides } from "../src/promtool/suite.ts";
import { watchedBySuites } from "../src/promtool/watched.ts";
import { parseRelabelTests } from "../src/review/relabel-test-file.ts";
import { type Watched, watchFiles } from "../src/review/watch.ts";
import type { CommandOptions, ExitCode } from "./shared.ts";

const program = fileURLToPath(new URL("firedrill.mjs", import.meta.url));

/** The scrape config that a file of relabelling tests names; none where the file cannot be read. */
function scrapeConfigOf(file: string): string[] {
  const { tests } = parseRelabelTests(readText(file).text ?? "", file);
  return tests ? [besides(file, tests.scrapeConfig)] : [];
}

/** What the outcome of a command hangs on, that somebody edits. */
function watchedBy({ config, promtool, relabel }: CommandOptions): Watched {
  if (promtool) return watchedBySuites(promtool);
  if (relabel) return { files: relabel.flatMap((file) => [file, ...scrapeConfigOf(file)]), folders: [] };
  return { files: [config], folders: [fileURLToPath(new URL("../alert-rules", import.meta.url))] };
}

/**
 * Runs the command of this process, without `--watch`, again whenever a file changes that it hangs on; each time in a
 * process of its own, since code that is loaded stays as it was. A change in the middle of a round begins a new one.
 * Ends with Ctrl-C, as every program that is interrupted: 130.
 */
export async function watchCommand(options: CommandOptions): Promise<ExitCode> {
  if (process.env.CI) {
    console.error("--watch waits for somebody to change a file, and in CI (CI is set) nobody does.\n→ Leave it out.");
    return 2;
  }
  const args = process.argv.slice(2).filter((arg) => arg !== "--watch");
  let round: ChildProcess | undefined;
  let stopWatching = () => {};

  const begin = (why: string) => {
    // Each round anew: folders may have come and gone.
    stopWatching = watchFiles(watchedBy(options), async (file) => {
      stopWatching();
      await end(round);
      begin(`${relative(process.cwd(), file)} changed`);
    });
    console.log(colors.dim(`── ${new Date().toLocaleTimeString("en-GB")}  ${why}`));
    const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
    round = child;
    child.once("exit", (code) => {
      if (code === null) return; // ended by a newer round
      console.log(colors.dim(`── ended with ${code}; waiting for a change (Ctrl-C ends)`));
    });
  };

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, async () => {
      stopWatching();
      await end(round);
      process.exit(128 + constants.signals[signal]);
    });
  }
  begin("first round");
  return new Promise(() => {}); // until a signal
}

/** Settles once the process is gone. */
async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
}
