import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { type AlertmanagerConfig, alertmanagerConfig, nobody } from "../../src/render/alertmanager.ts";
import { managedDestinations, renderManagedAlertmanager } from "../../src/render/managed-alertmanager.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const definition = parse(renderManagedAlertmanager(platform).text) as {
  template_files: Record<string, string>;
  alertmanager_config: string;
};
const config = parse(definition.alertmanager_config) as AlertmanagerConfig;

describe("the definition for Amazon's Alertmanager", () => {
  it("routes and inhibits as every other Alertmanager here", () => {
    const { route, inhibit_rules } = alertmanagerConfig(platform);
    expect({ route: config.route, inhibit_rules: config.inhibit_rules }).toEqual({ route, inhibit_rules });
  });

  it("has every receiver once, each with what Amazon knows: a topic, or PagerDuty", () => {
    const kinds = Object.fromEntries(config.receivers.map(({ name, ...rest }) => [name, Object.keys(rest)]));
    expect(kinds).toEqual({
      [nobody]: [],
      "orders-chat": ["sns_configs"],
      "orders-pager": ["pagerduty_configs"],
      "web-mail": ["sns_configs"],
      "web-hook": ["sns_configs"],
      "web-secret-hook": ["sns_configs"],
      "night-pager": ["pagerduty_configs"],
      "night-mail": ["sns_configs"],
    });
    expect(managedDestinations(platform).map(({ receiver }) => receiver.name)).toEqual(
      config.receivers.map(({ name }) => name).filter((name) => name !== nobody),
    );
  });

  it("has none of what Amazon refuses: mail settings, other files, addresses, credentials", () => {
    expect(Object.keys(config).sort()).toEqual(["inhibit_rules", "receivers", "route", "templates"]);
    expect(config.templates).toEqual(Object.keys(definition.template_files));
    for (const refused of ["api_url", "http_config", "_file:", "smtp"]) {
      expect(definition.alertmanager_config).not.toContain(refused);
    }
  });

  it("signs for the platform's region", () => {
    const { text } = renderManagedAlertmanager(samplePlatform({ aws: { region: "us-west-2" } }));
    expect(new Set(text.match(/region: \S+/g))).toEqual(new Set(["region: us-west-2"]));
  });

  it("is accepted by the real Alertmanager, but for the secrets of Amazon's own form", (context) => {
    const amtool = realTool("amtool", context);
    const receivers = config.receivers.map((receiver) => ({
      ...receiver,
      ...(receiver.pagerduty_configs && {
        pagerduty_configs: receiver.pagerduty_configs.map((one) => ({ ...one, routing_key: "a key" })),
      }),
    }));
    const templates = Object.entries(definition.template_files).map(([path, text]) => ({ path, text }));
    const folder = writeArtifacts([{ path: "config.yml", text: stringify({ ...config, receivers }) }, ...templates]);
    const printed = execFileSync(amtool, ["check-config", join(folder, "config.yml")], { encoding: "utf8" });
    expect(printed).toContain("SUCCESS");
    expect(printed).toContain("8 receivers");
    expect(printed).toContain("1 templates");
  });
});
