import { describe, expect, it } from "vitest";
import { derivedOf, drillsOf } from "../../alert-rules/drills.ts";
import { packs } from "../../alert-rules/index.ts";
import type { Drill } from "../../src/drills/drill.ts";
import { explainDrill } from "../../src/drills/explain-drill.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { minutes, percent, ratio, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { notPassed, run } from "../helpers/drills.ts";
import fc from "../helpers/fast-check.ts";
import { checkout, ordersApi, rulesOf, shop, shopOf } from "../helpers/shop.ts";

const explained = (platform: Platform, drills: Drill[]) =>
  notPassed(run(platform, drills)).map(explainDrill).join("\n\n");

it("every drill of a scraped and of a pushing service passes", { timeout: 120_000 }, () => {
  const platform = shop();
  expect(explained(platform, drillsOf(platform))).toBe("");
});

it("no two drills of a service have the same name", () => {
  const { platform } = shopOf({ scrape: { targets: { production: ["orders-1:8000"] } } });
  const names = drillsOf(platform).map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it("a service without alerts has no drills, and an alert that is off is not expected to fire", () => {
  const off = Object.fromEntries(packs.http?.alerts.map(({ name }) => [name, false]) ?? []);
  expect(drillsOf(shopOf({ features: off }).platform)).toEqual([]);
  const { platform } = shopOf({ features: { HttpLatencyHigh: false } });
  const alerts = drillsOf(platform).flatMap(({ expect: all }) => all.map(({ alert }) => alert));
  expect(alerts).not.toContain("HttpLatencyHigh");
});

it("an alert that is switched off for one service is drilled to stay quiet there, at the worst", () => {
  const platform = shop({ services: [ordersApi, { ...checkout, features: { HttpNoTraffic: false } }] });
  const drills = drillsOf(platform).filter(({ name }) => name.includes("does not have HttpNoTraffic"));
  expect(drills.map(({ name, world }) => `${world.service.name}: ${name}`)).toEqual([
    "checkout: no traffic is nothing to a service that does not have HttpNoTraffic",
  ]);
  expect(explained(platform, drills)).toBe("");
  const rules = rulesOf(platform).map(({ name, yaml }) => ({ name, yaml: yaml.replace('service!="checkout"', "") }));
  expect(notPassed(run(platform, drills, rules))).toHaveLength(1);
});

it("a service whose targets are all down is not missed besides, and does not hide that others are", () => {
  const platform = shop();
  const drills = drillsOf(platform).filter(({ name }) => /missed|missing while/.test(name));
  const without = (pattern: RegExp, by: string) => {
    const rules = rulesOf(platform).map(({ name, yaml }) => ({ name, yaml: yaml.replace(pattern, by) }));
    return new Set(notPassed(run(platform, drills, rules)).map(({ name }) => name));
  };
  const unless = /unless on \(environment, service, team\) \(service:http_targets_up:ratio == 0\)/;
  expect(without(unless, "")).toContain("a service whose targets are all down is not missed besides");
  expect(without(unless, "unless on () (service:http_targets_up:ratio == 0)")).toContain(
    "metrics that are missing while others' targets are down are critical for these alone",
  );
  expect(without(/up\{instrumentation=~"[^"]*"\} == 1/, "up == 1")).toContain(
    "a sidecar that is all there is of a service is not missed",
  );
});

it("a changed threshold changes the worlds and what is expected, with no other edit", () => {
  const names = (change: Partial<ServiceProps>) =>
    derivedOf(shopOf(change).platform)
      .filter(({ severity, boundary }) => severity === "critical" && boundary === "just past for")
      .map(({ drill }) => drill?.name);
  expect(names({})[0]).toBe("p95 of 2.398 s for 5m18s, above 2 s for just past 5m, is critical and is over after");
  expect(names({ thresholds: { HttpLatencyHigh: { critical: seconds(4), for: minutes(8) } } })[0]).toMatch(
    /^p95 of 4\.\d+ s for 8m\d+s, above 4 s for just past 8m, is critical/,
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

  it("drills pass for any thresholds, durations, intervals, routes and targets", { timeout: 300_000 }, () => {
    fc.assert(
      // A platform is made inside, so that a counterexample is the few numbers that it is made from.
      fc.property(promises, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (drawn, picks) => {
        const platform = platformOf(drawn);
        const drills = drillsOf(platform);
        const some = picks.flatMap((pick) => drills[pick % drills.length] ?? []);
        expect(explained(platform, some)).toBe("");
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});

it("a trickle that is enough for one severity of no traffic may be too little for another", () => {
  const [warning, critical] = [requestsPerSecond(10), requestsPerSecond(0.01)];
  const { platform: strict } = shopOf({ thresholds: { HttpNoTraffic: { warning, critical } } });
  const trickles = drillsOf(strict).filter(({ name }) => name.startsWith("a trickle"));
  expect(trickles).toHaveLength(2);
  expect(notPassed(run(strict, trickles))).toEqual([]);
});
