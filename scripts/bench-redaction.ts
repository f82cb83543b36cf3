import { loadConfig } from "../src/config/load.ts";
import { findTool } from "../src/local/real-servers.ts";
import type { Platform } from "../src/model/platform.ts";
import { type CorpusLine, corpus } from "./redaction/corpus.ts";
import { throughCollector } from "./redaction/pipeline.ts";
import { scores, scoreTables } from "./redaction/score.ts";

/**
 * How well the collector masks personal data and secrets: a corpus with planted values and harmless lines, sent through
 * the real collector with the configuration of monitoring.yaml. With `--missed`, some of what is not as it should be.
 */
const { platform } = await loadConfig("monitoring.yaml");
const command = findTool("otelcol")?.path;
if (!platform || !command) throw new Error("this needs a valid monitoring.yaml and the collector: run `npm run tools`");
const lines = corpus();
const once = await timed(lines);
const found = scores(lines, once.arrived);
const times = 10;
const often = await timed(Array.from({ length: times }, () => lines).flat());
/** What more lines cost more: the start of the collector is in both. */
const perLine = (often.seconds - once.seconds) / ((times - 1) * lines.length);
for (const line of scoreTables(found)) console.log(line);
console.log(
  `\n${lines.length.toLocaleString("en")} lines in ${once.seconds.toFixed(1)} s, start of the collector included; ${Math.round(1e6 * perLine)} µs for each line more, from sent to received.`,
);
if (process.argv.includes("--missed")) {
  for (const { part, sort, isPlanted, examples } of found) {
    for (const example of examples)
      console.log(`${isPlanted ? "can be read" : "masked"} (${part}, ${sort}): ${example}`);
  }
}

async function timed(sent: readonly CorpusLine[]) {
  const started = process.hrtime.bigint();
  const arrived = await throughCollector(command ?? "", platform as Platform, sent);
  return { arrived, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}
