/**
 * What other programs use: constructs that deploy monitoring, the words that describe a platform, and the drills that
 * prove its alerts. `examples/cdktf-app` is such a program.
 */

// Packs: what is known about each kind of thing that is monitored, and the words to write one.
export * from "../alert-rules/http.ts";
export { packs } from "../alert-rules/index.ts";
export { AlertRules, type AlertRulesProps } from "../stacks/constructs/alert-rules.ts";
export { GrafanaContactPoints } from "../stacks/constructs/grafana-contact-points.ts";
export { GrafanaDashboards } from "../stacks/constructs/grafana-dashboards.ts";
export {
  GrafanaDataSources,
  type GrafanaDataSourcesProps,
  prometheusDatasourceUid,
} from "../stacks/constructs/grafana-data-sources.ts";
export { LocalStack, type LocalStackProps } from "../stacks/constructs/local-stack.ts";
export { ManagedAlertmanager, type ManagedAlertmanagerProps } from "../stacks/constructs/managed-alertmanager.ts";
export { defaultManagedLimits, type ManagedLimits } from "../stacks/constructs/managed-limits.ts";
export { ManagedPrometheus } from "../stacks/constructs/managed-prometheus.ts";
export { MonitoringPlatform, type MonitoringPlatformProps } from "../stacks/constructs/monitoring-platform.ts";
export { GrafanaProvider, type GrafanaProviderConfig } from "../stacks/grafana-provider/provider.ts";
export type { PlatformConstructProps } from "../stacks/resolved-platform.ts";
export { platformFindings } from "./config/platform-findings.ts";
export * from "./drills/drill.ts";
export type { DrillFailure, DrillResult } from "./drills/drill-result.ts";
export { explainDrill } from "./drills/explain-drill.ts";
export { type DrillRun, runDrills } from "./drills/run-drills.ts";
export { type Engine, loadEngine } from "./engine/engine.ts";
export type { RuleFile } from "./engine/rules.ts";
export type { Artifact } from "./model/artifact.ts";
export type { Criticality, Severity } from "./model/conventions.ts";
export type { Finding } from "./model/finding.ts";
export * from "./model/pack.ts";
export * from "./model/platform.ts";
export * from "./model/platform-props.ts";
export {
  count,
  type Duration,
  days,
  hours,
  linesPerSecond,
  minutes,
  percent,
  type Quantity,
  ratio,
  requestsPerSecond,
  seconds,
} from "./model/quantity.ts";
export * from "./model/resolve-platform.ts";
export { renderLogRules } from "./render/log-rules.ts";
export { renderAll } from "./render/render.ts";
export { receiversFor } from "./render/routing.ts";
export { renderRules } from "./render/rules.ts";
export { everyRoute, type RouteChange, route } from "./worlds/route-change.ts";
export { healthy, type World } from "./worlds/world.ts";
