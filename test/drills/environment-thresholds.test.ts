import { expect, test } from "vitest";
import { drillsOf, provocations } from "../../alert-rules/drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { measureVariants } from "../../src/measure/measure-variants.ts";
import { ratio, seconds } from "../../src/model/quantity.ts";
import { run } from "../helpers/drills.ts";
import { ordersApi, rulesOf, shop } from "../helpers/shop.ts";

/** Only what is asked about: each alert costs some thirty drills. */
const features = {
  HttpErrorRatioHigh: false,
  HttpTargetDown: false,
  HttpMetricsMissing: false,
};
const thresholds = {
  HttpLatencyHigh: { environments: { staging: { warning: seconds(2), critical: seconds(2.5) } } },
  HttpNoTraffic: { environments: { staging: false as const } },
};
const platform = shop({ features, services: [{ ...ordersApi, thresholds }] });
const drills = drillsOf(platform);
const elsewhere = drills.filter(({ name }) => name.endsWith(", in staging"));

test("an environment with thresholds of its own has its own boundary drills, and drills of what is off there", () => {
  const probed = elsewhere.map(({ probes }) => `${probes?.alert ?? "off"}`);
  expect(new Set(probed)).toEqual(new Set(["HttpLatencyHigh", "off"]));
  expect(elsewhere.every(({ world }) => world.environment === "staging")).toBe(true);
  expect(drills.filter(({ world }) => world.environment === "production").length).toBeGreaterThan(20);
});

test("they pass on the rules that are deployed, and tell when an environment has another's threshold", {
  timeout: 120_000,
}, async () => {
  const outcomes = async (change: (yaml: string) => string) => {
    const rules = rulesOf(platform).map(({ name, yaml }) => ({ name, yaml: change(yaml) }));
    const results = await run(platform, drills, rules);
    return results.filter(({ outcome }) => outcome !== "passed").map(({ name }) => name);
  };
  expect(await outcomes((yaml) => yaml)).toEqual([]);
  const strict = await outcomes((yaml) => yaml.replace('environment="staging"} > 2.5', 'environment="staging"} > 2'));
  expect(strict.length).toBeGreaterThan(0);
  expect(strict.every((name) => name.endsWith(", in staging"))).toBe(true);
  const swapped = await outcomes((yaml) =>
    yaml
      .replaceAll('environment="staging"}', "elsewhere}")
      .replaceAll('environment="production"}', 'environment="staging"}')
      .replaceAll("elsewhere}", 'environment="production"}'),
  );
  expect(swapped.some((name) => name.endsWith(", in staging"))).toBe(true);
  expect(swapped.some((name) => !name.endsWith(", in staging"))).toBe(true);
});

test("each environment is measured with its own rules, and so is what holds for all services in one", {
  timeout: 120_000,
}, async () => {
  const engine = await loadEngine();
  const forAll = shop({
    features: { ...features, HttpErrorRatioHigh: true, HttpNoTraffic: false },
    thresholds: { HttpErrorRatioHigh: { environments: { staging: { critical: ratio(0.2) } } } },
    services: [{ ...ordersApi, thresholds: { HttpLatencyHigh: thresholds.HttpLatencyHigh } }],
  });
  const [service] = forAll.services;
  const { measurements } = await measureVariants(service!, forAll, {
    engine,
    provocations,
    rulesOf,
    logsOf: () => undefined,
  });
  expect(measurements.map(({ environment, alert, severity }) => `${environment} ${alert} ${severity}`)).toEqual([
    "production HttpLatencyHigh warning",
    "production HttpLatencyHigh critical",
    "production HttpErrorRatioHigh warning",
    "production HttpErrorRatioHigh critical",
    "staging HttpLatencyHigh warning",
    "staging HttpLatencyHigh critical",
    "staging HttpErrorRatioHigh warning",
    "staging HttpErrorRatioHigh critical",
  ]);
  for (const { declared, firesAt = 0, tolerance } of measurements) {
    expect(Math.abs(firesAt / declared - 1)).toBeLessThanOrEqual(tolerance);
  }
  expect(measurements.map(({ declared }) => declared)).toEqual([1.5, 2, 0.02, 0.05, 2, 2.5, 0.02, 0.2]);
});
