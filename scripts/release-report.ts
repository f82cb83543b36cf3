import { newest, older } from "../alert-rules/releases.newest.ts";
import { beforeBad, beforeRequests, releaseBad, releaseRequests } from "../alert-rules/releases.shares.ts";
import { heldFor, significance, worseThan } from "../alert-rules/releases.signals.ts";
import { ReleaseRegression } from "../alert-rules/releases.ts";
import { type QueriedValue, queryPrometheus } from "../src/live/live-prometheus.ts";
import { formatDuration } from "../src/model/quantity.ts";
import { type RecordedRelease, releaseReport, releaseReportMarkdown } from "../src/review/release-report.ts";
import { printReport } from "./recorded-report.ts";
import type { CommandOptions, ExitCode } from "./shared.ts";

/** How the newest version of every service compares with the one before, read from what a Prometheus has recorded. */
export const run = (options: CommandOptions): Promise<ExitCode> =>
  printReport(
    {
      isAsked: ({ services }) => services.some(({ versions }) => versions),
      nothing: "compares no versions: give a service `versions`.",
      read: recordedAt,
      report: (platform, atMs, recorded) =>
        releaseReport(platform, atMs, ReleaseRegression.guard?.above.value ?? 0, recorded),
      markdown: releaseReportMarkdown,
      exitCode: ({ releases }) => {
        if (releases.some(({ verdict }) => verdict === "worse" || verdict === "still worse")) return 1;
        return releases.some(({ verdict }) => verdict === "no data") ? 3 : 0;
      },
    },
    options,
  );

async function recordedAt(address: string, atMs: number): Promise<RecordedRelease[]> {
  const signals = [newest, older, releaseRequests, beforeRequests, releaseBad, beforeBad, significance];
  const wasWorse = `last_over_time(${worseThan.series}[${formatDuration(heldFor)}])`;
  const queries = [...signals.map(({ series }) => series), wasWorse];
  const answers = await Promise.all(queries.map((query) => queryPrometheus(address, query, atMs)));
  const [latest = [], earlier = [], after = [], before = [], badAfter = [], badBefore = [], sure = [], held = []] =
    answers;
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
      worseThan: own(held)
        .filter(({ labels }) => labels.version === version)
        .map(({ labels: { kpi = "", before: than = "" }, value: share }) => {
          const z = own(sure).find(
            ({ labels }) => labels.version === version && labels.before === than && labels.kpi === kpi,
          )?.value;
          return { kpi, version: than, share, ...(z !== undefined && { z }) };
        }),
    };
  });
}
