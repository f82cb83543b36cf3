import { drillsOf } from "../../alert-rules/drills.ts";
import { packs } from "../../alert-rules/index.ts";
import { dashboards } from "../../dashboards/index.ts";
import { loadEngine } from "../engine/engine.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Finding, Place } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { allPromises } from "../model/promises.ts";
import { renderDashboards } from "../render/dashboard.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { renderPrometheus } from "../render/prometheus.ts";
import { renderRules } from "../render/rules.ts";
import { measurableFindings } from "../worlds/measurable.ts";
import { cardinalityFindings } from "./cardinality.ts";
import { forbiddenPatternFindings } from "./forbidden-patterns.ts";
import { representative } from "./healthy-platform.ts";
import { logQueryFindings } from "./log-queries.ts";
import { platformQueryFindings } from "./platform-queries.ts";
import { drawnAlerts, readRunbooks, runbookFindings } from "./runbooks.ts";
import { targetFindings } from "./target-labels.ts";

export interface Inspection {
  /** What was looked at, as a sentence that holds when there are no findings. */
  name: string;
  findings: Finding[];
}

/** Everything that can be said about a valid platform without drilling it. */
export async function inspectPlatform(
  platform: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
): Promise<Inspection[]> {
  const engine = await loadEngine();
  const asFiles = (artifacts: readonly Artifact[]) => artifacts.map(({ path, text }) => ({ name: path, yaml: text }));
  const few = representative(platform, []);
  const ruleFiles = asFiles(renderRules(platform));
  const logRuleFiles = asFiles(renderLogRules(platform));
  const dashboardFiles = renderDashboards(platform, dashboards);
  return [
    {
      name: "every latency threshold can be measured with the service's buckets",
      findings: measurableFindings(platform, placeOf),
    },
    {
      name: "Prometheus accepts every rule",
      findings: engine.checkRules(ruleFiles).map(({ file, line, column, message }) => ({
        rule: "rules/invalid",
        severity: "error",
        place: { file, line, column },
        summary: message,
      })),
    },
    {
      name: "every pattern that must never be logged is found in its example",
      findings: forbiddenPatternFindings(platform, placeOf, engine),
    },
    {
      name: "every target gets the labels that alerts and routes need",
      findings: targetFindings(few, renderPrometheus(few), engine),
    },
    {
      name: "every query of every panel and rule returns something",
      findings: [
        ...platformQueryFindings(platform, ruleFiles, dashboardFiles, engine),
        ...logQueryFindings(platform, logRuleFiles, dashboardFiles, engine),
      ],
    },
    {
      name: "no service has more series than the budget allows",
      findings: cardinalityFindings(platform, placeOf),
    },
    {
      name: "alerts, runbooks, drills and panels belong together, none without the others",
      findings: runbookFindings(platform, await readRunbooks(), engine, {
        known: Object.values(packs),
        drilled: drilledAlerts(few),
        promised: new Set(platform.services.flatMap(allPromises).map(({ alert }) => alert.name)),
        drawn: drawnAlerts(platform.packs, dashboards),
      }),
    },
  ];
}

const drilledAlerts = (platform: Platform): Set<string> =>
  new Set(drillsOf(platform).flatMap(({ expect }) => expect.map(({ alert }) => alert)));
