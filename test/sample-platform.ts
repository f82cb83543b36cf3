import { packs } from "../alert-rules/index.ts";
import type { Platform } from "../src/model/platform.ts";
import type { PlatformProps } from "../src/model/platform-props.ts";
import { days, minutes, seconds } from "../src/model/quantity.ts";
import { resolvePlatform } from "../src/model/resolve-platform.ts";

/** A platform with one of everything: both instrumentations, each kind of receiver, an override, a quiet environment. */
export const sampleProps: PlatformProps = {
  name: "sample",
  links: { grafana: "https://grafana.example.com", runbooks: "https://git.example.com/runbooks" },
  environments: [{ name: "production" }, { name: "staging", pages: false }],
  email: {
    from: "firedrill@example.com",
    smarthost: "127.0.0.1:2525",
    username: "mailer",
    password: { secret: "mail-password" },
  },
  teams: [
    {
      name: "orders",
      receivers: [
        { name: "orders-chat", slack: { channel: "#orders", webhook: { secret: "orders-chat-webhook" } } },
        {
          name: "orders-pager",
          severities: ["critical"],
          pagerduty: { routingKey: { secret: "orders-pager-key" } },
        },
      ],
    },
    {
      name: "web",
      receivers: [
        { name: "web-mail", severities: ["warning"], email: { to: "web@example.com" } },
        { name: "web-hook", severities: ["critical"], webhook: { url: "http://127.0.0.1:9999/alerts" } },
        { name: "web-secret-hook", webhook: { url: { secret: "web-hook-address" } } },
      ],
    },
    {
      name: "night",
      receivers: [
        { name: "night-pager", severities: ["critical"], pagerduty: { routingKey: { secret: "night-pager-key" } } },
        { name: "night-mail", severities: ["critical"], email: { to: "night@example.com" } },
      ],
    },
  ],
  services: [
    {
      name: "orders-api",
      owner: "orders",
      packs: ["http"],
      scrape: { targets: { production: ["127.0.0.1:8001", "127.0.0.1:8002"], staging: ["127.0.0.1:8003"] } },
      instrumentation: { kind: "fastapi-instrumentator", latencyBucketsSeconds: [0.1, 0.5, 1, 1.5, 2, 2.5, 5] },
      routes: ["/orders", "/orders/{id}"],
    },
    {
      name: "search",
      owner: "web",
      packs: ["http"],
      otlp: { serviceName: "search-backend", environments: ["production"] },
      instrumentation: { kind: "otel-http" },
      thresholds: { HttpLatencyHigh: { critical: seconds(3), for: minutes(10) } },
    },
    {
      name: "gallery",
      owner: "night",
      packs: ["http"],
      scrape: {
        path: "/internal/metrics",
        scheme: "https",
        username: "prometheus",
        password: { secret: "gallery-metrics-password" },
        interval: minutes(1),
        targets: { staging: ["gallery.example.com:443"] },
      },
      instrumentation: { kind: "fastapi-instrumentator" },
      features: { HttpNoTraffic: false },
    },
  ],
  retention: { logs: days(90) },
};

export const samplePlatform = (change: Partial<PlatformProps> = {}): Platform =>
  resolvePlatform({ ...sampleProps, ...change }, packs);
