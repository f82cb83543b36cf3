import { describe, expect, it } from "vitest";
import { drillsOf, provocations } from "../../alert-rules/drills.ts";
import { packs } from "../../alert-rules/index.ts";
import { platformFindings } from "../../src/config/platform-findings.ts";
import { needsLoki } from "../../src/drills/drill-request.ts";
import type { DrillResult } from "../../src/drills/drill-result.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { measureService } from "../../src/measure/measure.ts";
import { measuredFindings } from "../../src/measure/measured-findings.ts";
import type { Platform } from "../../src/model/platform.ts";
import { measurableFindings } from "../../src/worlds/measurable.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { randomPlatform, randomProps } from "../helpers/random-platform.ts";
import { rulesOf } from "../helpers/shop.ts";

const engine = await loadEngine();

/** Each tries other intervals, buckets, thresholds and ways in; any seed will do, these are quick. */
const seeds = [7, 8, 17, 20];

/** `HttpLatencyHigh critical of service-1`: what `firedrill check` says that it cannot be kept. */
const unkeptBy = (platform: Platform): string[] =>
  measurableFindings(platform, () => ({ file: "monitoring.yaml" })).map(({ summary }) => alertIn(summary));
const alertIn = (summary: string): string => /^\S+ \S+ of \S+/.exec(summary)?.[0] ?? "";

/** What a drill saw that is not as promised, without what its platform is known not to keep. */
const unexplained = ({ expects }: DrillResult, unkept: readonly string[]) =>
  expects.filter(
    ({ outcome, alert, severity, service }) =>
      outcome !== "passed" &&
      !unkept.some((one) => one.startsWith(`${alert} ${severity ?? ""}`) && one.endsWith(` of ${service}`)),
  );

describe.each(seeds)("the random platform %i", (seed) => {
  const platform = randomPlatform(seed);
  const unkept = unkeptBy(platform);

  it("is one that the check of monitoring.yaml has nothing against", () => {
    const errors = platformFindings(randomProps(seed), packs).filter(({ severity }) => severity === "error");
    expect(errors).toEqual([]);
    expect(randomProps(seed)).toEqual(randomProps(seed));
  });

  it("passes every drill but those of thresholds that it is told it cannot keep, and none is in error", () => {
    const drills = drillsOf(platform).filter((drill) => !needsLoki(drill, platform));
    const bad = notPassed(run(platform, drills));
    expect(drills.length).toBeGreaterThan(30);
    expect(bad.filter(({ outcome }) => outcome !== "failed")).toEqual([]);
    const surprising = bad.filter((one) => unexplained(one, unkept).length > 0);
    expect(surprising.map(({ name, failures }) => [name, failures])).toEqual([]);
  }, 240_000);

  it("fires where it promises, as far as it is not told otherwise", async () => {
    for (const service of platform.services) {
      const options = { engine, ruleFiles: rulesOf(platform), provocations };
      const { measurements } = await measureService(service, platform, options);
      const findings = measuredFindings(measurements, platform, () => ({ file: "monitoring.yaml" }));
      expect(findings.filter(({ summary }) => !unkept.includes(alertIn(summary)))).toEqual([]);
    }
  }, 240_000);
});
