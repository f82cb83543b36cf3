import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { provocations } from "../../alert-rules/drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { measureService } from "../../src/measure/measure.ts";
import { measurementEntry, measurementLines } from "../../src/measure/measure-platform.ts";
import { measuredFindings } from "../../src/measure/measured-findings.ts";
import type { Measurement } from "../../src/measure/measurement.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { count, seconds } from "../../src/model/quantity.ts";
import { effectiveThreshold } from "../../src/worlds/measurable.ts";
import { checkout, ordersApi, rulesOf, shop } from "../helpers/shop.ts";

const engine = await loadEngine();
const placeOf = (path: readonly (string | number)[]) => ({ file: "monitoring.yaml", line: path.length });
const alerts = ["HttpLatencyHigh", "HttpErrorRatioHigh", "HttpTargetDown", "HttpMetricsMissing", "HttpNoTraffic"];

/** A service that has this alert only. */
const only = (alert: string, service: ServiceProps, change: Partial<ServiceProps> = {}): Platform =>
  shop({
    services: [{ ...service, ...change, features: Object.fromEntries(alerts.map((name) => [name, name === alert])) }],
  });

async function measure(platform: Platform, change: (yaml: string) => string = (yaml) => yaml): Promise<Measurement[]> {
  const ruleFiles = rulesOf(platform).map(({ name, yaml }) => ({ name, yaml: change(yaml) }));
  const measured = await Promise.all(
    platform.services.map((service) => measureService(service, platform, { engine, ruleFiles, provocations })),
  );
  return measured.flatMap(({ measurements }) => measurements);
}

describe("what is measured on the real rules", () => {
  it.each<[string, ServiceProps, readonly number[] | undefined]>([
    ["edges at both thresholds", ordersApi, ordersApi.instrumentation.latencyBucketsSeconds],
    ["OpenTelemetry's own buckets", checkout, undefined],
    ["two edges only", checkout, [1, 10]],
  ])("agrees with what follows from the buckets to half a percent: %s", async (_, service, latencyBucketsSeconds) => {
    const { kind } = service.instrumentation;
    const platform = only("HttpLatencyHigh", service, { instrumentation: { kind, latencyBucketsSeconds } });
    const measured = await measure(platform);
    expect(measured.map(({ severity }) => severity)).toEqual(["warning", "critical"]);
    for (const { declared, firesAt = Number.NaN } of measured) {
      const edges = platform.services[0]?.latencyBucketsSeconds ?? [];
      const effective = effectiveThreshold(edges, 0.95, declared);
      expect(Math.abs(firesAt / (effective.never ? Number.NaN : effective.trueValue) - 1)).toBeLessThan(0.005);
    }
  });

  it("knows a share of targets to one target, a rate to one request, and what is there or not", async () => {
    const [down] = (await measure(only("HttpTargetDown", ordersApi))).filter(({ severity }) => severity === "critical");
    expect([down?.quietAt, down?.firesAt, down?.tolerance]).toEqual([0.5, 0.45, 0.1]);
    const [quiet] = await measure(only("HttpNoTraffic", ordersApi));
    // Two requests in the 285 s between the first and the last of 20 samples; three are 0.0105/s.
    expect(quiet?.firesAt).toBeCloseTo(2 / 285, 3);
    const [missing] = await measure(only("HttpMetricsMissing", ordersApi));
    expect([missing?.firesAt, missing?.deviation]).toEqual([1, undefined]);
  });

  it("holds the first there is for what is promised above zero, and the second for too late", async () => {
    const tracker: ServiceProps = {
      name: "sentry",
      owner: "orders",
      packs: ["errors"],
      scrape: { targets: { production: ["sentry:9900"] } },
      instrumentation: { kind: "sentry-exporter" },
      thresholds: { ErrorsNew: { critical: count(100) } },
    };
    const platform = shop({ services: [tracker] });
    const problems = async (change?: (yaml: string) => string) => {
      const measured = (await measure(platform, change)).filter(
        ({ alert, severity }) => [alert, severity].join() === "ErrorsNew,warning",
      );
      return measuredFindings(measured, platform, placeOf).map(({ rule }) => rule);
    };
    expect(await problems()).toEqual([]);
    expect(
      await problems((yaml) => yaml.replaceAll("project:errors_new:max > 0", "project:errors_new:max > 1")),
    ).toEqual(["measured/fires-elsewhere"]);
  });

  it("takes as long as is promised: for a value just beyond the threshold and for one well beyond", async () => {
    const measured = await measure(only("HttpErrorRatioHigh", ordersApi));
    const { detections = [] } = measured.find(({ severity }) => severity === "critical") ?? {};
    expect(detections.map(({ value }) => value)).toEqual([0.051, 0.098]);
    for (const { seconds: took, allowed } of detections) expect([took, took]).toEqual(allowed);
  });
});

