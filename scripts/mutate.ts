import { loadConfig } from "../src/config/load.ts";
import {
  countMutants,
  mutantEntry,
  mutationLines,
  mutationScore,
  summaryText,
  unusableEntry,
} from "../src/mutation/mutation-report.ts";
import { openSuite } from "../src/mutation/open-suite.ts";
import { runMutation } from "../src/mutation/run-mutation.ts";
import { selectByName } from "../src/review/selection.ts";
import { startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill mutate`: puts small faults into the rules, one at a time, and says which of them no drill, or no test of promtool, notices. */
export async function run({ config, promtool, report, only, atLeast, limit }: CommandOptions): Promise<ExitCode> {
  const source = promtool ? { promtool } : { config };
  if (!promtool) {
    const { platform, findings } = await loadConfig(config);
    if (!platform) {
      printFindings(findings);
      say("Nothing was tried.");
      return 1;
    }
  }
  const progress = startProgress();
  progress.step("looking for what can go wrong in the rules");
  const suite = await openSuite(source);
  const { selected, complaint } = selectByName([...suite.mutants.keys()], only, "rule", (number) => {
    const { rule = "", operator = "", description = "" } = suite.mutants[number] ?? {};
    return [rule, operator, `${rule}: ${description}`];
  });
  if (complaint !== undefined) {
    progress.done();
    complain(complaint);
    return 2;
  }
  const result = await runMutation(source, suite, {
    chosen: selected,
    limitMs: limit.value * 1000,
    onProgress: (done, all) => progress.step("trying faulty rules on every test", done, all),
  });
  progress.done();

  for (const line of mutationLines(result, suite)) say(line);
  say();
  for (const line of suite.leftOut) say(`not tried: ${line}`);
  for (const { case: one, fault } of result.unusable) say(`not used: ${one.name}: ${fault}`);
  const isTried = result.mutants.length > 0;
  say(isTried ? summaryText(result, atLeast) : "There is no rule to put a fault into: nothing was tried.");
  await writeReports(report, {
    command: "mutate",
    entries: [
      ...result.unusable.map((one) => unusableEntry(one, suite)),
      ...result.mutants.map((one) => mutantEntry(one, suite)),
    ],
  });
  const isEnough = mutationScore(countMutants(result.mutants)) >= atLeast;
  return isTried && isEnough && result.unusable.length === 0 ? 0 : 1;
}
