import { derivedOf, drillsOf } from "../alert-rules/drills.ts";
import { loadConfig } from "../src/config/load.ts";
import { alertEntries, drillEntry } from "../src/drills/drill-entries.ts";
import { leftOutLines, nameLines, notRunLines, overviewLines } from "../src/drills/drill-overview.ts";
import { explainDrills } from "../src/drills/explain-drill.ts";
import { leftOut } from "../src/drills/left-out.ts";
import { selectDrills } from "../src/drills/select-drills.ts";
import { logQueryEntry, logQueryLines } from "../src/review/log-panels.ts";
import { countOutcomes, summaryLine } from "../src/review/report.ts";
import { selectByName } from "../src/review/selection.ts";
import { counted, startProgress } from "../src/review/terminal.ts";
import { drillAll } from "./drill-all.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill test`: drills every alert and asks every query of log lines; counts them, explains what did not pass. */
export async function run({ config, report, limit, only, allowNotRun }: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(config);
  if (!platform) {
    printFindings(findings);
    say("Nothing was drilled.");
    return 1;
  }
  const { selected, complaint } = selectDrills(drillsOf(platform), platform, only);
  if (complaint !== undefined) {
    complain(complaint);
    return 2;
  }
  const progress = startProgress();
  progress.step("drilling every alert");
  const { results, queries } = await drillAll(config, platform, {
    numbers: selected,
    only,
    limitMs: limit.value * 1000,
    onProgress: (done, all) => progress.step("drilling every alert", done, all),
  });
  progress.done();

  const without = leftOut(derivedOf(platform));
  const { selected: asked } = selectByName(without, only, "alert", ({ service, alert }) => [service, alert]);
  const overview = () => [...overviewLines(results), "", ...leftOutLines(without)];
  for (const line of only.length > 0 ? nameLines(results, asked) : overview()) say(line);
  if (queries.length > 0) say(`\n${logQueryLines(queries).join("\n")}`);
  const notRun = notRunLines(results);
  if (notRun.length > 0) say(`\n${notRun.join("\n")}`);
  const bad = results.filter(({ outcome }) => outcome === "failed" || outcome === "error");
  for (const text of explainDrills(bad)) say(`\n${text}`);
  const drills = results.map(drillEntry);
  const looked = queries.map(logQueryEntry);
  say(`\n${counted(results.length, "drill")}: ${summaryLine(countOutcomes(drills))}.`);
  await writeReports(report, {
    command: "test",
    entries: [...looked, ...alertEntries(results, without), ...drills],
  });
  const counts = countOutcomes([...drills, ...looked]);
  if (counts.failed + counts.error > 0) return 1;
  return counts["not-run"] > 0 && !allowNotRun ? 3 : 0;
}
