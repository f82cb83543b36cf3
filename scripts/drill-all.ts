import { dashboards } from "../dashboards/index.ts";
import { type DrillOptions, drillPlatform } from "../src/drills/drill-platform.ts";
import type { DrillResult } from "../src/drills/drill-result.ts";
import { startDrillLoki } from "../src/loki/drill-loki.ts";
import { lokiClient } from "../src/loki/loki-client.ts";
import type { Platform } from "../src/model/platform.ts";
import { renderDashboards } from "../src/render/dashboard.ts";
import { renderLogRules } from "../src/render/log-rules.ts";
import { askLogQueries, type LogQueryResult, logQueries } from "../src/review/log-panels.ts";

/**
 * Runs the drills, and asks the queries of log lines, with one Loki for both.
 *
 * @param only texts of which one must be in a query's name. @default - every query
 */
export async function drillAll(
  config: string,
  platform: Platform,
  { only = [], ...options }: Omit<DrillOptions, "loki"> & { only?: readonly string[] },
): Promise<{ results: DrillResult[]; queries: LogQueryResult[] }> {
  const logRuleFiles = renderLogRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const wanted = logQueries(logRuleFiles, renderDashboards(platform, dashboards)).filter(
    ({ name }) => only.length === 0 || only.some((text) => name.toLowerCase().includes(text.toLowerCase())),
  );
  const loki = wanted.length > 0 ? await startDrillLoki(platform) : undefined;
  try {
    const results = await drillPlatform(config, platform, { ...options, loki });
    return { results, queries: await askLogQueries(wanted, platform, loki && lokiClient(loki.address)) };
  } finally {
    await loki?.stop();
  }
}
