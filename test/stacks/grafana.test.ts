import { describe, expect, it } from "vitest";
import { dashboards } from "../../dashboards/index.ts";
import type { PlatformProps, Receiver } from "../../src/model/platform-props.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { GrafanaMonitoring } from "../../stacks/grafana.ts";
import { terraformText } from "../../stacks/terraform-text.ts";
import { samplePlatform } from "../sample-platform.ts";
import { resourcesOf, type Synthesized, synthesizeStack } from "./synthesized.ts";

const synthesize = (change: Partial<PlatformProps> = {}): Synthesized =>
  synthesizeStack((app) => new GrafanaMonitoring(app, "grafana", { platform: samplePlatform(change) }));

const stack = synthesize();

describe("what is put into Grafana", () => {
  it("has every rendered dashboard in one folder", () => {
    const deployed = resourcesOf(stack, "grafana_dashboard").map(({ config_json }) => config_json as string);
    const rendered = renderDashboards(samplePlatform(), dashboards).map(({ text }) => terraformText(text));
    expect(deployed.sort()).toEqual(rendered.sort());
    expect(resourcesOf(stack, "grafana_folder")).toHaveLength(1);
  });

  it("has data sources with the uids that links name", () => {
    const uids = resourcesOf(stack, "grafana_data_source").map(({ uid, type }) => [type, uid]);
    expect(uids).toEqual([
      ["loki", "firedrill-loki"],
      ["prometheus", "firedrill-prometheus"],
    ]);
  });

  it("leads from a log line to its trace where spans are taken", () => {
    const traced = synthesize({ traces: { otlp: "http://tempo.internal:4318" } });
    const sources = resourcesOf(traced, "grafana_data_source");
    expect(sources).toContainEqual(
      expect.objectContaining({ type: "tempo", uid: "firedrill-tempo", url: "${var.tempo_url}" }),
    );
    const logs = sources.find(({ type }) => type === "loki");
    expect(logs?.json_data_encoded).toContain('"datasourceUid" = "firedrill-tempo"');
    expect(logs?.json_data_encoded).toContain('"url" = "$${__value.raw}"');
    expect(stack.variable).not.toHaveProperty("tempo_url");
  });

  it("leaves out what is switched off", () => {
    const off = synthesize({ features: { dashboards: false, logging: false } });
    expect(Object.keys(off.resource)).toEqual(["grafana_contact_point", "grafana_data_source"]);
    expect(resourcesOf(off, "grafana_data_source").map(({ type }) => type)).toEqual(["prometheus"]);
  });

  it("has a contact point for every receiver, one after the other", () => {
    const points = resourcesOf(stack, "grafana_contact_point");
    expect(points.map(({ name }) => name).sort()).toEqual(
      samplePlatform()
        .teams.flatMap(({ receivers }) => receivers.map(({ name }) => name))
        .sort(),
    );
    expect(points.filter((point) => point.depends_on === undefined)).toHaveLength(1);
  });

  it("takes each secret from a sensitive variable without a default", () => {
    const secrets = Object.entries(stack.variable ?? {}).filter(([name]) => name.startsWith("secret_"));
    expect(secrets.map(([name]) => name).sort()).toEqual([
      "secret_night_pager_key",
      "secret_orders_chat_webhook",
      "secret_orders_pager_key",
      "secret_web_hook_address",
    ]);
    for (const [, variable] of secrets) expect(variable).toMatchObject({ sensitive: true, nullable: false });
    for (const [, variable] of secrets) expect(variable).not.toHaveProperty("default");
  });

  it("refuses two secrets that would be one variable", () => {
    const receiver = (secret: string): Receiver => ({ name: secret, pagerduty: { routingKey: { secret } } });
    const teams = [{ name: "orders", receivers: [receiver("pager-key"), receiver("pager.key")] }];
    expect(() => synthesize({ teams })).toThrow(
      /"pager-key" and "pager.key" would both be the variable secret_pager_key/,
    );
  });
});
