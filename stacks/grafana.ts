import type { Construct } from "constructs";
import { lokiAddress } from "../src/render/loki.ts";
import { prometheusAddress } from "../src/render/prometheus.ts";
import { LocalBackend, TerraformStack, TerraformVariable } from "./cdktf.ts";
import { GrafanaContactPoints } from "./constructs/grafana-contact-points.ts";
import { GrafanaDashboards } from "./constructs/grafana-dashboards.ts";
import { GrafanaDataSources } from "./constructs/grafana-data-sources.ts";
import { GrafanaProvider } from "./grafana-provider/provider.ts";
import type { PlatformConstructProps } from "./resolved-platform.ts";
import { statePath } from "./state.ts";

/**
 * The stack `grafana`: data sources, dashboards and contact points in any Grafana. Apart from `aws`, since a provider
 * whose address comes from the same deployment cannot be planned. `GRAFANA_URL` and `GRAFANA_AUTH` come from the
 * environment.
 */
export class GrafanaMonitoring extends TerraformStack {
  constructor(scope: Construct, id: string, props: PlatformConstructProps) {
    super(scope, id);
    new LocalBackend(this, { path: statePath(id) });
    new GrafanaProvider(this, "provider");
    const address = (name: string, what: string, local: string) =>
      new TerraformVariable(this, name, {
        type: "string",
        nullable: false,
        description: `${what}, as Grafana reaches it; give it as TF_VAR_${name}`,
        default: `http://${local}`,
      }).stringValue;
    new GrafanaDataSources(this, "data-sources", {
      ...props,
      prometheusUrl: address("prometheus_url", "Prometheus", prometheusAddress),
      lokiUrl: address("loki_url", "Loki", lokiAddress),
      tempoUrl: props.platform.traces && address("tempo_url", "Tempo", "127.0.0.1:3200"),
    });
    new GrafanaDashboards(this, "dashboards", props);
    new GrafanaContactPoints(this, "contact-points", props);
  }
}
