import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findTool } from "../src/local/real-servers.ts";
import type { Comparison } from "./bench-comparison.ts";

/**
 * Running suites of promtool's format, against promtool itself in one process. The suites are all that lie in the folder
 * that FIREDRILL_BENCH_SUITES names, or beside this repository; undefined where there are none, or no promtool.
 */
export function promtoolComparison(): Comparison | undefined {
  const promtool = findTool("promtool");
  const files = suitesIn(process.env.FIREDRILL_BENCH_SUITES ?? "../shared/data");
  if (!promtool || files.length === 0) return undefined;
  return {
    name: `firedrill test --promtool, ${files.length} files`,
    measured: [process.execPath, "scripts/firedrill.mjs", "test", "--promtool", ...files],
    against: [promtool.path, "test", "rules", ...files],
    againstName: "promtool test rules",
    limit: "≤ 0.1×",
    runs: 3,
    mayFail: true,
  };
}

/** Every file below a folder that has tests in promtool's format. */
function suitesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => join(folder, name))
      .filter((path) => /^tests:\s*$/m.test(readFileSync(path, "utf8")))
      .sort();
  } catch {
    return [];
  }
}