describe("a rule that is not what is promised", () => {
  const platform = only("HttpErrorRatioHigh", ordersApi);
  const findings = async (change: (yaml: string) => string) =>
    measuredFindings(await measure(platform, change), platform, placeOf);

  it("has no finding when it is", async () => {
    expect(await findings((yaml) => yaml)).toEqual([]);
  });

  it.each<[string, (yaml: string) => string, string, string | RegExp]>([
    [
      "fires at another value",
      (yaml) => yaml.replace("> 0.05 and", "> 0.06 and"),
      "measured/fires-elsewhere",
      /^HttpErrorRatioHigh critical of orders-api fires above 6(\.00\d)? %, not above 5 %\.$/,
    ],
    [
      "never fires",
      (yaml) => yaml.replace("> 0.05 and", "> 5 and"),
      "measured/never-fires",
      "HttpErrorRatioHigh critical of orders-api never fires, though it is promised above 5 %.",
    ],
    [
      "looks at twice the window",
      (yaml) => yaml.replaceAll("[5m]", "[10m]"),
      "measured/fires-late",
      "HttpErrorRatioHigh critical of orders-api fires later than its window and `for` say.",
    ],
    [
      "holds for less",
      (yaml) => yaml.replaceAll("for: 5m", "for: 4m"),
      "measured/fires-early",
      "HttpErrorRatioHigh critical of orders-api fires sooner than its window and `for` say.",
    ],
  ])("that %s is a finding", async (_, change, rule, summary) => {
    const critical = (await findings(change)).find((one) => one.summary.includes("critical"));
    const said = typeof summary === "string" ? summary : expect.stringMatching(summary);
    expect(critical).toMatchObject({ rule, severity: "error", summary: said, place: { file: "monitoring.yaml" } });
    expect(critical?.fix).toMatch(/^Compare the rule of HttpErrorRatioHigh/);
  });

  it("names the buckets where they are the cause, and where to set them", async () => {
    const defaults = only("HttpLatencyHigh", ordersApi, { instrumentation: { kind: "fastapi-instrumentator" } });
    const [found] = measuredFindings(await measure(defaults), defaults, placeOf);
    expect(found).toMatchObject({ rule: "measured/never-fires", place: { line: 3 } });
    expect(found?.detail).toMatch(
      /^It was quiet at every value up to 15 s\. The value cannot pass 1 s: .* largest finite bucket/,
    );
    expect(found?.fix).toMatch(/^Write Instrumentator/);
  });

  it("names the scrapes where the window holds too few of them", async () => {
    const intervals = { scrape: seconds(120), evaluation: seconds(30) };
    const { services } = only("HttpErrorRatioHigh", ordersApi);
    const rare = shop({ services, intervals });
    const [found] = measuredFindings(await measure(rare, (yaml) => yaml.replaceAll("> 0.0", "> 0.1")), rare, placeOf);
    expect(found?.detail).toMatch(/Its window of 5m holds 2 scrapes, 2m apart: a rate over so few tells little\.$/);
    expect(found?.fix).toBe("Set intervals.scrape to 1m15s or less.");
  });
});

it("reads as a table, and is data in a report", () => {
  const measured: Measurement = {
    service: "orders-api",
    alert: "HttpLatencyHigh",
    severity: "critical",
    unit: "seconds",
    direction: "above",
    declared: 2,
    holdSeconds: 300,
    quietAt: 2,
    firesAt: 2.001,
    tolerance: 0.05,
    deviation: 0.0005,
    detections: [
      { value: 2.04, seconds: 579, allowed: [579, 579] },
      { value: 3.7, allowed: [359, 389] },
    ],
  };
  const rate: Measurement = {
    ...{ ...measured, alert: "HttpNoTraffic", severity: "warning", unit: "requests/second", direction: "below" },
    ...{ declared: 0.01, firesAt: 0.007, deviation: -0.3, tolerance: 0.35, detections: [] },
  };
  expect(measurementLines([measured, rate]).map(stripVTControlCharacters)).toEqual([
    "orders-api",
    "                             promised              fires        off by                      just beyond     well beyond",
    "  HttpLatencyHigh critical   above 2 s for 5m      at 2.001 s   +0.1 %                      2.04 s: 9m39s   3.7 s: never",
    "  HttpNoTraffic warning      below 0.01/s for 5m   at 0.007/s   −30.0 % (told to ±35.0 %)   –               –",
  ]);
  expect(measurementEntry(measured, undefined, "http")).toEqual({
    kind: "measurement",
    name: "http › orders-api › HttpLatencyHigh critical",
    outcome: "passed",
    message: "2.04 s is told after 9m39s, promised is 9m39s; 3.7 s is never told, promised is 5m59s to 6m29s",
    data: { ...measured },
  });
});
