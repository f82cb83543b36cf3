import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "../src/engine/engine.ts";
import { findTool } from "../src/local/real-servers.ts";
import { promtoolSuite } from "../src/mutation/promtool-suite.ts";
import type { Comparison } from "./bench-comparison.ts";

const node = process.execPath;
const firedrill = [node, "scripts/firedrill.mjs"];

/**
 * What the validator promises about speed, against promtool on the same tests. Suites of other people are all that lie
 * in the folder that FIREDRILL_BENCH_SUITES names, or beside this repository. Without suites or promtool, rows are
 * missing, and `notRun` says which.
 *
 * @param exported folder with the drills of this repository in promtool's format
 */
export async function validatorComparisons(exported: string): Promise<{ comparisons: Comparison[]; notRun: string[] }> {
  const promtool = findTool("promtool")?.path;
  const mutation: Comparison = {
    name: "every fault in this repository's rules (firedrill mutate)",
    measured: [...firedrill, "mutate"],
    against: [...firedrill, "test"],
    againstName: "firedrill test",
    limit: "≤ 60 s, ≤ 1 GB",
    runs: 1,
  };
  if (!promtool) return { comparisons: [mutation], notRun: ["all rows against promtool: it is not here"] };
  const promtoolOn = (files: string[]) => ({
    against: [promtool, "test", "rules", ...files],
    againstName: "promtool test rules",
  });
  const drills: Comparison = {
    name: "every drill of this repository (firedrill test)",
    measured: [...firedrill, "test"],
    ...promtoolOn(suitesIn(exported)),
    againstName: "promtool on the same drills, exported",
    limit: "≤ 20 s, ≤ 1 GB",
    runs: 1,
  };
  const files = suitesIn(process.env.FIREDRILL_BENCH_SUITES ?? "../shared/data");
  const suites: Comparison = {
    name: `${files.length} files of other people (firedrill test --promtool)`,
    measured: [...firedrill, "test", "--promtool", ...files],
    ...promtoolOn(files),
    limit: "≤ 0.1×, ≤ 1 GB",
    runs: 3,
    mayFail: true,
  };
  const largest = files.find((file) => file.endsWith("thanos/tests.yaml")) ?? files[0];
  if (!largest) return { comparisons: [drills, mutation], notRun: ["suites of other people: none are here"] };
  const { mutants } = promtoolSuite([largest], await loadEngine());
  const oneMutant: Comparison = {
    name: `one of ${mutants.length} faults in ${largest}, on one thread`,
    measured: [node, "--import", "tsx", "scripts/bench-mutants.ts", largest],
    ...promtoolOn([largest]),
    againstName: "one promtool process",
    limit: "≤ 0.01×",
    items: mutants.length,
    runs: 3,
  };
  return { comparisons: [drills, mutation, suites, oneMutant], notRun: [] };
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
