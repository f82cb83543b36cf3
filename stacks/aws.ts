import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { Construct } from "constructs";
import { LocalBackend, TerraformOutput, TerraformStack } from "./cdktf.ts";
import { AlertRules } from "./constructs/alert-rules.ts";
import { ManagedAlertmanager } from "./constructs/managed-alertmanager.ts";
import { ManagedPrometheus } from "./constructs/managed-prometheus.ts";
import { type PlatformConstructProps, resolvedPlatform } from "./resolved-platform.ts";
import { statePath } from "./state.ts";
import { terraformText } from "./terraform-text.ts";

/** The stack `aws`: metrics, rules and routing in Amazon Managed Prometheus. */
export class AwsMonitoring extends TerraformStack {
  constructor(scope: Construct, id: string, props: PlatformConstructProps) {
    super(scope, id);
    const { aws, name } = resolvedPlatform(this, props);
    new LocalBackend(this, { path: statePath(id) });
    new AwsProvider(this, "provider", {
      region: terraformText(aws.region),
      defaultTags: [{ tags: { "managed-by": "firedrill", platform: terraformText(name) } }],
    });
    const prometheus = new ManagedPrometheus(this, "prometheus", props);
    const { workspaceId, workspaceArn, endpoint } = prometheus;
    new AlertRules(this, "rules", { ...props, workspaceId });
    const alertmanager = new ManagedAlertmanager(this, "alertmanager", { ...props, workspaceId, workspaceArn });

    const output = (id: string, description: string, value: unknown) =>
      new TerraformOutput(this, id, { description, value });
    output("prometheus_url", "Give it to the stack grafana as TF_VAR_prometheus_url", endpoint);
    output(
      "remote_write_url",
      "Where collectors write metrics, with signed requests",
      `${endpoint}api/v1/remote_write`,
    );
    const topics = Object.entries(alertmanager.topicArns).map(([receiver, arn]) => [terraformText(receiver), arn]);
    output("topics", "Topics that alerts are published to, by receiver", Object.fromEntries(topics));
  }
}
