import { comparedKpis } from "../alert-rules/experiments.events.ts";
import { armCount, armShare, fewestEvents } from "../alert-rules/experiments.signals.ts";
import { loadConfig } from "../src/config/load.ts";
import { queryPrometheus } from "../src/live/live-prometheus.ts";
import type { Platform } from "../src/model/platform.ts";
import {
  type ExperimentReport,
  experimentReport,
  experimentReportMarkdown,
  type PlannedKpi,
} from "../src/review/experiment-report.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say } from "./shared.ts";

/** How the variants of every experiment compare, read from what a Prometheus has recorded. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(options.config);
  if (!platform) {
    printFindings(findings);
    return 1;
  }
  const planned = plannedOf(platform);
  if (planned.length === 0) {
    complain(`${options.config} compares no variants: give a service \`experiments\`.`);
    return 1;
  }
  const address = options.prometheus.replace(/\/+$/, "");
  let report: ExperimentReport;
  try {
    report = await reportAt(address, options.to?.getTime() ?? Date.now(), platform.name, planned);
  } catch (error) {
    complain(`${address} gave no answer: ${error instanceof Error ? error.message : error}`);
    return 3;
  }
  say(options.format === "json" ? JSON.stringify(report, null, 2) : experimentReportMarkdown(report).trimEnd());
  if (report.experiments.some(({ verdict }) => verdict === "worse")) return 1;
  return report.experiments.some(({ verdict }) => verdict === "no data") ? 3 : 0;
}

const plannedOf = (platform: Platform): PlannedKpi[] =>
  comparedKpis(platform).flatMap(({ service, experiment, kpi, effect, level }) =>
    service.environments.map((environment) => ({
      ...{ environment, service: service.name, experiment: experiment.name, kpi, effect, level },
      share: experiment.share.value,
    })),
  );

/** What was recorded last: an experiment that is over still has its verdict. */
async function reportAt(address: string, atMs: number, name: string, planned: PlannedKpi[]): Promise<ExperimentReport> {
  const [counts = [], shares = []] = await Promise.all(
    [armCount, armShare].map(({ series }) => queryPrometheus(address, `last_over_time(${series}[30d])`, atMs)),
  );
  return experimentReport(name, atMs, planned, fewestEvents, (of, arm) => {
    const wanted = { environment: of.environment, service: of.service, experiment: of.experiment, kpi: of.kpi, arm };
    const find = (values: typeof counts) =>
      values.find(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))?.value;
    const [events, badShare] = [find(counts), find(shares)];
    return events === undefined ? undefined : { events, ...(badShare !== undefined && { badShare }) };
  });
}
