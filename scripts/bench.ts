import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Comparison } from "./bench-comparison.ts";
import { type Measured, measured } from "./bench-run.ts";
import { validatorComparisons } from "./bench-validator.ts";

const node = process.execPath;
const out = mkdtempSync(join(tmpdir(), "firedrill-bench-"));
const tsx = ["--import", "tsx"];

const comparisons: Comparison[] = [
  {
    name: "firedrill --help",
    measured: [node, "scripts/firedrill.mjs", "--help"],
    against: [node, "-e", "0"],
    againstName: "an empty Node program",
    limit: "≤ 0.5 s",
    runs: 9,
  },
  {
    name: "npm start, warm",
    measured: ["npm", "start", "--silent", "--", "--out", join(out, "generated")],
    against: [node, "scripts/firedrill.mjs", "--help"],
    againstName: "firedrill --help",
    limit: "≤ 15 s",
    runs: 3,
  },
  {
    name: "synthesis of all stacks",
    measured: [node, "stacks/synth.mjs"],
    against: [node, ...tsx, "scripts/bench-bare-stacks.ts"],
    againstName: "a bare cdktf program with the same resources",
    limit: "≤ 1.3×",
    runs: 5,
  },
];

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function row({ name, againstName, limit, items = 1 }: Comparison, pairs: readonly (readonly [Measured, Measured])[]) {
  const mine = median(pairs.map(([{ seconds }]) => seconds)) / items;
  const theirs = median(pairs.map(([, { seconds }]) => seconds));
  const ratio = median(pairs.map(([one, other]) => one.seconds / items / other.seconds));
  const peak = Math.max(...pairs.map(([{ peakBytes = 0 }]) => peakBytes));
  const cells = [
    name,
    items > 1 ? `${(1000 * mine).toFixed(2)} ms` : `${mine.toFixed(2)} s`,
    `${Math.round(peak / 2 ** 20)} MiB`,
    againstName,
    `${theirs.toFixed(2)} s`,
    `${ratio.toPrecision(2)}×`,
    limit,
  ];
  return `| ${cells.join(" | ")} |`;
}

const processor = cpus()[0]?.model ?? "unknown processor";
console.log(
  `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n`,
);
const heads = ["what", "median", "memory at most", "held against", "its median", "ratio, pair by pair", "limit"];
console.log(`| ${heads.join(" | ")} |\n|${" --- |".repeat(heads.length)}`);
try {
  // The resources that the bare program is given, and the drills that promtool is given.
  measured([node, "stacks/synth.mjs"], { ...process.env, CDKTF_OUTDIR: join(out, "same") });
  execFileSync(node, ["scripts/firedrill.mjs", "export", "--out", join(out, "exported")]);
  const validator = await validatorComparisons(join(out, "exported"));
  for (const comparison of [...comparisons, ...validator.comparisons]) {
    const { measured: mine, against, runs, mayFail } = comparison;
    const env = {
      ...process.env,
      CDKTF_OUTDIR: join(out, "cdktf.out"),
      BENCH_STACKS: join(out, "same/stacks"),
      NO_COLOR: "1",
    };
    if (runs > 1) measured(mine, env, mayFail); // not counted: fills caches
    // In turn, so that a machine that slows down slows both.
    const pairs = Array.from(
      { length: runs },
      () => [measured(mine, env, mayFail), measured(against, env, mayFail)] as const,
    );
    console.log(row(comparison, pairs));
  }
  for (const one of validator.notRun) console.log(`not run: ${one}`);
} finally {
  rmSync(out, { recursive: true, force: true });
}
