import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { drillsOf } from "../../alert-rules/drills.ts";
import { httpDrills } from "../../alert-rules/http.drills.ts";
import { packs } from "../../alert-rules/index.ts";
import type { Drill } from "../../src/drills/drill.ts";
import { explainDrill } from "../../src/drills/explain-drill.ts";
import type { RuleFile } from "../../src/engine/engine.ts";
import { severities } from "../../src/model/conventions.ts";
import { type Platform, resolvePlatform, type ServiceProps } from "../../src/model/platform.ts";
import { minutes, percent, ratio, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { checkout, ordersApi, rulesOf, shop, shopOf } from "../helpers/shop.ts";

const explained = (platform: Platform, drills: Drill[]) =>
  notPassed(run(platform, drills)).map(explainDrill).join("\n\n");

it("every drill of a scraped and of a pushing service passes", { timeout: 120_000 }, () => {
  const platform = shop();
  expect(explained(platform, drillsOf(platform))).toBe("");
});

it("no two drills of a service have the same name", () => {
  const { platform, service } = shopOf({ scrape: { targets: { production: ["orders-1:8000"] } } });
  const names = httpDrills(service, platform).map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it("every severity that a service has is drilled to fire and to stay quiet", () => {
  const platform = shop();
  for (const service of platform.services) {
    const expectations = httpDrills(service, platform).flatMap(({ expect: all }) => all);
    for (const { alert, levels } of service.promises.values()) {
      if (alert.name === "HttpTargetDown" && service.otlp) continue; // It has no targets.
      for (const severity of severities.filter((one) => levels[one])) {
        const about = expectations.filter((one) => one.alert === alert.name);
        const fires = about.filter((one) => one.kind === "fires" && one.severity === severity);
        const quiet = about.filter((one) => one.kind === "quiet" && (one.severity ?? severity) === severity);
        expect([alert.name, severity, fires.length > 0, quiet.length > 0]).toEqual([alert.name, severity, true, true]);
      }
    }
  }
});

it("a service without alerts has no drills, and an alert that is off is not expected to fire", () => {
  const off = Object.fromEntries(packs.http?.alerts.map(({ name }) => [name, false]) ?? []);
  const silent = shopOf({ features: off });
  expect(httpDrills(silent.service, silent.platform)).toEqual([]);
  const { platform, service } = shopOf({ features: { HttpLatencyHigh: false } });
  const alerts = httpDrills(service, platform).flatMap(({ expect: all }) => all.map(({ alert }) => alert));
  expect(alerts).not.toContain("HttpLatencyHigh");
});

it("a changed threshold changes the worlds and what is expected, with no other edit", () => {
  const names = (change: Partial<ServiceProps>) => {
    const { platform, service } = shopOf(change);
    return httpDrills(service, platform).map(({ name }) => name);
  };
  expect(names({})[3]).toBe("p95 of 2.4 s on one route for 7m is critical, names it and is over after");
  expect(names({ thresholds: { HttpLatencyHigh: { critical: seconds(4), for: minutes(8) } } })[3]).toBe(
    "p95 of 4.8 s on one route for 10m is critical, names it and is over after",
  );
});

describe("what a service promises is what its drills hold it to", () => {
  const promises = fc.record({
    pushes: fc.boolean(),
    warning: fc.integer({ min: 50, max: 5000 }).map((ms) => ms / 1000),
    room: fc.integer({ min: 101, max: 400 }),
    errors: fc.integer({ min: 1, max: 300 }),
    errorRoom: fc.integer({ min: 101, max: 300 }),
    evaluations: fc.integer({ min: 1, max: 40 }),
    scrape: fc.constantFrom(5, 15, 30, 60),
    evaluation: fc.constantFrom(15, 30, 60),
    targets: fc.integer({ min: 1, max: 4 }),
    routes: fc.integer({ min: 1, max: 4 }),
    traffic: fc.integer({ min: 1, max: 10_000 }),
    down: fc.integer({ min: 5, max: 95 }),
  });

  function platformOf(p: typeof promises extends fc.Arbitrary<infer T> ? T : never): Platform {
    const critical = Number(((p.warning * p.room) / 100).toPrecision(3));
    const held = seconds(p.evaluations * p.evaluation);
    const errors = Number((p.errors / 10).toPrecision(3));
    const edges = [0.01, 0.1, 0.5, 1, p.warning, critical, critical * 1.5, critical * 2.5];
    const base = p.pushes
      ? checkout
      : {
          ...ordersApi,
          scrape: { targets: { production: Array.from({ length: p.targets }, (_, n) => `orders-${n}:80`) } },
        };
    const service: ServiceProps = {
      ...base,
      routes: Array.from({ length: p.routes }, (_, n) => `/route-${n}`),
      instrumentation: {
        ...base.instrumentation,
        latencyBucketsSeconds: [...new Set(edges.map((edge) => Number(edge.toPrecision(6))))].sort((a, b) => a - b),
      },
      thresholds: {
        HttpLatencyHigh: { warning: seconds(p.warning), critical: seconds(critical), for: held },
        HttpErrorRatioHigh: {
          warning: percent(errors),
          critical: percent(Math.min(95, Number(((errors * p.errorRoom) / 100).toPrecision(4)))),
          for: held,
        },
        HttpTargetDown: { critical: ratio(p.down / 100), for: held },
        HttpMetricsMissing: { for: held },
        HttpNoTraffic: { warning: requestsPerSecond(p.traffic / 1000), for: held },
      },
    };
    const intervals = { scrape: seconds(p.scrape), evaluation: seconds(p.evaluation) };
    return resolvePlatform({ ...shop(), services: [service], intervals }, packs);
  }

  it("all drills pass for any thresholds, durations, intervals, routes and targets", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(promises.map(platformOf), (platform) => {
        expect(explained(platform, drillsOf(platform))).toBe("");
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

describe("a rule that does not keep its promise is found", () => {
  interface Rule {
    alert?: string;
    record?: string;
    expr: string;
    for?: string;
    labels?: Record<string, string>;
  }
  // With five targets, any change of a threshold by a fifth changes how many of them may be down.
  const targets = { production: [1, 2, 3, 4, 5].map((n) => `orders-${n}:8000`) };
  const { platform, service } = shopOf({ scrape: { targets }, routes: ["/orders", "/items"] });
  const drills = httpDrills(service, platform);
  const [file] = rulesOf(platform);
  const rules = (parse(file?.yaml ?? "") as { groups: { rules: Rule[] }[] }).groups[0]?.rules ?? [];

  /** Whether any drill notices that one rule has become another; stops at the first that does. */
  function noticed(index: number, changed: Rule): boolean {
    const mutated = rules.map((rule, at) => (at === index ? changed : rule));
    const ruleFiles: RuleFile[] = [
      { name: "http.yml", yaml: stringify({ groups: [{ name: "http", interval: "30s", rules: mutated }] }) },
    ];
    // Those that speak of the alert are the likeliest to notice, and come first.
    const speaks = ({ expect: all }: Drill) => all.some((one) => one.kind === "fires" && one.alert === changed.alert);
    const ordered = [...drills].sort((a, b) => Number(speaks(b)) - Number(speaks(a)));
    return ordered.some((one) => notPassed(run(platform, [one], ruleFiles)).length > 0);
  }

  /** A rate of a few requests in five minutes is known to a request only: there the change is larger. */
  const scaled = (factor: number) => (rule: Rule) => ({
    ...rule,
    expr: rule.expr.replace(/([<>] )([\d.]+)/, (_, compare, value) => `${compare}${Number(value) * factor}`),
  });
  const held = (factor: number) => (rule: Rule) => ({
    ...rule,
    for: `${Math.round(Number.parseInt(rule.for ?? "", 10) * 60 * factor)}s`,
  });
  const mutations: [string, (rule: Rule) => Rule][] = [
    ["a lower threshold", (rule) => scaled(rule.alert === "HttpNoTraffic" ? 0.2 : 0.8)(rule)],
    ["a higher threshold", (rule) => scaled(rule.alert === "HttpNoTraffic" ? 3 : 1.3)(rule)],
    ["a shorter hold", held(0.6)],
    ["a longer hold", held(1.6)],
    [
      "the other comparison",
      (rule) => ({ ...rule, expr: rule.expr.replace(/[<>]/, (is) => (is === ">" ? "<" : ">")) }),
    ],
    ["no labels of the route", (rule) => ({ ...rule, expr: `max by (service) (${rule.expr})` })],
    [
      "another severity",
      (rule) => ({
        ...rule,
        labels: { ...rule.labels, severity: rule.labels?.severity === "critical" ? "warning" : "critical" },
      }),
    ],
  ];

  const alerting = rules.flatMap((rule, index) =>
    rule.alert ? [{ name: `${rule.alert} ${rule.labels?.severity}`, index }] : [],
  );
  const mutants = alerting.flatMap(({ name, index }) =>
    mutations.flatMap(([what, mutate]) => {
      const rule = rules[index];
      // 0 times anything is the same rule.
      return rule && stringify(mutate(rule)) !== stringify(rule) ? [{ name, what, index, changed: mutate(rule) }] : [];
    }),
  );

  it.each(mutants)("$name: $what", { timeout: 60_000 }, ({ index, changed }) => {
    expect(noticed(index, changed)).toBe(true);
  });

  it.each<[string, RegExp, string]>([
    ["errors without their guard", / and on .* > 0\.1$/, ""],
    ["rates over a minute only", /\[5m\]/g, "[1m]"],
    ["rates over half an hour", /\[5m\]/g, "[30m]"],
    ["the median instead of the p95", /0\.95/g, "0.5"],
    ["scrapes that count as traffic", /\{route!~[^}]*\}/, ""],
    ["client errors that count as server errors", /5\(xx\|\.\.\)/g, ".*"],
    ["one target that is enough", /^avg by/, "max by"],
    [
      "metrics that are never missing",
      /unless on \(environment, service, team\) service:http_requests:rate5m/,
      "and 1 > 2",
    ],
    ["silence for a service that was up", /up\{[^}]*\} == 1/, "up == 2"],
  ])("%s", { timeout: 60_000 }, (_, pattern, replacement) => {
    const index = rules.findIndex(({ expr, alert, record }) => pattern.test(expr) && (alert ?? record));
    expect(index).toBeGreaterThanOrEqual(0);
    const all = rules.map((rule) => ({ ...rule, expr: rule.expr.replace(pattern, replacement) }));
    const ruleFiles = [
      { name: "http.yml", yaml: stringify({ groups: [{ name: "http", interval: "30s", rules: all }] }) },
    ];
    expect(drills.some((one) => notPassed(run(platform, [one], ruleFiles)).length > 0)).toBe(true);
  });
});
