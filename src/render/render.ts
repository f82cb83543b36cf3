import { packs } from "../../alert-rules/index.ts";
import { dashboards } from "../../dashboards/index.ts";
import { monitoringSchema } from "../config/schema.ts";
import { type Artifact, jsonArtifact } from "../model/artifact.ts";
import { compareText } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { renderAlertmanager } from "./alertmanager.ts";
import { renderCollector } from "./collector.ts";
import { renderDashboards } from "./dashboard.ts";
import { renderHeartbeat } from "./heartbeat.ts";
import { renderLogRules } from "./log-rules.ts";
import { renderLoki } from "./loki.ts";
import { renderPrometheus } from "./prometheus.ts";
import { renderRules } from "./rules.ts";

/** Everything that is written to `generated/`, sorted by path. The same platform gives the same bytes. */
export function renderAll(platform: Platform): Artifact[] {
  return [
    renderPrometheus(platform),
    ...renderRules(platform),
    ...renderHeartbeat(platform),
    ...renderAlertmanager(platform),
    ...(platform.featureOn("logging") ? [renderLoki(platform), ...renderLogRules(platform)] : []),
    ...renderCollector(platform),
    ...renderDashboards(platform, dashboards),
    jsonArtifact("monitoring.schema.json", monitoringSchema(packs)),
  ].sort((a, b) => compareText(a.path, b.path));
}
