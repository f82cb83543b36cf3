import { loadConfig } from "../src/config/load.ts";
import type { Platform } from "../src/model/platform.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say } from "./shared.ts";

/** A report on what a Prometheus has recorded, read at one moment. */
export interface RecordedReport<Recorded, Report> {
  isAsked: (platform: Platform) => boolean;
  /** What to do where nothing is asked for. */
  nothing: string;
  /** @throws when there is no answer */
  read: (address: string, atMs: number) => Promise<Recorded>;
  report: (platform: Platform, atMs: number, recorded: Recorded) => Report;
  markdown: (report: Report) => string;
  exitCode: (report: Report) => ExitCode;
}

/** Reads, judges and prints it. */
export async function printReport<Recorded, Report>(
  { isAsked, nothing, read, report, markdown, exitCode }: RecordedReport<Recorded, Report>,
  options: CommandOptions,
): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(options.config);
  if (!platform) {
    printFindings(findings);
    return 1;
  }
  if (!isAsked(platform)) {
    complain(`${options.config} ${nothing}`);
    return 1;
  }
  const atMs = options.to?.getTime() ?? Date.now();
  const address = options.prometheus.replace(/\/+$/, "");
  let recorded: Recorded;
  try {
    recorded = await read(address, atMs);
  } catch (error) {
    complain(`${address} gave no answer: ${error instanceof Error ? error.message : error}`);
    return 3;
  }
  const made = report(platform, atMs, recorded);
  say(options.format === "json" ? JSON.stringify(made, null, 2) : markdown(made).trimEnd());
  return exitCode(made);
}
