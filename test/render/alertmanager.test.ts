import { expect, test } from "vitest";
import { alertmanagerConfig, nobody, renderAlertmanager } from "../../src/render/alertmanager.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

test("secrets are files by name, and no file holds one", () => {
  // Those of services are for scrapes.
  const secrets = JSON.stringify({ ...sampleProps, services: [] }).match(/"secret":"[^"]+"/g) ?? [];
  const text = renderAlertmanager(samplePlatform())
    .map((artifact) => artifact.text)
    .join("\n");
  const files = [...text.matchAll(/^\s*(?:- )?(\w+): secrets\/(\S+)$/gm)].map(([, key, name]) => `${key} ${name}`);
  expect(files).toEqual([
    "smtp_auth_password_file mail-password",
    "api_url_file orders-chat-webhook",
    "routing_key_file orders-pager-key",
    "url_file web-hook-address",
    "routing_key_file night-pager-key",
  ]);
  expect(files).toHaveLength(secrets.length);
});

test("every receiver tells when it is over", () => {
  const configs = alertmanagerConfig(samplePlatform()).receivers.flatMap(({ name, ...kinds }) =>
    Object.values(kinds).flat(),
  );
  expect(configs.length).toBeGreaterThan(5);
  expect(configs.filter((config) => (config as { send_resolved?: boolean }).send_resolved !== true)).toEqual([]);
});

test("a receiver without a kind exists at the root, for what no team's receiver takes", () => {
  const { route, receivers } = alertmanagerConfig(samplePlatform({ teams: [], services: [] }));
  expect(receivers).toEqual([{ name: nobody }]);
  expect(route).toMatchObject({ receiver: nobody, group_by: ["alertname", "environment", "service"], routes: [] });
});

test("a critical alert holds back its own warning, and a service that is down all its other alerts", () => {
  expect(alertmanagerConfig(samplePlatform()).inhibit_rules).toEqual([
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
      equal: ["alertname", "environment", "service", "route"],
    },
    {
      source_matchers: ['alertname="HttpTargetDown"', 'severity="critical"'],
      target_matchers: ['alertname!="HttpTargetDown"', 'pack="http"'],
      equal: ["environment", "service"],
    },
  ]);
});

test("text of a user is not a template", () => {
  const receivers = [{ name: "a", slack: { channel: "{{ .Foo }}", webhook: { secret: "s" } } }];
  const config = alertmanagerConfig(samplePlatform({ teams: [{ name: "t", receivers }], services: [] }));
  expect(config.receivers[1]?.slack_configs?.[0]?.channel).toBe('{{ "{{" }} .Foo }}');
});
