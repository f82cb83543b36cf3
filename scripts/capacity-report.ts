import { hourly } from "../src/derived/capacity-rules.ts";
import { listedSignals } from "../src/derived/listed-signals.ts";
import { queryPrometheus } from "../src/live/live-prometheus.ts";
import type { Platform } from "../src/model/platform.ts";
import {
  type Asked,
  capacityReport,
  capacityReportMarkdown,
  type RecordedCapacity,
} from "../src/review/capacity-report.ts";
import { printReport } from "./recorded-report.ts";
import type { CommandOptions, ExitCode } from "./shared.ts";

/** Where every signal that is forecast goes and when it reaches its limit, read from what a Prometheus has recorded. */
export const run = (options: CommandOptions): Promise<ExitCode> =>
  printReport(
    {
      isAsked: (platform) => askedOf(platform).length > 0,
      nothing: "has nothing to forecast: give a service `forecasts`.",
      read: recordedAt,
      report: (platform, atMs, recorded) => capacityReport(platform.name, atMs, askedOf(platform), recorded),
      markdown: capacityReportMarkdown,
      exitCode: ({ unknown }) => (unknown.length > 0 ? 3 : 0),
    },
    options,
  );

/** In every environment of every service that lists it. */
const askedOf = (platform: Platform): Asked[] =>
  listedSignals(platform, "forecasts").flatMap(({ signal, services }) =>
    platform.services
      .filter(({ name }) => services.includes(name))
      .flatMap(({ name, environments }) =>
        environments.map((environment) => ({ environment, service: name, signal: signal.name, unit: signal.unit })),
      ),
  );

const in30Days = '{horizon="30d"}';
const read: Record<Exclude<keyof RecordedCapacity, "labels">, string> = {
  value: hourly.value,
  trend: hourly.trend,
  trendMargin: hourly.trendMargin,
  in30Days: hourly.forecast + in30Days,
  in30DaysLow: hourly.forecastLow + in30Days,
  in30DaysHigh: hourly.forecastHigh + in30Days,
  limit: hourly.limit,
  left: hourly.left,
  leftEarly: hourly.leftEarly,
  leftLate: hourly.leftLate,
};

/** It is computed once an hour; one that is missed is bridged. */
async function recordedAt(address: string, atMs: number): Promise<RecordedCapacity[]> {
  const answers = await Promise.all(
    Object.entries(read).map(async ([key, series]) => ({
      key,
      found: await queryPrometheus(address, `last_over_time(${series}[2h])`, atMs),
    })),
  );
  const all = new Map<string, RecordedCapacity>();
  for (const { key, found } of answers) {
    for (const { labels: found_, value } of found) {
      // No limit is an infinite one.
      if (!Number.isFinite(value)) continue;
      const { horizon: _, __name__: __, ...labels } = found_;
      const name = JSON.stringify(Object.entries(labels).sort());
      all.set(name, { ...(all.get(name) ?? { labels, value: Number.NaN }), [key]: value });
    }
  }
  return [...all.values()].filter(({ value }) => !Number.isNaN(value));
}
