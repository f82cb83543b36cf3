import { loadConfig } from "../src/config/load.ts";
import { startDrillLoki } from "../src/loki/drill-loki.ts";
import {
  countMutants,
  mutantEntry,
  mutationLines,
  mutationScore,
  summaryText,
  unusableEntry,
} from "../src/mutation/mutation-report.ts";
import { notRunEntry, notRunLines } from "../src/mutation/not-run.ts";
import { openSuite, type SuiteSource } from "../src/mutation/open-suite.ts";
import { runMutation } from "../src/mutation/run-mutation.ts";
import { renderLogRules } from "../src/render/log-rules.ts";
import { selectByName } from "../src/review/selection.ts";
import { startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill mutate`: puts small faults into the rules, one at a time, and says which of them no drill, or no test of promtool, notices. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  const { config, promtool } = options;
  if (promtool) return tryMutants({ promtool }, options);
  const { platform, findings } = await loadConfig(config);
  if (!platform) {
    printFindings(findings);
    say("Nothing was tried.");
    return 1;
  }
  const loki = renderLogRules(platform).length > 0 ? await startDrillLoki(platform) : undefined;
  try {
    return await tryMutants({ config, lokiAddress: loki?.address }, options);
  } finally {
    await loki?.stop();
  }
}

async function tryMutants(
  source: SuiteSource,
  { report, only, atLeast, limit, allowNotRun }: CommandOptions,
): Promise<ExitCode> {
  const progress = startProgress();
  progress.step("looking for what can go wrong in the rules");
  const suite = await openSuite(source);
  const all = [...suite.mutants, ...(suite.notRun?.mutants ?? [])];
  const { selected, complaint } = selectByName([...all.keys()], only, "rule", (number) => {
    const { rule = "", operator = "", description = "" } = all[number] ?? {};
    return [rule, operator, `${rule}: ${description}`];
  });
  if (complaint !== undefined) {
    progress.done();
    complain(complaint);
    return 2;
  }
  const result = await runMutation(source, suite, {
    chosen: selected.filter((number) => number < suite.mutants.length),
    limitMs: limit.value * 1000,
    onProgress: (done, all) => progress.step("trying faulty rules on every test", done, all),
  });
  progress.done();

  const notRun = selected.flatMap((number) => (number < suite.mutants.length ? [] : (all[number] ?? [])));

  for (const line of mutationLines(result, suite)) say(line);
  for (const line of notRunLines(notRun, suite)) say(line);
  say();
  for (const line of suite.leftOut) say(`not tried: ${line}`);
  for (const { case: one, fault } of result.unusable) say(`not used: ${one.name}: ${fault}`);
  const [lostWhy] = result.lostWorlds;
  if (lostWhy !== undefined) say(`not used: ${result.lostWorlds.length} of ${suite.worlds} random worlds: ${lostWhy}`);
  const isTried = result.mutants.length > 0;
  if (isTried) say(summaryText(result, atLeast));
  else if (notRun.length === 0) say("There is no rule to put a fault into: nothing was tried.");
  await writeReports(report, {
    command: "mutate",
    entries: [
      ...result.unusable.map((one) => unusableEntry(one, suite)),
      ...result.mutants.map((one) => mutantEntry(one, suite)),
      ...notRun.map((one) => notRunEntry(one, suite)),
    ],
  });
  const isEnough = mutationScore(countMutants(result.mutants)) >= atLeast;
  if ((!isTried && notRun.length === 0) || !isEnough || result.unusable.length > 0) return 1;
  return notRun.length > 0 && !allowNotRun ? 3 : 0;
}
