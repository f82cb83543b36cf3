import { drillsOf } from "../alert-rules/drills.ts";
import { loadConfig } from "../src/config/load.ts";
import { exportDrills } from "../src/drills/promtool-export.ts";
import { selectDrills } from "../src/drills/select-drills.ts";
import { loadEngine } from "../src/engine/engine.ts";
import { isProblem } from "../src/model/finding.ts";
import { writeArtifacts } from "../src/render/generated.ts";
import { renderDrilledRules } from "../src/render/rules.ts";
import { counted } from "../src/review/terminal.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say } from "./shared.ts";

/** `firedrill export`: writes every drill as a unit test of promtool. */
export async function run({ config, out, only }: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(config);
  printFindings(findings);
  if (!platform) {
    say("Nothing was written.");
    return 1;
  }
  const drills = drillsOf(platform);
  const { selected, complaint } = selectDrills(drills, platform, only);
  if (complaint !== undefined) {
    complain(complaint);
    return 2;
  }
  const ruleFiles = renderDrilledRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const chosen = drills.filter((_, number) => selected.includes(number));
  const { artifacts, omitted } = exportDrills(chosen, platform, ruleFiles, await loadEngine());
  await writeArtifacts(out, artifacts, "firedrill-export.json");
  say(`${counted(chosen.length - omitted.length, "drill")} in ${out}.`);
  for (const { title, reason } of omitted) say(`left out: ${title}: ${reason}`);
  say(`→ promtool test rules ${out}/*/*.test.yml`);
  return findings.some(isProblem) ? 1 : 0;
}
