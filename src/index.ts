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
export type { Artifact } from "./artifact.ts";
export type { Criticality, Severity } from "./conventions.ts";
export * from "./drill.ts";
export type { DrillFailure, DrillResult } from "./drill-result.ts";
export { type Engine, loadEngine, type RuleFile } from "./engine.ts";
export { explainDrill } from "./explain-drill.ts";
export type { Finding } from "./finding.ts";
export * from "./pack.ts";
export * from "./platform.ts";
export { platformFindings } from "./platform-findings.ts";
export {
  count,
  type Duration,
  days,
  hours,
  minutes,
  percent,
  type Quantity,
  ratio,
  requestsPerSecond,
  seconds,
} from "./quantity.ts";
export { renderAll } from "./render.ts";
export { receiversFor } from "./routing.ts";
export { renderRules } from "./rules.ts";
export { type DrillRun, runDrills } from "./run-drills.ts";
export { everyRoute, healthy, type RouteChange, route, type World } from "./world.ts";
