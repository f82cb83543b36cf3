import { spawn } from "node:child_process";
import colors from "picocolors";
import { loadConfig } from "../src/config/load.ts";
import { explainDrills } from "../src/drills/explain-drill.ts";
import { findTool, type ToolName } from "../src/local/real-servers.ts";
import { isProblem } from "../src/model/finding.ts";
import type { Platform } from "../src/model/platform.ts";
import { allPromises } from "../src/model/promises.ts";
import { changesIn, writeArtifacts } from "../src/render/generated.ts";
import { renderAll } from "../src/render/render.ts";
import { inspectPlatform } from "../src/review/inspect.ts";
import { logQueryLines } from "../src/review/log-panels.ts";
import { counted, startProgress } from "../src/review/terminal.ts";
import { drillAll } from "./drill-all.ts";
import { type CommandOptions, type ExitCode, printFindings } from "./shared.ts";

/** `firedrill start`: the whole way from monitoring.yaml to synthesized stacks, and a summary of what there is now. */
export async function run({ config, out }: CommandOptions): Promise<ExitCode> {
  const progress = startProgress();
  progress.step(`checking ${config}`);
  const { platform, findings, placeOf } = await loadConfig(config);
  if (platform) for (const { findings: found } of await inspectPlatform(platform, placeOf)) findings.push(...found);
  if (!platform || findings.some(({ severity }) => severity === "error")) {
    progress.done();
    printFindings(findings);
    console.log("Nothing was written.");
    return 1;
  }

  progress.step("synthesizing the stacks");
  const synthesis = synthesize(config);
  const { results, queries } = await drillAll(config, platform, {
    onProgress: (done, all) => progress.step("drilling every alert", done, all),
  });
  const failed = results.filter(({ outcome }) => outcome === "failed" || outcome === "error");
  const notRunDrills = results.filter(({ outcome }) => outcome === "not-run").length;
  const stacks = await synthesis;

  progress.step(`writing ${out}`);
  const artifacts = renderAll(platform);
  const changes = await changesIn(out, artifacts);
  await writeArtifacts(out, artifacts);
  progress.done();

  printFindings(findings.filter(isProblem));
  for (const text of explainDrills(failed)) console.log(`${text}\n`);
  const emptyQueries = queries.filter(({ outcome }) => outcome === "failed");
  if (emptyQueries.length > 0) console.log(`${logQueryLines(emptyQueries).join("\n")}\n`);
  if (stacks.exitCode !== 0) console.log(`${colors.red("✗")} the stacks could not be synthesized:\n${stacks.output}`);
  printPlatform(platform);
  printLines([
    ["drills", `${results.length - failed.length - notRunDrills} passed, ${failed.length} failed`],
    ["written", `${out}/ (${counted(artifacts.length, "file")}, ${changes.length} changed)`],
    ["stacks", stacks.exitCode === 0 ? `${stacks.folder}/stacks (local, aws, grafana)` : "none"],
    ["not run", notRun(notRunDrills, queries.filter(({ outcome }) => outcome === "not-run").length)],
  ]);
  printNext();
  return failed.length + emptyQueries.length === 0 && stacks.exitCode === 0 && !findings.some(isProblem) ? 0 : 1;
}

function printPlatform({ name, services, environments, teams }: Platform): void {
  const alerts = new Set(services.flatMap(allPromises).map(({ alert }) => alert.name));
  console.log(
    `\n${colors.bold(name)}: ${counted(services.length, "service")} of ${counted(teams.length, "team")} in ${counted(environments.length, "environment")}, watched by ${counted(alerts.size, "alert")}\n`,
  );
  printLines(
    services.map((service) => [
      service.name,
      `${service.packs.join(", ")} by ${(service.http ?? service.exporter)?.title}, ${counted(service.promises.size, "alert")} to team ${service.owner}`,
    ]),
  );
  console.log();
}

/** What needs more than Node, by name: it is not done here, and nobody should think that it was. */
function notRun(drills: number, queries: number): string {
  const checkers: ToolName[] = ["promtool", "amtool", "loki", "otelcol"];
  const absent = checkers.filter((name) => !findTool(name));
  return [
    "the live drill (`npx firedrill live`)",
    ...(drills > 0 ? [`${counted(drills, "drill")} on log lines`] : []),
    ...(queries > 0 ? [`what ${counted(queries, "query", "queries")} of log lines return`] : []),
    ...(absent.length > 0 ? [`the checks by ${absent.join(", ")} (\`npm run tools\` provides them)`] : []),
  ].join("; ");
}

function printNext(): void {
  console.log(`\n${colors.bold("Next")}`);
  printLines([
    ["edit monitoring.yaml", "then `npm start` again; `npx firedrill check` says what is wrong with it"],
    ["npx firedrill test", "every drill by name, with an explanation where one fails"],
    ["npm run tools", "real Prometheus, Alertmanager, Loki and collector; needs Go"],
    ["npx firedrill live", "a real service, a slow endpoint, and the message that arrives"],
    ["npx cdktf deploy local", "the whole stack on this computer (after `npm install`)"],
  ]);
}

function printLines(lines: readonly (readonly [string, string])[]): void {
  const width = Math.max(...lines.map(([left]) => left.length));
  for (const [left, right] of lines) console.log(`  ${colors.cyan(left.padEnd(width))}  ${right}`);
}

interface Synthesis {
  exitCode: number;
  folder: string;
  output: string;
}

/** Runs the cdktf program in a process of its own: it is the same program that `npx cdktf synth` runs. */
function synthesize(config: string): Promise<Synthesis> {
  const folder = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["stacks/synth.mjs"], {
      env: { ...process.env, FIREDRILL_CONFIG: config, CDKTF_OUTDIR: folder },
    });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.stderr.on("data", (text) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 1, folder, output }));
  });
}
