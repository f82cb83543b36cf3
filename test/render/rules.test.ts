import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { health } from "../../alert-rules/health.ts";
import { HttpLatencyHigh, http } from "../../alert-rules/http.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { severities } from "../../src/model/conventions.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { minutes, seconds } from "../../src/model/quantity.ts";
import { renderRules } from "../../src/render/rules.ts";
import fc from "../helpers/fast-check.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { samplePlatform } from "../sample-platform.ts";

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const rulesOf = (platform: Platform): Rule[] =>
  renderRules(platform).flatMap(({ text }) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
  );

const ruleText = (platform: Platform, alert: string, severity: string) =>
  rulesOf(platform)
    .filter((rule) => rule.alert === alert && rule.labels?.severity === severity)
    .map(({ expr, for: held }) => `${expr} for ${held}`);

const service = (name: string, rest: Partial<ServiceProps> = {}): ServiceProps => ({
  name,
  owner: "orders",
  packs: ["http"],
  scrape: { targets: { production: ["127.0.0.1:8000"] } },
  instrumentation: { kind: "fastapi-instrumentator" },
  ...rest,
});

test("an override has a rule of its own and is excluded from the default's", () => {
  const slow = { thresholds: { HttpLatencyHigh: { critical: seconds(3) } } };
  const services = [
    service("a"),
    service("b", slow),
    service("c", slow),
    service("d", { thresholds: { HttpLatencyHigh: { critical: seconds(4), for: minutes(1) } } }),
  ];
  expect(ruleText(samplePlatform({ services }), "HttpLatencyHigh", "critical")).toEqual([
    'service_route:http_request_latency_seconds:p95_5m{service!~"b|c|d"} > 2 for 5m',
    'service_route:http_request_latency_seconds:p95_5m{service=~"b|c"} > 3 for 5m',
    'service_route:http_request_latency_seconds:p95_5m{service="d"} > 4 for 1m',
  ]);
});

test("a default for all services changes the shared rule", () => {
  const platform = samplePlatform({
    services: [service("a")],
    thresholds: { HttpLatencyHigh: { warning: seconds(0.25) } },
  });
  expect(ruleText(platform, "HttpLatencyHigh", "warning")).toEqual([
    "service_route:http_request_latency_seconds:p95_5m > 0.25 for 5m",
  ]);
});

test("an alert that is off for a service leaves it out, and one that is off for all has no rule", () => {
  const off = { features: { HttpNoTraffic: false } };
  expect(ruleText(samplePlatform({ services: [service("a"), service("b", off)] }), "HttpNoTraffic", "warning")).toEqual(
    ['service:http_requests:rate5m{service!="b"} < 0.01 for 10m'],
  );
  expect(ruleText(samplePlatform({ services: [service("a")], ...off }), "HttpNoTraffic", "warning")).toEqual([]);
});

test("what is about the scrape is recorded of what is scraped: of another exporter that sends there is none", () => {
  const canisters = (kind: "ic-canister" | "ic-poller", reach: Partial<ServiceProps>) =>
    service(kind, { packs: ["canister"], instrumentation: { kind }, canisters: undefined, ...reach });
  const sent = {
    scrape: undefined,
    otlp: { environments: ["production"] },
    canisters: ["rrkah-fqaaa-aaaaa-aaaaq-cai"],
  };
  const recorded = rulesOf(samplePlatform({ services: [canisters("ic-canister", {}), canisters("ic-poller", sent)] }));
  const of = (series: string) => recorded.find(({ record }) => record === series)?.expr ?? "";
  expect(of("instance:canister_metrics_missing:count")).toContain("ic-canister");
  expect(of("instance:canister_metrics_missing:count")).not.toContain("ic-poller");
  expect(of("canister:canister_running:max")).toContain("ic-poller");
});

test("ten thousand services on the defaults cost as many rules as one", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => service(`service-${index}`));
  expect(renderRules(samplePlatform({ services: many }))).toEqual(
    renderRules(samplePlatform({ services: [service("one")] })),
  );
});

test("each series is recorded by one rule, whatever instrumentations are in use", () => {
  const recorded = rulesOf(samplePlatform()).flatMap(({ record }) => record ?? []);
  // No service of the sample shows or wants what not every service shows.
  const always = [...http.signals, ...health.signals].filter(({ needs }) => needs === undefined);
  expect(recorded).toEqual(always.map((one) => ("series" in one ? one.series : one.name)));
});

const hostileName = fc.oneof(
  fc.constantFrom("a", "a.b", "a|b", "(a", 'a"b', "a\\b", "a{{ .b }}", "ä b", "$a", "[a]", "a+"),
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }).filter((text) => Buffer.from(text).toString() === text),
);

const someServices = fc.uniqueArray(
  fc.record({
    name: hostileName,
    thresholds: fc.constantFrom<NonNullable<ServiceProps["thresholds"]>>(
      {},
      { HttpLatencyHigh: { critical: seconds(3) } },
      { HttpLatencyHigh: { warning: seconds(1), for: minutes(2) } },
    ),
    features: fc.constantFrom<NonNullable<ServiceProps["features"]>>({}, {}, { HttpLatencyHigh: false }),
    packs: fc.constantFrom<string[]>(["http"], ["http"], []),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
);

test("every service is matched by exactly one rule per severity, and by none where the alert is off", async () => {
  const engine = await loadEngine();
  fc.assert(
    fc.property(someServices, (changes) => {
      const platform = samplePlatform({
        services: [
          service("always"),
          ...changes.filter(({ name }) => name !== "always").map(({ name, ...rest }) => service(name, rest)),
        ],
      });
      const rules = rulesOf(platform).filter((rule) => rule.alert === HttpLatencyHigh.name);
      for (const { name, promises } of platform.services) {
        for (const severity of severities) {
          const own = rules.filter((rule) => rule.labels?.severity === severity);
          const matching = own.filter(({ expr }) => {
            const matchers = engine.parse(expr).selectors?.[0]?.matchers ?? [];
            return matchers.every(({ op, value }) => {
              const same = op.endsWith("~") ? new RegExp(`^(?:${value})$`, "us").test(name) : value === name;
              return same !== op.startsWith("!");
            });
          });
          const promise = promises.get(HttpLatencyHigh.name);
          expect(matching.map(({ expr }) => Number(expr.split("> ").at(-1)))).toEqual(
            promise ? [promise.levels[severity]?.value] : [],
          );
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("names of any shape give rules that Prometheus itself accepts", async () => {
  const engine = await loadEngine();
  fc.assert(
    fc.property(someServices, (changes) => {
      const services = changes.map(({ name, ...rest }) => service(name, rest));
      const files = renderRules(samplePlatform({ services })).map(({ path, text }) => ({ name: path, yaml: text }));
      expect(engine.checkRules(files)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("promtool accepts the rules and finds no series that two rules record", (context) => {
  const promtool = realTool("promtool", context);
  const file = join(writeArtifacts(renderRules(samplePlatform())), "prometheus/rules/http.yml");
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "rules", file], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  expect(stderr).not.toContain("service_route:");
  expect(stdout + stderr).not.toContain("SYNTAX");
});

test("an alert about the scrape is promised to scraped services only, and its rule names no other", () => {
  const pushed = service("pushed", { scrape: undefined, otlp: { environments: ["production"] } });
  const platform = samplePlatform({ services: [service("scraped"), pushed] });
  expect(ruleText(platform, "HttpTargetDown", "critical")).toEqual(["service:http_targets_up:ratio < 0.5 for 3m"]);
  expect(platform.services.map(({ promises }) => promises.has("HttpTargetDown"))).toEqual([true, false]);
});
