import { Construct } from "constructs";
import { type PlatformConstructProps, resolvedPlatform } from "../resolved-platform.ts";
import { AlertRules } from "./alert-rules.ts";
import { GrafanaContactPoints } from "./grafana-contact-points.ts";
import { GrafanaDashboards } from "./grafana-dashboards.ts";
import { GrafanaDataSources, type GrafanaDataSourcesProps } from "./grafana-data-sources.ts";
import { ManagedAlertmanager } from "./managed-alertmanager.ts";
import type { ManagedLimits } from "./managed-limits.ts";
import { ManagedPrometheus } from "./managed-prometheus.ts";

export interface MonitoringPlatformProps extends PlatformConstructProps {
  /** Base address of Loki as Grafana reaches it. @default - no data source for logs */
  lokiUrl?: GrafanaDataSourcesProps["lokiUrl"];
  /** Base address of Tempo as Grafana reaches it; needs `traces` in the platform. @default - no data source for traces */
  tempoUrl?: GrafanaDataSourcesProps["tempoUrl"];
  /** What this account's quotas are, where they were raised. @default - the service's defaults */
  limits?: Partial<ManagedLimits>;
}

/**
 * Everything in one: metrics, rules and routing in Amazon Managed Prometheus, and a Grafana that is there already and
 * reads from it. The stack it is placed in has the providers of both.
 */
export class MonitoringPlatform extends Construct {
  readonly prometheus: ManagedPrometheus;
  readonly alertmanager: ManagedAlertmanager;

  constructor(scope: Construct, id: string, props: MonitoringPlatformProps) {
    super(scope, id);
    const { platform, packs, limits, lokiUrl, tempoUrl } = props;
    const common = { platform, packs };
    // Once here, so that a fault is told for the whole and not by the part that happens to come first.
    resolvedPlatform(this, common);
    this.prometheus = new ManagedPrometheus(this, "prometheus", common);
    const { workspaceId, workspaceArn, endpoint } = this.prometheus;
    new AlertRules(this, "rules", { ...common, workspaceId, limits });
    this.alertmanager = new ManagedAlertmanager(this, "alertmanager", { ...common, workspaceId, workspaceArn, limits });
    new GrafanaDataSources(this, "data-sources", { ...common, prometheusUrl: endpoint, lokiUrl, tempoUrl });
    new GrafanaDashboards(this, "dashboards", common);
    new GrafanaContactPoints(this, "contact-points", common);
  }
}
