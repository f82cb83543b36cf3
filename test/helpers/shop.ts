import { packs } from "../../alert-rules/index.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { type HttpService, isHttpService, type Platform, type Service } from "../../src/model/platform.ts";
import type { PlatformProps, ServiceProps } from "../../src/model/platform-props.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { renderRules } from "../../src/render/rules.ts";

/** A scraped service whose buckets have an edge at each of its thresholds. */
export const ordersApi: ServiceProps = {
  name: "orders-api",
  owner: "orders",
  packs: ["http"],
  scrape: { targets: { production: ["orders-1:8000", "orders-2:8000"], staging: ["orders-0:8000"] } },
  instrumentation: {
    kind: "fastapi-instrumentator",
    latencyBucketsSeconds: [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 5],
  },
  routes: ["/orders", "/items", "/health"],
};

/** A service that pushes over OTLP. */
export const checkout: ServiceProps = {
  name: "checkout",
  owner: "payments",
  packs: ["http"],
  otlp: { environments: ["production"] },
  instrumentation: { kind: "otel-http", latencyBucketsSeconds: [0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 5] },
  routes: ["/pay", "/cart"],
};

const props: PlatformProps = {
  name: "shop",
  links: { grafana: "https://grafana.example.com", runbooks: "https://git.example.com/runbooks" },
  environments: [{ name: "production" }, { name: "staging", pages: false }],
  teams: [
    {
      name: "orders",
      receivers: [
        { name: "orders-pager", severities: ["critical"], webhook: { url: "http://127.0.0.1:9/pager" } },
        { name: "orders-chat", webhook: { url: "http://127.0.0.1:9/chat" } },
      ],
    },
    { name: "payments", receivers: [{ name: "payments-hook", webhook: { url: "http://127.0.0.1:9/payments" } }] },
  ],
  services: [ordersApi, checkout],
};

export const shop = (change: Partial<PlatformProps> = {}): Platform => resolvePlatform({ ...props, ...change }, packs);

/** A platform with one service, made from `orders-api`. */
export function shopOf(change: Partial<ServiceProps>): { platform: Platform; service: Service } {
  const platform = shop({ services: [{ ...ordersApi, ...change }] });
  return { platform, service: serviceOf(platform, change.name ?? ordersApi.name) };
}

export function serviceOf({ services }: Platform, name: string): Service {
  const service = services.find((one) => one.name === name);
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
}

export function httpServiceOf(platform: Platform, name: string): HttpService {
  const service = serviceOf(platform, name);
  if (!isHttpService(service)) throw new Error(`${name} answers no requests`);
  return service;
}

/** The rules as they are deployed. */
export const rulesOf = (platform: Platform): RuleFile[] =>
  renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
