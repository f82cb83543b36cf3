import { describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Mutant } from "../../src/engine/rules.ts";
import { drillSuite } from "../../src/mutation/drill-suite.ts";
import type { Ground, Sign } from "../../src/mutation/suite.ts";
import { shop } from "../helpers/shop.ts";

const suite = drillSuite(shop(), await loadEngine());

const mutantOf = (rule: string, description: string): Mutant => {
  const found = suite.mutants.find((one) => one.rule === rule && one.description === description);
  if (!found) throw new Error(`${rule} has no mutant ${description}`);
  return found;
};
const opened = (title: RegExp): Ground<Sign> => {
  const ground = suite.openCase(suite.cases.findIndex(({ name }) => title.test(name)));
  if ("fault" in ground) throw new Error(ground.fault);
  return ground;
};

describe("a drill", () => {
  const ground = opened(/orders-api › 2 of 2 targets down|orders-api › .*targets.*critical/i);

  it("notices a rule that is gone, too slow or of another severity, and says how", () => {
    for (const description of ["rule removed", "for 3m → 6m", "severity critical → warning"]) {
      const rules = suite.mutants.filter((one) => one.rule === "HttpTargetDown" && one.description === description);
      expect(rules.map((one) => ground.try(one)?.what ?? "").join(" "), description).toMatch(
        /HttpTargetDown .* should /,
      );
    }
  });

  it("does not notice what has nothing to do with it", () => {
    expect(ground.try(mutantOf("HttpErrorRatioHigh", "threshold 0.05 → 0.1"))).toBeUndefined();
  });

  it("notices a rule that cannot be evaluated any more, as an error", () => {
    const grouped = mutantOf("HttpErrorRatioHigh", "rule removed");
    const broken = { ...grouped, change: { ...grouped.change, expr: "up * on (job) group_left () up" } };
    expect(ground.try(broken)).toMatchObject({ byError: true, what: expect.stringContaining("cannot be evaluated") });
  });
});

it("a random world tells a fault from what is none, with what happened in it", () => {
  const grounds = Array.from({ length: 15 }, (_, number) => suite.openWorld(number));
  const signs = (one: Mutant) => grounds.flatMap((ground) => ground.try(one) ?? []);
  const fault = mutantOf("HttpLatencyHigh", "threshold 2 → 1");
  expect(signs(fault)[0]).toMatchObject({
    subject: expect.stringMatching(/^HttpLatencyHigh \{.*\}$/),
    faulty: expect.stringMatching(/^(pending|firing) from /),
  });
  expect(signs(fault)[0]?.world.length).toBeLessThanOrEqual(6);
  const harmless = { ...fault.change, expr: fault.change.expr?.replace(/> 1$/, "* 1 > 2") };
  expect(harmless.expr).toMatch(/\* 1 > 2$/);
  expect(signs({ ...fault, change: harmless })).toEqual([]);
  for (const ground of grounds) ground.close();
});

it("leaves out rules that no alert reads, and says so", () => {
  expect(suite.leftOut).toContain("service_route:http_request_latency_seconds:p50_5m: no alert reads it");
  expect(suite.mutants.filter(({ rule }) => rule.includes("p50"))).toEqual([]);
});

it("names the drill that pins down what a mutant changes", () => {
  const named = (rule: string, description: string) => suite.shouldNotice(mutantOf(rule, description));
  const one = named("HttpLatencyHigh", "threshold 2 → 2.2");
  expect(one?.place).toEqual({ file: "alert-rules/http.ts" });
  expect(one?.name).toMatch(/just above 2 s/);
});
