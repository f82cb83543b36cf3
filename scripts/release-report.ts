import {
  beforeBad,
  beforeRequests,
  newest,
  older,
  releaseBad,
  releaseRequests,
} from "../alert-rules/releases.signals.ts";
import { ReleaseRegression } from "../alert-rules/releases.ts";
import { loadConfig } from "../src/config/load.ts";
import { type QueriedValue, queryPrometheus } from "../src/live/live-prometheus.ts";
import { type RecordedRelease, releaseReport, releaseReportMarkdown } from "../src/review/release-report.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say } from "./shared.ts";

/** How the newest version of every service compares with the one before, read from what a Prometheus has recorded. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(options.config);
  if (!platform) {
    printFindings(findings);
    return 1;
  }
  if (platform.services.every(({ versions }) => !versions)) {
    complain(`${options.config} compares no versions: give a service \`versions\`.`);
    return 1;
  }
  const atMs = options.to?.getTime() ?? Date.now();
  const address = options.prometheus.replace(/\/+$/, "");
  let recorded: RecordedRelease[];
  try {
    recorded = await recordedAt(address, atMs);
  } catch (error) {
    complain(`${address} gave no answer: ${error instanceof Error ? error.message : error}`);
    return 3;
  }
  const report = releaseReport(platform, atMs, ReleaseRegression.guard?.above.value ?? 0, recorded);
  say(options.format === "json" ? JSON.stringify(report, null, 2) : releaseReportMarkdown(report).trimEnd());
  if (report.releases.some(({ verdict }) => verdict === "worse")) return 1;
  return report.releases.some(({ verdict }) => verdict === "no data") ? 3 : 0;
}

async function recordedAt(address: string, atMs: number): Promise<RecordedRelease[]> {
  const signals = [newest, older, releaseRequests, beforeRequests, releaseBad, beforeBad];
  const answers = await Promise.all(signals.map(({ series }) => queryPrometheus(address, series, atMs)));
  const [latest = [], earlier = [], after = [], before = [], badAfter = [], badBefore = []] = answers;
  return latest.map(({ labels, value }): RecordedRelease => {
    const { environment = "", service = "", version = "" } = labels;
    const own = (all: readonly QueriedValue[]) =>
      all.filter((one) => one.labels.environment === environment && one.labels.service === service);
    const [compared] = own(before);
    const kpis = own(badAfter).filter((one) => one.labels.version === version);
    return {
      ...{ environment, service, version, sinceMs: value * 1000, hasOlder: own(earlier).length > 0 },
      requests: own(after).find((one) => one.labels.version === version)?.value,
      before: compared && { version: compared.labels.before ?? "", requests: compared.value },
      shares: Object.fromEntries(
        kpis.map((one) => [
          one.labels.kpi ?? "",
          { after: one.value, before: own(badBefore).find(({ labels: { kpi } }) => kpi === one.labels.kpi)?.value },
        ]),
      ),
    };
  });
}
