import { PrometheusAlertManagerDefinition } from "@cdktf/provider-aws/lib/prometheus-alert-manager-definition/index.js";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import type { Receiver } from "../../src/model/platform-props.ts";
import {
  arnPlaceholder,
  managedDestinations,
  renderManagedAlertmanager,
  routingKeyField,
} from "../../src/render/managed-alertmanager.ts";
import { Annotations, type ITerraformDependable } from "../cdktf.ts";
import { plainName } from "../names.ts";
import { type PlatformConstructProps, report, resolvedPlatform } from "../resolved-platform.ts";
import { terraformText } from "../terraform-text.ts";
import { type AwsAccount, awsAccount, managedPrometheus, managedPrometheusMay, policyDocument } from "./aws-policy.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { defaultManagedLimits, definitionFindings, type ManagedLimits } from "./managed-limits.ts";

export interface ManagedAlertmanagerProps extends PlatformConstructProps {
  workspaceId: string;
  workspaceArn: string;
  /** What this account's quotas are, where they were raised. @default - the service's defaults */
  limits?: Partial<ManagedLimits>;
}

/**
 * Routing in Amazon Managed Prometheus and what it delivers to: a topic per receiver that is not PagerDuty, with a
 * subscription where the receiver is a mailbox; for PagerDuty an empty secret, into which a person puts
 * `{"routing_key": "…"}`. Topics and secrets are encrypted with a key of their own, and only this workspace may
 * publish to the former and read the latter.
 */
export class ManagedAlertmanager extends Construct {
  /** ARN of each receiver's topic, by the receiver's name. */
  readonly topicArns: Readonly<Record<string, string>>;
  readonly #name: string;
  readonly #workspace: { workspaceArn: string; account: AwsAccount };
  readonly #keyArn: string;
  readonly #grants: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ManagedAlertmanagerProps) {
    super(scope, id);
    const platform = resolvedPlatform(this, props);
    this.#name = plainName(platform.name, 80);
    this.#workspace = { workspaceArn: props.workspaceArn, account: awsAccount(this) };
    this.#keyArn = this.#key();

    const topicArns: Record<string, string> = {};
    const secretArns: Record<string, string> = {};
    for (const to of managedDestinations(platform)) {
      if (to.kind === "topic") topicArns[to.receiver.name] = this.#topic(to.receiver);
      else secretArns[to.secret] ??= this.#secret(to.secret);
    }
    this.topicArns = topicArns;

    const definition = renderManagedAlertmanager(platform);
    report(this, definitionFindings(definition, { ...defaultManagedLimits, ...props.limits }));
    new PrometheusAlertManagerDefinition(this, "definition", {
      workspaceId: props.workspaceId,
      definition: withArns(definition.text, topicArns, secretArns),
      // An alert that fires before it may be published is lost.
      dependsOn: this.#grants,
    });
  }

  #key(): string {
    const { arn } = new EncryptionKey(this, "key", {
      alias: `firedrill-${this.#name}-notifications`,
      description: "Alert messages on their way and the credentials of receivers",
      preventDestroy: false,
      statements: [
        {
          // No condition on the workspace: whether SNS passes it on to KMS is not documented, and if it did not,
          // every message would be dropped. Who may publish and read is said by topics and secrets themselves.
          Sid: "Alertmanager",
          Effect: "Allow",
          Principal: managedPrometheus,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
      ],
    });
    return arn;
  }

  #topic({ name: receiver, email, slack }: Receiver): string {
    const name = plainName(`firedrill-${this.#name}-${receiver}`, 256);
    const topic = new SnsTopic(this, plainName(`topic-${receiver}`), { name, kmsMasterKeyId: this.#keyArn });
    const policy = new SnsTopicPolicy(this, plainName(`topic-policy-${receiver}`), {
      arn: topic.arn,
      policy: policyDocument([
        managedPrometheusMay("Alertmanager", ["sns:Publish", "sns:GetTopicAttributes"], topic.arn, this.#workspace),
      ]),
    });
    this.#grants.push(policy);
    if (email) {
      new SnsTopicSubscription(this, plainName(`mail-${receiver}`), {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: terraformText(email.to),
      });
    } else {
      Annotations.of(this).addWarning(
        `${receiver}: Amazon's Alertmanager cannot send to ${slack ? "Slack" : "a webhook"} itself. Its alerts are published as JSON to the topic ${name}. → subscribe what delivers them (Amazon Q in chat applications, a Lambda function)`,
      );
    }
    return topic.arn;
  }

  #secret(secret: string): string {
    const created = new SecretsmanagerSecret(this, plainName(`secret-${secret}`), {
      name: `firedrill/${this.#name}/${plainName(secret)}`,
      description: `PagerDuty routing key, as {"${routingKeyField}": "..."}`,
      kmsKeyId: this.#keyArn,
    });
    const policy = new SecretsmanagerSecretPolicy(this, plainName(`secret-policy-${secret}`), {
      secretArn: created.arn,
      policy: policyDocument([
        managedPrometheusMay(
          "Alertmanager",
          ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          created.arn,
          this.#workspace,
        ),
      ]),
      blockPublicPolicy: true,
    });
    this.#grants.push(policy);
    return created.arn;
  }
}

/** The definition as Terraform must get it: text from users arrives as it is, placeholders become references. */
function withArns(
  definition: string,
  topics: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string {
  const replace = (text: string, kind: "topic" | "secret", arns: Readonly<Record<string, string>>) =>
    Object.entries(arns).reduce((rest, [name, arn]) => rest.replaceAll(arnPlaceholder(kind, name), arn), text);
  return replace(replace(terraformText(definition), "topic", topics), "secret", secrets);
}
