import colors from "picocolors";
import { loadConfig } from "../src/config/load.ts";
import { drillEntry, drillPlatform } from "../src/drills/drill-platform.ts";
import type { DrillResult } from "../src/drills/drill-result.ts";
import { explainDrill } from "../src/drills/explain-drill.ts";
import { countOutcomes, summaryLine } from "../src/review/report.ts";
import { startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, printFindings, writeReports } from "./shared.ts";

/** `firedrill test`: drills every alert; names each drill, explains those that failed. */
export async function run({ config, report, limit }: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(config);
  if (!platform) {
    printFindings(findings);
    console.log("Nothing was drilled.");
    return 1;
  }
  const progress = startProgress();
  progress.step("drilling every alert");
  const results = await drillPlatform(config, platform, {
    limitMs: limit.value * 1000,
    onProgress: (done, all) => progress.step(`drill ${done} of ${all}`),
  });
  progress.done();

  printResults(results);
  const entries = results.map(drillEntry);
  const counts = countOutcomes(entries);
  console.log(`\n${results.length} drills: ${summaryLine(counts)}.`);
  await writeReports(report, { command: "test", entries });
  return counts.failed + counts.error === 0 ? 0 : 1;
}

/** A line for each drill that passed, by service; then every other with its explanation, last, where it is seen. */
function printResults(results: readonly DrillResult[]): void {
  let service = "";
  for (const result of results.filter(({ outcome }) => outcome === "passed")) {
    if (result.service !== service) console.log(`${service ? "\n" : ""}${colors.bold(result.service)}`);
    service = result.service;
    console.log(`  ${colors.green("✓")} ${result.name}`);
  }
  for (const result of results.filter(({ outcome }) => outcome !== "passed")) console.log(`\n${explainDrill(result)}`);
}
