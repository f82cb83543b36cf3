import { Construct } from "constructs";
import { lokiDatasourceUid, tempoDatasourceUid } from "../../src/model/links.ts";
import { formatDuration } from "../../src/model/quantity.ts";
import { Fn } from "../cdktf.ts";
import { DataSource } from "../grafana-provider/data-source.ts";
import { type PlatformConstructProps, resolvedPlatform } from "../resolved-platform.ts";

export interface GrafanaDataSourcesProps extends PlatformConstructProps {
  /** Base address of Prometheus' API as Grafana reaches it; may be a workspace's endpoint or a variable. */
  prometheusUrl: string;
  /** Base address of Loki as Grafana reaches it. @default - no data source for logs */
  lokiUrl?: string;
  /** Base address of Tempo as Grafana reaches it; needs `traces` in the platform. @default - no data source for traces */
  tempoUrl?: string;
}

/** Uid of the Prometheus data source in Grafana. */
export const prometheusDatasourceUid = "firedrill-prometheus";

/** The stores that dashboards and links read, with uids that are the same in every Grafana. */
export class GrafanaDataSources extends Construct {
  constructor(scope: Construct, id: string, props: GrafanaDataSourcesProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    // Only Terraform knows the address: a workspace of Amazon Managed Prometheus wants signed requests.
    const isManaged = Fn.startswith(props.prometheusUrl, "https://aps-workspaces.");
    new DataSource(this, "prometheus", {
      name: "Firedrill Prometheus",
      type: "prometheus",
      uid: prometheusDatasourceUid,
      url: props.prometheusUrl,
      jsonDataEncoded: Fn.jsonencode({
        httpMethod: "POST",
        timeInterval: formatDuration(platform.intervals.scrape),
        sigV4Auth: isManaged,
        sigV4AuthType: "default",
        sigV4Region: platform.aws.region,
      }),
    });
    const tempo = platform.traces ? props.tempoUrl : undefined;
    if (tempo) {
      new DataSource(this, "tempo", { name: "Firedrill Tempo", type: "tempo", uid: tempoDatasourceUid, url: tempo });
    }
    if (!props.lokiUrl || !platform.featureOn("logging")) return;
    new DataSource(this, "loki", {
      name: "Firedrill Loki",
      type: "loki",
      uid: lokiDatasourceUid,
      url: props.lokiUrl,
      jsonDataEncoded: tempo && Fn.jsonencode({ derivedFields: [traceOfLine] }),
    });
  }
}

/** From a line to its trace, by the identifier that OTLP keeps beside the line. */
const traceOfLine = {
  name: "Trace",
  matcherType: "label",
  matcherRegex: "trace_id",
  datasourceUid: tempoDatasourceUid,
  url: "${__value.raw}",
  urlDisplayLabel: "Show the trace",
};
