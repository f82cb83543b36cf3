import { describe, expect, it } from "vitest";
import { SignalAnomaly, watchedOf } from "../../alert-rules/anomaly.ts";
import { drillsOf } from "../../alert-rules/drills.ts";
import { deployedRules, detect } from "../../scripts/nab/detect.ts";
import { judge } from "../../scripts/nab/score.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { checkout, ordersApi, rulesOf, shop } from "../helpers/shop.ts";

const platform = shop({
  services: [{ ...ordersApi, anomalies: ["http_request_rate", "http_request_latency_p95"] }, checkout],
});
const engine = await loadEngine();

describe("what is unusual for a signal", () => {
  it("is told in every history that is drilled, and nothing else is", { timeout: 300_000 }, () => {
    const drills = drillsOf(platform).filter(({ expect }) => expect.some(({ alert }) => alert === SignalAnomaly.name));
    const about = drills.filter(({ world }) => world.memory.length > 0);
    expect(about.length).toBe(77);
    expect(notPassed(run(platform, about))).toEqual([]);
  });

  it("is nothing to services that do not ask for it, and costs no rule where none does", () => {
    expect(watchedOf(platform)).toEqual([
      { signal: "http_request_rate", series: "service_route:http_requests:rate5m", services: ["orders-api"] },
      {
        signal: "http_request_latency_p95",
        series: "service_route:http_request_latency_seconds:p95_5m",
        services: ["orders-api"],
      },
    ]);
    expect(rulesOf(shop()).map(({ name }) => name)).not.toContain("prometheus/rules/anomaly.yml");
    const [of] = platform.services.filter(({ name }) => name === "checkout");
    expect(of?.promises.has(SignalAnomaly.name)).toBe(false);
  });

  it("takes one rule more for a signal more, and none for a service more", () => {
    const rulesFor = (change: Parameters<typeof shop>[0]) =>
      (
        rulesOf(shop(change))
          .find(({ name }) => name.endsWith("/anomaly.yml"))
          ?.yaml.match(/- record:/g) ?? []
      ).length;
    const watching = (...anomalies: string[]) => ({ ...ordersApi, anomalies });
    const one = rulesFor({ services: [watching("http_request_rate")] });
    expect(rulesFor({ services: [watching("http_request_rate", "http_error_rate")] })).toBe(one + 1);
    expect(
      rulesFor({ services: [watching("http_request_rate"), { ...watching("http_request_rate"), name: "b" }] }),
    ).toBe(one);
  });

  it("can be switched off for a service", () => {
    const off = shop({
      services: [{ ...ordersApi, anomalies: ["http_request_rate"], features: { SignalAnomaly: false } }],
    });
    expect(rulesOf(off).some(({ yaml }) => yaml.includes("alert: SignalAnomaly"))).toBe(false);
  });
});

describe("the rules on a series as the benchmark has them", () => {
  /** Fourteen days of five minutes, in which the values of a few hours may be others. */
  const series = (value: (row: number) => number) => ({
    name: "made/up.csv",
    category: "made",
    rows: 4032,
    timesMs: Float64Array.from({ length: 4032 }, (_, row) => Date.UTC(2026, 0, 5) + row * 300_000),
    values: Float64Array.from({ length: 4032 }, (_, row) => value(row)),
    windows: [[2000, 2400]] as const,
  });
  const wave = (row: number) => 100 + 50 * Math.sin((2 * Math.PI * row) / 288);
  const detected = (value: (row: number) => number) => detect(series(value), deployedRules(), engine).rows;

  it("find a spike at once, and once", () => {
    const rows = detected((row) => wave(row) + (row >= 2100 && row < 2106 ? 200 : 0));
    expect(rows).toEqual([2101]);
    expect(judge(series(wave), rows)).toMatchObject({ falsePositives: 0, scorable: 1 });
  });

  it("stay quiet on a wave, on nothing at all, and on a series that begins to be more than nothing", () => {
    expect(detected(wave)).toEqual([]);
    expect(detected(() => 0)).toEqual([]);
    expect(detected((row) => (row === 2100 ? 1 : 0))).toEqual([]);
  });

  it("find a value that has never moved when it moves by a hundredth", () => {
    expect(detected((row) => (row >= 2100 && row < 2106 ? 101 : 100))).toEqual([2101]);
  });
});
