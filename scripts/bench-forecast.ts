import { existsSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { loadEngine } from "../src/engine/engine.ts";
import { deployedRules, foretell } from "./forecast/foretell.ts";
import { score, scoreTable } from "./forecast/score.ts";
import { grown, hoursOf } from "./forecast/series.ts";
import { readCorpus } from "./nab/corpus.ts";

// How well the deployed rules foretell growth that was made up, and the series of the Numenta Anomaly Benchmark, which were
// not made for that. The folder of the benchmark can be named: npm run bench:forecast -- FOLDER

const folder = process.argv[2] ?? join(process.env.FIREDRILL_SHARED ?? "../shared", "data/nab");
const real = existsSync(folder) ? readCorpus(folder).map(hoursOf) : [];

const engine = await loadEngine();
const rules = deployedRules();
let milliseconds = 0;
let hours = 0;
const scored = [...grown(), ...real].map((series) => {
  const began = process.hrtime.bigint();
  const recorded = foretell(series, rules, engine);
  milliseconds += Number(process.hrtime.bigint() - began) / 1e6;
  hours += series.means.length;
  if (process.stderr.isTTY) process.stderr.write(`\r${series.name.padEnd(80)}`);
  return { category: series.category, scored: score(recorded) };
});
if (process.stderr.isTTY) process.stderr.write(`\r${"".padEnd(80)}\r`);

const { prometheusVersion } = JSON.parse(readFileSync("engine/engine.json", "utf8")) as { prometheusVersion: string };
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, Prometheus ${prometheusVersion} as WebAssembly\n`,
);
console.log(scoreTable(scored));
console.log(`
Medians over the series of a row. "this hour" and "1 d", "7 d", "30 d": the mean error as a share of that of the naive
forecast, which is the same hour or weekday of the last week that is known; below 1 is better, above 1 is worse. "error":
the mean error as a share of what came. "within": how often what came lay within the margins, which are made for 80 %.
Forecasts are made at every hour from the eighth day on, from what was before.

Cost: ${(milliseconds / hours).toFixed(2)} ms for each hour of a series.`);
if (real.length === 0) {
  console.error(
    `\nnot run: the series of NAB: ${folder} is not there. Name a folder with NAB's data/ and labels/, from https://github.com/numenta/NAB`,
  );
  process.exitCode = 3;
}
