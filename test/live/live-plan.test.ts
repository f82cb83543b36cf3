import { describe, expect, it } from "vitest";
import { planLiveDrill, standInService } from "../../src/live/live-plan.ts";
import type { PlatformProps } from "../../src/model/platform-props.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

function planOf(change: Partial<PlatformProps> = {}) {
  const platform = samplePlatform(change);
  const service = standInService(platform);
  return service && planLiveDrill(platform, service);
}

const servicesWith = (change: Partial<PlatformProps["services"][number]>) =>
  sampleProps.services.map((service) => (service.name === "orders-api" ? { ...service, ...change } : service));

describe("the plan of a live drill", () => {
  it("takes the first service that the example can play, where its alerts page", () => {
    const plan = planOf();
    expect(plan?.service.name).toBe("orders-api");
    expect(plan?.environment.name).toBe("production");
    expect(plan?.faults.map(({ alert, route, severity, what }) => [alert.name, route, severity, what])).toEqual([
      ["HttpLatencyHigh", "/orders", "critical", "every answer takes 2.4 s"],
      ["HttpErrorRatioHigh", "/orders/{order_id}", "critical", "52.5 % of answers are a 500"],
    ]);
  });

  it("expects the messages where the routes send them", () => {
    expect(planOf()?.faults.map(({ receivers }) => receivers)).toEqual([
      ["orders-chat", "orders-pager"],
      ["orders-chat", "orders-pager"],
    ]);
    expect(planOf({ services: servicesWith({ owner: "night" }) })?.faults[0]?.receivers).toEqual([
      "night-pager",
      "night-mail",
    ]);
  });

  it("follows the service's own thresholds", () => {
    const plan = planOf({
      services: servicesWith({
        thresholds: { HttpLatencyHigh: { critical: seconds(4) }, HttpErrorRatioHigh: { critical: percent(60) } },
      }),
    });
    expect(plan?.faults.map(({ what }) => what)).toEqual(["every answer takes 4.8 s", "80 % of answers are a 500"]);
  });

  it("never lets more requests wait for a slow answer than it may", () => {
    for (const threshold of [0.1, 2, 20, 60]) {
      const plan = planOf({
        services: servicesWith({ thresholds: { HttpLatencyHigh: { critical: seconds(threshold) } } }),
      });
      const { fault, secondsToAnswer } = plan!.faults[0]!;
      expect(fault.requestsPerSecond * secondsToAnswer).toBeLessThanOrEqual(100.001);
    }
  });

  it("says which alerts are switched off", () => {
    const plan = planOf({ services: servicesWith({ features: { HttpLatencyHigh: false } }) });
    expect(plan?.switchedOff.map(({ name }) => name)).toEqual(["HttpLatencyHigh"]);
    expect(plan?.faults.map(({ alert }) => alert.name)).toEqual(["HttpErrorRatioHigh"]);
  });

  it("does not exist where no service has the example's instrumentation", () => {
    expect(planOf({ services: sampleProps.services.filter(({ name }) => name === "search") })).toBeUndefined();
  });
});
