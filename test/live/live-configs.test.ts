import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { liveConfigs, mailReceivers, receiverAt } from "../../src/live/live-configs.ts";
import { renderAlertmanager } from "../../src/render/alertmanager.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import { renderRules } from "../../src/render/rules.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const artifacts = [renderPrometheus(platform), ...renderRules(platform), ...renderAlertmanager(platform)];
const endpoints = {
  service: "orders-api",
  environment: "production",
  servicePort: 4001,
  alertmanagerPort: 4002,
  webhookPort: 4003,
  mailPorts: new Map([
    ["web-mail", 4004],
    ["night-mail", 4005],
  ]),
};

const contentOf = (path: string, speed: number) => {
  const { files } = liveConfigs(artifacts, endpoints, speed);
  return parse(files.find((file) => file.path === path)?.text ?? "");
};

describe("the configurations of a live drill", () => {
  it("know no address but this computer's", () => {
    const { files } = liveConfigs(artifacts, endpoints, 30);
    for (const path of ["prometheus/prometheus.yml", "alertmanager/alertmanager.yml"]) {
      const text = files.find((file) => file.path === path)?.text ?? "";
      const addresses = [...text.matchAll(/[\w.-]+:\d+/g)].map(([address]) => address);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(address).toMatch(/^127\.0\.0\.1:(0|400[1-5])$/);
    }
  });

  it("scrape the drilled service and nothing else", () => {
    const { scrape_configs } = contentOf("prometheus/prometheus.yml", 30);
    const groups = scrape_configs.flatMap((job: { static_configs: { targets: string[] }[] }) => job.static_configs);
    const scraped = groups.filter(({ targets }: { targets: string[] }) => targets.length > 0);
    expect(scraped).toEqual([
      {
        targets: ["127.0.0.1:4001"],
        labels: expect.objectContaining({ service: "orders-api", environment: "production" }),
      },
    ]);
  });

  it("give every receiver an address of its own, and read no real secret", () => {
    const { receivers } = contentOf("alertmanager/alertmanager.yml", 30);
    const text = JSON.stringify(receivers);
    for (const { name } of platform.teams.flatMap(({ receivers }) => receivers)) expect(text).toContain(name);
    expect(text).not.toContain("api_url_file");
    expect(text).not.toContain("url_file");
    const { files } = liveConfigs(artifacts, endpoints, 30);
    const secrets = files.filter(({ path }) => path.includes("secrets/"));
    expect(secrets.map(({ path }) => path)).toEqual([
      "alertmanager/secrets/mail-password",
      "alertmanager/secrets/night-pager-key",
      "alertmanager/secrets/orders-pager-key",
      "prometheus/secrets/gallery-metrics-password",
    ]);
  });

  it("differ from what is deployed by nothing but what is told", () => {
    const { files, addressChanges } = liveConfigs(artifacts, endpoints, 1);
    const deployed = artifacts.find(({ path }) => path === "prometheus/rules/http.yml")?.text ?? "";
    const run = files.find(({ path }) => path === "prometheus/rules/http.yml")?.text ?? "";
    expect(parse(run)).toEqual(parse(deployed));
    const { route, inhibit_rules } = contentOf("alertmanager/alertmanager.yml", 1);
    const before = parse(artifacts.find(({ path }) => path === "alertmanager/alertmanager.yml")?.text ?? "");
    expect({ route, inhibit_rules }).toEqual({ route: before.route, inhibit_rules: before.inhibit_rules });
    expect(addressChanges.map(({ what, from, to }) => `${what}: ${from} → ${to}`)).toEqual([
      "Alertmanager: 127.0.0.1:9093 → 127.0.0.1:4002",
      "orders-api in production: 127.0.0.1:8001, 127.0.0.1:8002 → 127.0.0.1:4001",
      "orders-api in staging: 127.0.0.1:8003 → not scraped",
      "gallery in staging: gallery.example.com:443 → not scraped",
      "slack of orders-chat: secrets/orders-chat-webhook → http://127.0.0.1:4003/slack/orders-chat",
      "pagerduty of orders-pager: its default → http://127.0.0.1:4003/pagerduty/orders-pager",
      "email of web-mail: 127.0.0.1:2525 → 127.0.0.1:4004",
      "webhook of web-hook: http://127.0.0.1:9999/alerts → http://127.0.0.1:4003/webhook/web-hook",
      "webhook of web-secret-hook: secrets/web-hook-address → http://127.0.0.1:4003/webhook/web-secret-hook",
      "pagerduty of night-pager: its default → http://127.0.0.1:4003/pagerduty/night-pager",
      "email of night-mail: 127.0.0.1:2525 → 127.0.0.1:4005",
    ]);
  });

  it("reach a service over http that is deployed with https", () => {
    const { files } = liveConfigs(artifacts, { ...endpoints, service: "gallery", environment: "staging" }, 30);
    const { scrape_configs } = parse(files.find(({ path }) => path === "prometheus/prometheus.yml")?.text ?? "");
    expect(scrape_configs).toContainEqual(
      expect.objectContaining({ job_name: "gallery", scheme: "http", metrics_path: "/internal/metrics" }),
    );
  });

  it("tell receivers apart by their path", () => {
    expect(receiverAt("/slack/Team A/ünit")).toEqual({ kind: "slack", name: "Team A/ünit" });
    expect(receiverAt("/telegram/a")).toBeUndefined();
    expect(receiverAt("/slack/")).toBeUndefined();
    expect(mailReceivers(artifacts)).toEqual(["web-mail", "night-mail"]);
  });
});
