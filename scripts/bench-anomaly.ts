import { existsSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { loadEngine } from "../src/engine/engine.ts";
import { readCorpus } from "./nab/corpus.ts";
import { costPerHour } from "./nab/cost.ts";
import { deployedRules, detect } from "./nab/detect.ts";
import { scoreTable } from "./nab/report.ts";
import { judge } from "./nab/score.ts";

// How well the deployed rules find what people have labelled as anomalies, and what they cost. The folder of the
// benchmark, or of a part of it, can be named: npm run bench:anomaly -- FOLDER

const folder = process.argv[2] ?? join(process.env.FIREDRILL_SHARED ?? "../shared", "data/nab");
if (!existsSync(folder)) {
  console.error(
    `not run: ${folder} is not there. Name a folder with NAB's data/ and labels/, from https://github.com/numenta/NAB`,
  );
  process.exit(3);
}

const engine = await loadEngine();
const rules = deployedRules();
const corpus = readCorpus(folder);
const judged = corpus.map((series) => {
  const { rows, milliseconds, hours } = detect(series, rules, engine);
  if (process.stderr.isTTY) process.stderr.write(`\r${series.name.padEnd(80)}`);
  return { series, outcome: judge(series, rows), milliseconds, hours };
});
if (process.stderr.isTTY) process.stderr.write(`\r${"".padEnd(80)}\r`);

const { prometheusVersion } = JSON.parse(readFileSync("engine/engine.json", "utf8")) as { prometheusVersion: string };
const processor = cpus()[0]?.model ?? "unknown processor";
const memory = Math.round(totalmem() / 2 ** 30);
console.log(
  `${cpus().length} × ${processor}, ${memory} GiB, Node ${process.versions.node}, Prometheus ${prometheusVersion} as WebAssembly\n`,
);
console.log(scoreTable(judged));
const { rules: count, evaluations, samples } = costPerHour(rules, 300);
const ms = judged.reduce((sum, one) => sum + one.milliseconds, 0);
const hours = judged.reduce((sum, one) => sum + one.hours, 0);
console.log(`
A detection is the moment at which SignalAnomaly begins to fire, with the threshold that is deployed: none was chosen for
a profile or a series, as the benchmark allows.

Cost of one series: ${count} rules, in each hour ${evaluations} evaluations that read at most ${Math.round(samples)} samples: ${(samples / 3600).toFixed(1)} a second.
Measured here: ${(ms / hours).toFixed(2)} ms for each hour of a series, ${((1000 * ms) / hours / evaluations).toFixed(0)} µs for each evaluation of a rule.`);
