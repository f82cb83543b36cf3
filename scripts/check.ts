import { loadConfig } from "../src/config/load.ts";
import type { Finding } from "../src/model/finding.ts";
import { isProblem } from "../src/model/finding.ts";
import { allPromises } from "../src/model/promises.ts";
import { inspectPlatform } from "../src/review/inspect.ts";
import { findingEntry, type ReportEntry } from "../src/review/report.ts";
import { counted } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill check`: every finding about the configuration and what hangs on it; writes nothing but reports. */
export async function run({ config, report }: CommandOptions): Promise<ExitCode> {
  const { platform, findings: configFindings, placeOf } = await loadConfig(config);
  const findings = [...configFindings];
  const checks: ReportEntry[] = [passedUnless("the configuration is valid", configFindings)];
  if (platform) {
    for (const { name, findings: found } of await inspectPlatform(platform, placeOf)) {
      findings.push(...found);
      checks.push(passedUnless(name, found));
    }
  }
  printFindings(findings);
  const healthy = !findings.some(isProblem);
  if (healthy && platform) {
    const alerts = platform.services.reduce((sum, service) => sum + allPromises(service).length, 0);
    say(
      `${config} is fine: ${counted(platform.services.length, "service")}, ${counted(alerts, "promise")}, ${checks.length} checks.`,
    );
  }
  await writeReports(report, { command: "check", entries: [...checks, ...findings.map(findingEntry)] });
  return healthy ? 0 : 1;
}

function passedUnless(name: string, findings: readonly Finding[]): ReportEntry {
  const problems = findings.filter(isProblem);
  if (!problems.length) return { kind: "check", name, outcome: "passed" };
  return { kind: "check", name, outcome: "failed", message: counted(problems.length, "finding") };
}
