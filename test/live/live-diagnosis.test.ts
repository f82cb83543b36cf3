import { describe, expect, it } from "vitest";
import { diagnose, type Evidence } from "../../src/live/live-diagnosis.ts";
import { planLiveDrill, standInService } from "../../src/live/live-plan.ts";
import { samplePlatform } from "../sample-platform.ts";

const platform = samplePlatform();
const plan = planLiveDrill(platform, standInService(platform)!);
const good: Evidence = { signalMaximum: 2.4, states: new Set(), latencyBucketsSeconds: [0.1, 0.5, 1, 1.5, 2, 2.5, 5] };
const diagnosis = (evidence: Partial<Evidence>, fault = plan.faults[0]!) =>
  diagnose(fault, plan, { ...good, ...evidence });

describe("why no message came", () => {
  it("is told by the buckets when they end below the threshold", () => {
    const { why, fix } = diagnosis({ signalMaximum: 1, latencyBucketsSeconds: [0.1, 0.5, 1] });
    expect(why).toContain("reached 1 s at most");
    expect(why).toContain("The value cannot pass 1 s");
    expect(fix).toContain("latency_lowr_buckets=(0.1, 0.5, 1, 1.5, 2");
  });

  it.each([
    [
      "the service has other metrics",
      { signalMaximum: undefined },
      "never recorded service_route:http_request_latency",
    ],
    ["the value stayed below", { signalMaximum: 1.2 }, "reached 1.2 s at most, and the threshold is 2 s"],
    ["the alert did not last", { states: new Set(["pending"]) }, "never got past pending"],
    ["it was lost behind Prometheus", { states: new Set(["pending", "firing"]) }, "Alertmanager sent no message"],
  ])("is told when %s", (_, evidence, why) => {
    expect(diagnosis(evidence).why).toContain(why);
  });
});
