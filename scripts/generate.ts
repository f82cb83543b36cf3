import { loadConfig } from "../src/config/load.ts";
import { isProblem } from "../src/model/finding.ts";
import { changesIn, writeArtifacts } from "../src/render/generated.ts";
import { renderAll } from "../src/render/render.ts";
import { counted } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, printFindings, say } from "./shared.ts";

/** `firedrill generate`: writes every artifact, or with `--check` says which are not up to date. */
export async function run({ config, out, check }: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(config);
  printFindings(findings);
  if (!platform) {
    say("Nothing was written.");
    return 1;
  }
  const artifacts = renderAll(platform);
  const changes = await changesIn(out, artifacts);
  if (check) {
    for (const { path, change } of changes) say(`${out}/${path} ${change}`);
    if (changes.length === 0) say(`${out} is up to date: ${counted(artifacts.length, "file")}.`);
    else say(`→ run \`npx firedrill generate --config ${config} --out ${out}\` and commit what it writes`);
    return changes.length === 0 ? 0 : 1;
  }
  await writeArtifacts(out, artifacts);
  for (const { path, change } of changes) say(`${out}/${path} ${change === "is missing" ? "is new" : change}`);
  say(`${counted(artifacts.length, "file")} in ${out}, ${changes.length} changed.`);
  return findings.some(isProblem) ? 1 : 0;
}
