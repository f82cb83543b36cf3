import colors from "picocolors";
import { HttpErrorRatioHigh, HttpLatencyHigh } from "../alert-rules/http.ts";
import { loadConfig } from "../src/config/load.ts";
import { type LiveResult, liveDrill } from "../src/live/live.ts";
import type { LiveConfigs } from "../src/live/live-configs.ts";
import { planLiveDrill, standInService } from "../src/live/live-plan.ts";
import { distinctChanges } from "../src/live/live-speed.ts";
import type { LiveLog, LivePrograms } from "../src/live/live-stage.ts";
import { round } from "../src/live/live-verdict.ts";
import { findTool, type ToolName } from "../src/local/real-servers.ts";
import { formatDuration, seconds } from "../src/model/quantity.ts";
import { renderAll } from "../src/render/render.ts";
import { countOutcomes, type ReportEntry, summaryLine } from "../src/review/report.ts";
import { readRunbooks } from "../src/review/runbooks.ts";
import { startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, printFindings, writeReports } from "./shared.ts";

/** A scrape more often than this is more than a small computer keeps up with. */
const shortestScrapeSeconds = 0.1;

/** `firedrill live`: a real service, the real Prometheus and Alertmanager, real requests, and the messages they cause. */
export async function run({
  config,
  report,
  speed,
}: Pick<CommandOptions, "config" | "report" | "speed">): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(config);
  printFindings(findings);
  if (!platform) return 1;

  const fastest = platform.intervals.scrape.value / shortestScrapeSeconds;
  if (!(speed >= 1) || speed > fastest) {
    console.error(
      `--speed ${speed}: give a factor from 1 to ${fastest}; beyond, scrapes every ${formatDuration(platform.intervals.scrape)} would come too fast.`,
    );
    return 2;
  }
  const service = standInService(platform);
  if (!service) {
    console.error(
      `${config} has no service with the http pack that is scraped and uses prometheus-fastapi-instrumentator: there is none whose part examples/fastapi-service could play.`,
    );
    console.error("→ try it with --config examples/fastapi-service/monitoring.yaml");
    return 2;
  }
  const plan = planLiveDrill(platform, service);
  if (plan.faults.length === 0) {
    const names = plan.switchedOff.map(({ name }) => name).join(" and ");
    console.error(`${names} are switched off for ${service.name}: there is nothing to drill.`);
    return 2;
  }
  const { programs, missing } = findPrograms();
  if (missing.length > 0) {
    console.error(`Not run: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`);
    console.error("→ run `npm run tools`, which provides the real servers, and then this again");
    await writeReports(report, { command: "live", entries: [notRun(missing)] });
    return 3;
  }

  console.log(`Live drill of ${service.name} in ${plan.environment.name}, which team ${service.owner} owns.`);
  console.log("examples/fastapi-service plays its part; Prometheus and Alertmanager are the real ones.\n");
  const startedAt = Date.now();
  const progress = startProgress();
  let result: LiveResult;
  try {
    result = await liveDrill({
      platform,
      plan,
      artifacts: renderAll(platform),
      runbooks: new Set((await readRunbooks()).keys()),
      speed,
      programs,
      log: liveLog(speed, startedAt, progress.step),
    });
  } catch (error) {
    progress.done();
    const message = error instanceof Error ? error.message : String(error);
    console.error(`The drill could not be run to its end: ${message}`);
    await writeReports(report, {
      command: "live",
      entries: [{ kind: "live", name: "the live drill runs to its end", outcome: "error", message }],
    });
    return 1;
  }
  progress.done();
  printResult(result, speed);
  await writeReports(report, { command: "live", entries: result.entries });
  const counts = countOutcomes(result.entries);
  console.log(`\n${summaryLine(counts)} in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return counts.failed + counts.error > 0 ? 1 : 0;
}

const programNames: Record<keyof LivePrograms, { tool: ToolName; title: string }> = {
  prometheus: { tool: "prometheus", title: "Prometheus" },
  alertmanager: { tool: "alertmanager", title: "Alertmanager" },
  python: { tool: "example-python", title: "the Python environment of examples/fastapi-service" },
};

function findPrograms(): { programs: LivePrograms; missing: string[] } {
  const path = (tool: ToolName) => findTool(tool)?.path ?? "";
  const programs: LivePrograms = {
    prometheus: path(programNames.prometheus.tool),
    alertmanager: path(programNames.alertmanager.tool),
    python: path(programNames.python.tool),
  };
  const names = Object.keys(programNames) as (keyof LivePrograms)[];
  return { programs, missing: names.filter((name) => programs[name] === "").map((name) => programNames[name].title) };
}

const notRun = (missing: readonly string[]): ReportEntry => ({
  kind: "live",
  name: `${HttpLatencyHigh.name} and ${HttpErrorRatioHigh.name} on a real service`,
  outcome: "not-run",
  message: `not run: missing ${missing.join(", ")} (npm run tools)`,
});

/** A line per step with the seconds since the start. */
function liveLog(speed: number, startedAt: number, begin: (text: string) => void): LiveLog {
  const step = (text: string) => {
    const elapsed = ((Date.now() - startedAt) / 1000).toFixed(1);
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K"); // where the progress line is
    console.log(`${colors.dim(`${elapsed.padStart(6)} s`)}  ${text}`);
  };
  return { begin, step, configs: (configs) => printConfigs(configs, speed) };
}

function printConfigs({ speedChanges, addressChanges }: LiveConfigs, speed: number): void {
  if (speed === 1) {
    console.log("Durations are as deployed (--speed 1).");
  } else {
    console.log(`Durations are divided by ${speed} (--speed ${speed}); the rest of rules and routes is as deployed:`);
    const rows = distinctChanges(speedChanges).map(({ name, from, to }) => [`  ${name}`, from, "→", to]);
    console.log(tableText(rows));
  }
  console.log("Addresses are on this computer:");
  console.log(tableText(addressChanges.map(({ what, from, to }) => [`  ${what}`, from, "→", to])));
  console.log("");
}

const marks: Record<ReportEntry["outcome"], string> = {
  passed: colors.green("✓"),
  failed: colors.red("✗"),
  error: colors.red("‼"),
  "not-run": colors.yellow("–"),
};

function printResult({ detections, entries }: LiveResult, speed: number): void {
  console.log("");
  for (const { outcome, name, message, details } of entries) {
    console.log(`${marks[outcome]} ${name}${message ? `: ${message}` : ""}`);
    if (details) console.log(details.replace(/^/gm, "  "));
  }
  const rows = detections.map(({ fault, receiver, secondsToDetect, faults }) => [
    fault.alert.name,
    fault.severity,
    fault.route,
    receiver,
    secondsToDetect === undefined ? "never" : `${round(secondsToDetect)} s`,
    secondsToDetect === undefined ? "–" : asDeployed(secondsToDetect, fault.secondsToAnswer, speed),
    faults.length === 0 ? "yes" : "no",
  ]);
  const head = ["alert", "severity", "route", "receiver", "time to detect", "as deployed", "message is right"];
  console.log(`\n${tableText([head, ...rows])}`);
}

/** Only what durations cause is longer in real life: a slow answer takes as long here as there. */
const asDeployed = (secondsToDetect: number, secondsToAnswer: number, speed: number): string =>
  `about ${formatDuration(seconds(Math.round(secondsToAnswer + (secondsToDetect - secondsToAnswer) * speed)))}`;

/** Rows of equal length as columns of equal width. */
function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
