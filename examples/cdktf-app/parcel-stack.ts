import { PrometheusWorkspace } from "@cdktf/provider-aws/lib/prometheus-workspace/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AlertRules, GrafanaDashboards, GrafanaProvider } from "./firedrill.ts";
import { monitored } from "./monitored.ts";

/** Infrastructure that was there before, and two constructs that watch what runs on it. */
export class ParcelStack extends TerraformStack {
  readonly rules: AlertRules;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    new AwsProvider(this, "aws", { region: "eu-central-1" });
    new SqsQueue(this, "scans", { name: "parcel-scans" });
    const workspace = new PrometheusWorkspace(this, "metrics", { alias: "parcel" });

    this.rules = new AlertRules(this, "rules", { platform: monitored, workspaceId: workspace.id });
    new GrafanaProvider(this, "grafana");
    new GrafanaDashboards(this, "dashboards", { platform: monitored });
  }
}
