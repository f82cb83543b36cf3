import { describe, expect, it } from "vitest";
import type { PlatformProps } from "../../src/model/platform-props.ts";
import { days, seconds } from "../../src/model/quantity.ts";
import { renderManagedAlertmanager } from "../../src/render/managed-alertmanager.ts";
import { renderRules } from "../../src/render/rules.ts";
import { AwsMonitoring } from "../../stacks/aws.ts";
import { terraformText } from "../../stacks/terraform-text.ts";
import { samplePlatform } from "../sample-platform.ts";
import { onlyResource, type Resource, resourcesOf, type Synthesized, synthesizeStack } from "./synthesized.ts";

const synthesize = (change: Partial<PlatformProps> = {}): Synthesized =>
  synthesizeStack((app) => new AwsMonitoring(app, "aws", { platform: samplePlatform(change) }));

const stack = synthesize();

interface Statement {
  Principal: Record<string, string>;
  Action: string[];
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

const statements = ({ policy }: Resource): Statement[] => JSON.parse(policy as string).Statement;

describe("metrics in Amazon Managed Prometheus", () => {
  it("are kept as long as the platform says, and 90 days where it says nothing", () => {
    const kept = (change: Partial<PlatformProps>) =>
      onlyResource(synthesize(change), "aws_prometheus_workspace_configuration").retention_period_in_days;
    expect(kept({ retention: undefined })).toBe(90);
    expect(kept({ retention: { metrics: days(400) } })).toBe(400);
    expect(kept({ retention: { metrics: seconds(86_400.5) } })).toBe(2);
  });

  it("cannot be kept longer than the service can", () => {
    expect(() => synthesize({ retention: { metrics: days(1096) } })).toThrow(/aws\/prometheus: .*1096 days.*1095/s);
  });

  it("are encrypted with a key of their own, logged, and not deleted by a plan", () => {
    const workspace = onlyResource(stack, "aws_prometheus_workspace");
    expect(workspace.kms_key_arn).toMatch(/^\$\{aws_kms_key\.prometheus_key.*\.arn\}$/);
    expect(workspace.logging_configuration).toEqual({
      log_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/),
    });
    expect(workspace.lifecycle).toEqual({ prevent_destroy: true });
  });

  it("have a log that is kept for a period that CloudWatch knows", () => {
    const kept = (logs: number) =>
      onlyResource(synthesize({ retention: { logs: days(logs) } }), "aws_cloudwatch_log_group").retention_in_days;
    expect([1, 90, 91, 100_000].map(kept)).toEqual([1, 90, 120, 3653]);
  });
});

describe("rules in Amazon Managed Prometheus", () => {
  it("are the generated files, one namespace each", () => {
    const deployed = resourcesOf(stack, "aws_prometheus_rule_group_namespace").map(({ name, data }) => ({
      name,
      data,
    }));
    const files = renderRules(samplePlatform()).map(({ path, text }) => ({
      name: path.replace("prometheus/rules/", "").replace(".yml", ""),
      data: terraformText(text),
    }));
    expect(files.map(({ name }) => name)).toEqual(["http", "health"]);
    expect(deployed).toEqual(expect.arrayContaining(files));
    expect(deployed).toHaveLength(files.length);
  });

  it("change with a threshold", () => {
    const changed = synthesize({ thresholds: { HttpLatencyHigh: { critical: seconds(2.125) } } });
    const rulesIn = (one: typeof stack) =>
      resourcesOf(one, "aws_prometheus_rule_group_namespace").find(({ name }) => name === "http")?.data;
    expect(rulesIn(changed)).toContain("> 2.125");
    expect(rulesIn(stack)).not.toContain("> 2.125");
  });
});

describe("routing in Amazon Managed Prometheus", () => {
  const definition = onlyResource(stack, "aws_prometheus_alert_manager_definition").definition as string;

  it("is the rendered definition with a true reference for every placeholder", () => {
    const placeholder = /<arn of (topic|secret) [^>]*>/g;
    const rendered = renderManagedAlertmanager(samplePlatform()).text;
    expect(definition).not.toMatch(placeholder);
    expect(definition.replace(/\$\{aws_(sns_topic|secretsmanager_secret)\.[^}]*\.arn\}/g, "<arn>")).toBe(
      terraformText(rendered).replace(placeholder, "<arn>"),
    );
  });

  it("refers to each receiver's own topic", () => {
    for (const receiver of ["orders-chat", "web-mail", "web-hook", "web-secret-hook", "night-mail"]) {
      expect(definition).toMatch(
        new RegExp(
          `- name: ${receiver}\\n +sns_configs:\\n.*\\n +topic_arn: \\$\\{aws_sns_topic\\.\\w*_topic-${receiver}_\\w+\\.arn\\}`,
        ),
      );
    }
  });

  it("comes after the right to publish", () => {
    const { depends_on } = onlyResource(stack, "aws_prometheus_alert_manager_definition");
    expect((depends_on as string[]).filter((one) => one.includes("sns_topic_policy"))).toHaveLength(5);
    expect((depends_on as string[]).filter((one) => one.includes("secret_policy"))).toHaveLength(2);
  });

  it("lets only this account's workspace publish to topics and read secrets", () => {
    const policies = ["aws_sns_topic_policy", "aws_secretsmanager_secret_policy"].flatMap((type) =>
      resourcesOf(stack, type),
    );
    expect(policies).toHaveLength(7);
    for (const policy of policies) {
      expect(statements(policy)).toEqual([
        {
          Sid: "Alertmanager",
          Effect: "Allow",
          Principal: { Service: "aps.amazonaws.com" },
          Action: expect.not.arrayContaining(["*"]),
          Resource: policy.arn ?? policy.secret_arn,
          Condition: {
            ArnEquals: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_prometheus_workspace\..*\.arn\}$/) },
            StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.account.account_id}" },
          },
        },
      ]);
    }
  });

  it("encrypts topics and secrets with a key that nobody else's account can use", () => {
    const topics = resourcesOf(stack, "aws_sns_topic");
    const secrets = resourcesOf(stack, "aws_secretsmanager_secret");
    const keys = new Set([...topics.map((one) => one.kms_master_key_id), ...secrets.map((one) => one.kms_key_id)]);
    expect([topics.length, secrets.length, keys.size]).toEqual([5, 2, 1]);
    for (const key of resourcesOf(stack, "aws_kms_key")) {
      expect(key.enable_key_rotation).toBe(true);
      const principals = statements(key).flatMap(({ Principal }) => Object.values(Principal));
      expect(principals.some((principal) => principal.includes("*"))).toBe(false);
      const others = statements(key).filter(({ Principal }) => Principal.Service);
      expect(others.flatMap(({ Action }) => Action).filter((action) => action === "kms:*")).toEqual([]);
    }
  });

  it("subscribes mailboxes, and stores no secret's value", () => {
    const mail = resourcesOf(stack, "aws_sns_topic_subscription").map(({ protocol, endpoint }) => [protocol, endpoint]);
    expect(mail.sort()).toEqual([
      ["email", "night@example.com"],
      ["email", "web@example.com"],
    ]);
    expect(stack.resource.aws_secretsmanager_secret_version).toBeUndefined();
  });
});

it("deploys to the platform's region, with tags that say whose it is", () => {
  expect(synthesize({ aws: { region: "us-west-2" } }).provider?.aws).toEqual([
    { region: "us-west-2", default_tags: [{ tags: { "managed-by": "firedrill", platform: "sample" } }] },
  ]);
});
