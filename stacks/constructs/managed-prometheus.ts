import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { PrometheusWorkspace } from "@cdktf/provider-aws/lib/prometheus-workspace/index.js";
import { PrometheusWorkspaceConfiguration } from "@cdktf/provider-aws/lib/prometheus-workspace-configuration/index.js";
import { Construct } from "constructs";
import type { Platform } from "../../src/model/platform.ts";
import { plainName } from "../names.ts";
import { type PlatformConstructProps, report, resolvedPlatform } from "../resolved-platform.ts";
import { terraformText } from "../terraform-text.ts";
import { awsAccount } from "./aws-policy.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { retentionDays, retentionFindings } from "./managed-limits.ts";

/** Periods for which CloudWatch keeps logs, in days; it knows no others (API PutRetentionPolicy). */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * A workspace of Amazon Managed Prometheus that keeps metrics as long as the platform says, encrypted with a key of
 * its own, with a log that shows what its ruler and Alertmanager could not do. Terraform refuses to delete it: the
 * history goes with it.
 */
export class ManagedPrometheus extends Construct {
  readonly workspaceId: string;
  readonly workspaceArn: string;
  /** Base address of its API; ends in `/`. Remote write is `api/v1/remote_write` below it. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: PlatformConstructProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    report(this, retentionFindings(platform));
    const name = plainName(platform.name, 80);
    // Under this prefix AWS lets its services write without a resource policy of ours.
    const logGroupName = `/aws/vendedlogs/prometheus/${name}`;
    const key = this.#key(name, logGroupName, platform);
    const logGroup = new CloudwatchLogGroup(this, "log", {
      name: logGroupName,
      retentionInDays: shortestLogRetention(platform),
      kmsKeyId: key.arn,
    });
    const workspace = new PrometheusWorkspace(this, "workspace", {
      alias: terraformText(platform.name),
      kmsKeyArn: key.arn,
      loggingConfiguration: { logGroupArn: `${logGroup.arn}:*` },
      lifecycle: { preventDestroy: true },
    });
    new PrometheusWorkspaceConfiguration(this, "configuration", {
      workspaceId: workspace.id,
      retentionPeriodInDays: retentionDays(platform),
    });
    this.workspaceId = workspace.id;
    this.workspaceArn = workspace.arn;
    this.endpoint = workspace.prometheusEndpoint;
  }

  /** A workspace's key cannot be changed later without losing the workspace, hence one of its own from the start. */
  #key(name: string, logGroupName: string, { aws }: Platform): EncryptionKey {
    const account = awsAccount(this);
    return new EncryptionKey(this, "key", {
      alias: `firedrill-${name}-metrics`,
      description: "Metrics of the monitored services and the log of their Prometheus workspace",
      preventDestroy: true,
      statements: [
        {
          Sid: "LogGroup",
          Effect: "Allow",
          Principal: { Service: `logs.${aws.region}.amazonaws.com` },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn": `arn:${account.partition}:logs:${aws.region}:${account.id}:log-group:${logGroupName}`,
            },
          },
        },
      ],
    });
  }
}

/** The shortest period that CloudWatch knows and that is not shorter than the platform's for logs; its longest else. */
function shortestLogRetention({ retention }: Platform): number {
  const wanted = retention.logs.value / 86_400;
  return logRetentionDays.find((days) => days >= wanted) ?? Math.max(...logRetentionDays);
}
