import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Comparison } from "./bench-comparison.ts";
import { promtoolComparison } from "./bench-promtool.ts";

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
  promtoolComparison(),
].filter((comparison) => comparison !== undefined);

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function secondsOf([command = "", ...args]: string[], env: NodeJS.ProcessEnv, mayFail = false): number {
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { env, encoding: "utf8", maxBuffer: 2 ** 30 });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (status !== 0 && !(mayFail && status === 1))
    throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return seconds;
}

const processor = cpus()[0]?.model ?? "unknown processor";
console.log(
  `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n`,
);
console.log(
  "| what | median | held against | its median | ratio, pair by pair | limit |\n| --- | --- | --- | --- | --- | --- |",
);
try {
  // The resources that the bare program is given.
  secondsOf([node, "stacks/synth.mjs"], { ...process.env, CDKTF_OUTDIR: join(out, "same") });
  for (const { name, measured, against, againstName, limit, runs, mayFail } of comparisons) {
    const env = {
      ...process.env,
      CDKTF_OUTDIR: join(out, "cdktf.out"),
      BENCH_STACKS: join(out, "same/stacks"),
      NO_COLOR: "1",
    };
    secondsOf(measured, env, mayFail); // not counted: fills caches
    // In turn, so that a machine that slows down slows both.
    const pairs = Array.from(
      { length: runs },
      () => [secondsOf(measured, env, mayFail), secondsOf(against, env, mayFail)] as const,
    );
    const [mine, theirs] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
    const ratio = median(pairs.map(([a, b]) => a / b));
    console.log(
      `| ${name} | ${mine.toFixed(2)} s | ${againstName} | ${theirs.toFixed(2)} s | ${ratio.toFixed(2)}× | ${limit} |`,
    );
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
