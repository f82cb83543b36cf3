import { badEvents, events } from "../alert-rules/slo.signals.ts";
import { loadConfig } from "../src/config/load.ts";
import { queryPrometheus } from "../src/live/live-prometheus.ts";
import { formatDuration, seconds } from "../src/model/quantity.ts";
import {
  type CountedPart,
  type ReportPart,
  reportParts,
  sloReport,
  sloReportMarkdown,
} from "../src/review/slo-report.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say } from "./shared.ts";

/** How every SLO was kept over a period, read from what a Prometheus has recorded. */
export async function run(options: CommandOptions): Promise<ExitCode> {
  const { platform, findings } = await loadConfig(options.config);
  if (!platform) {
    printFindings(findings);
    return 1;
  }
  if (platform.services.every(({ slos }) => slos.length === 0)) {
    complain(`${options.config} has no SLOs: give a service \`slos\`.`);
    return 1;
  }
  const toMs = options.to?.getTime() ?? Date.now();
  const fromMs = options.from?.getTime() ?? toMs - options.period.value * 1000;
  if (fromMs >= toMs) {
    complain("The period is empty: --from is not before --to.");
    return 2;
  }
  const address = options.prometheus.replace(/\/+$/, "");
  const counted: CountedPart[] = [];
  try {
    for (const part of reportParts({ fromMs, toMs })) counted.push(...(await countedIn(address, part)));
  } catch (error) {
    complain(`${address} gave no answer: ${error instanceof Error ? error.message : error}`);
    return 3;
  }
  const report = sloReport(platform, { fromMs, toMs }, counted);
  say(options.format === "json" ? JSON.stringify(report, null, 2) : sloReportMarkdown(report).trimEnd());
  if (report.slos.some(({ isKept }) => isKept === false)) return 1;
  return report.slos.some(({ attained }) => attained === undefined) ? 3 : 0;
}

/** A range reaches back from its end, which belongs to it; its beginning does not. */
async function countedIn(address: string, part: ReportPart): Promise<CountedPart[]> {
  const length = formatDuration(seconds((part.toMs - part.fromMs) / 1000));
  const ask = (series: string) =>
    queryPrometheus(address, `sum by (environment, service, slo) (sum_over_time(${series}[${length}]))`, part.toMs);
  const [all, bad] = await Promise.all([ask(events.series), ask(badEvents.series)]);
  const key = ({ environment, service, slo }: Readonly<Record<string, string>>) =>
    JSON.stringify([environment, service, slo]);
  const badOf = new Map(bad.map(({ labels, value }) => [key(labels), value]));
  return all.flatMap(({ labels, value }) => {
    const badHere = badOf.get(key(labels));
    const { environment = "", service = "", slo = "" } = labels;
    return badHere === undefined ? [] : [{ ...part, environment, service, slo, events: value, badEvents: badHere }];
  });
}
