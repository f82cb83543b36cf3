import { recordedAs } from "../src/derived/bottleneck-rules.ts";
import { type QueriedValue, queryPrometheus } from "../src/live/live-prometheus.ts";
import {
  bottleneckReport,
  bottleneckReportMarkdown,
  type RecordedWait,
  type RecordedWaits,
} from "../src/review/bottleneck-report.ts";
import { printReport } from "./recorded-report.ts";
import type { CommandOptions, ExitCode } from "./shared.ts";

/** What users of every journey wait for, which part grew and what to do first, read from what a Prometheus has recorded. */
export const run = (options: CommandOptions): Promise<ExitCode> =>
  printReport(
    {
      isAsked: ({ services }) => services.some(({ components }) => components),
      nothing: "does not say what users wait for: give a service with journeys `components`.",
      read: recordedWaits,
      report: bottleneckReport,
      markdown: bottleneckReportMarkdown,
      exitCode: ({ journeys }) => (journeys.some(({ verdict }) => verdict === "no data") ? 3 : 0),
    },
    options,
  );

async function recordedWaits(address: string, atMs: number): Promise<RecordedWaits> {
  const { wait, share, growth, bottleneck } = recordedAs;
  const [waits = [], shares = [], growths = [], found = []] = await Promise.all(
    [wait, share, growth, bottleneck].map((series) => queryPrometheus(address, series, atMs)),
  );
  return {
    waits: waits.map(waitOf),
    shares: shares.map(waitOf),
    growths: growths.map(waitOf),
    bottlenecks: found.map(({ labels, value }) => {
      const { since = "", load = "", at = "", runbook, advice = "" } = labels;
      return { ...waitOf({ labels, value }), since, load, at, runbook, advice };
    }),
  };
}

function waitOf({ labels, value }: QueriedValue): RecordedWait {
  const { environment = "", service = "", journey = "", component = "", since } = labels;
  return { environment, service, journey, component, since, value };
}
