import { describe, expect, it } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { AlertRules, GrafanaDashboards, MonitoringPlatform, type PlatformProps } from "../../src/index.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { renderRules } from "../../src/render/rules.ts";
import { sampleProps } from "../sample-platform.ts";
import { resourcesOf, synthesizeConstructs } from "./synthesized.ts";

const placing = (platform: PlatformProps) =>
  synthesizeConstructs((stack) => void new AlertRules(stack, "rules", { platform, workspaceId: "ws-1" }));

const [orders, ...others] = sampleProps.services;
if (!orders) throw new Error("the sample has no service");

describe("a construct", () => {
  it("deploys what the command line would generate from the same platform", () => {
    const namespaces = resourcesOf(placing(sampleProps), "aws_prometheus_rule_group_namespace");
    const files = renderRules(resolvePlatform(sampleProps, packs));
    expect(namespaces).toHaveLength(files.length);
    for (const [index, name] of ["http", "health"].entries()) {
      const file = { workspace_id: "ws-1", name, data: files[index]?.text };
      expect(namespaces).toContainEqual(expect.objectContaining(file));
    }
  });

  it("names every fault of its props at once, and where it stands", () => {
    const wrong: PlatformProps = {
      ...sampleProps,
      services: [{ ...orders, owner: "nobody-knows", packs: ["htpp"] }, ...others],
    };
    expect(() => placing(wrong)).toThrow(
      /^test\/rules: the platform cannot be deployed.*\n.*services\[0\]\.owner.*\n?.*services\[0\]\.packs/s,
    );
  });

  it("hands drills the platform and the files that it deploys", () => {
    let rules: AlertRules | undefined;
    const stack = synthesizeConstructs((scope) => {
      rules = new AlertRules(scope, "rules", { platform: sampleProps, workspaceId: "ws-1" });
    });
    const deployed = resourcesOf(stack, "aws_prometheus_rule_group_namespace").map(({ data }) => data);
    expect(rules?.ruleFiles.map(({ yaml }) => yaml).sort()).toEqual(deployed.sort());
    expect(rules?.platform.services.map(({ name }) => name)).toEqual(["orders-api", "search", "gallery"]);
  });

  it("can stand in a stack twice", () => {
    const stack = synthesizeConstructs((scope) => {
      for (const id of ["a", "b"]) new GrafanaDashboards(scope, id, { platform: { ...sampleProps, name: id } });
    });
    expect(resourcesOf(stack, "grafana_folder").map(({ uid }) => uid)).toEqual(["firedrill-a", "firedrill-b"]);
  });
});

describe("MonitoringPlatform", () => {
  it("is all of them, with Grafana reading from the workspace", () => {
    const stack = synthesizeConstructs((scope) => void new MonitoringPlatform(scope, "all", { platform: sampleProps }));
    expect(Object.keys(stack.resource).sort()).toEqual([
      "aws_cloudwatch_log_group",
      "aws_kms_alias",
      "aws_kms_key",
      "aws_prometheus_alert_manager_definition",
      "aws_prometheus_rule_group_namespace",
      "aws_prometheus_workspace",
      "aws_prometheus_workspace_configuration",
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_policy",
      "aws_sns_topic",
      "aws_sns_topic_policy",
      "aws_sns_topic_subscription",
      "grafana_contact_point",
      "grafana_dashboard",
      "grafana_data_source",
      "grafana_folder",
    ]);
    const [prometheus] = resourcesOf(stack, "grafana_data_source");
    expect(prometheus?.url).toMatch(/^\$\{aws_prometheus_workspace\..*\.prometheus_endpoint\}$/);
  });
});
