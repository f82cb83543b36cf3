import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import { parseQuantity } from "../../src/model/quantity.ts";
import { changed, changeOf, ruleChange } from "../engine/engine-cases.ts";
import fc from "../helpers/fast-check.ts";
import { type RandomSuite, randomSuite, withFault, withTruth } from "./random-suites.ts";

const momentMs = (text: string): number => (text === "0" ? 0 : (parseQuantity("seconds", text)?.value ?? 0) * 1000);

const request = (groups: RandomSuite["groups"], suite: object) => ({
  file: "test.yml",
  yaml: stringify(suite),
  readRuleFiles: () => [{ name: "rules.yml", yaml: stringify({ groups }) }],
});

/** The suite with what really happens for expectations; a fault in its first test, if it has any. */
function settled(engine: Engine, { groups, suite, faults }: RandomSuite) {
  const found = engine.runUnitTest(request(groups, suite));
  const tests = suite.tests.map((test, i) =>
    withFault(withTruth(test, found.groups[i]?.failures ?? [], momentMs), i === 0 ? faults[i] : undefined),
  );
  return { ...suite, tests };
}

it("a trial of changed rules fails where running the changed file fails a test that passes before", {
  timeout: 300_000,
}, async () => {
  const engine = await loadEngine();
  const seen = { passed: 0, failed: 0 };
  fc.assert(
    fc.property(randomSuite, fc.array(changeOf, { minLength: 1, maxLength: 4 }), (random, changes) => {
      const suite = settled(engine, random);
      const open = engine.openUnitTest(request(random.groups, suite));
      try {
        expect(open.result).toEqual(engine.runUnitTest(request(random.groups, suite)));
        const rules = { groups: random.groups, series: [] };
        for (const change of changes.map((one) => ruleChange(rules, one))) {
          const after = engine.runUnitTest(request(changed(rules, [change]).groups, suite));
          const broken = after.groups.filter(({ passed }, i) => !passed && open.result.groups[i]?.passed);
          const trial = open.try([change]);
          expect(trial.passed, JSON.stringify(change)).toBe(broken.length === 0);
          if (!trial.passed) expect(trial.group).toBe(broken[0]?.name);
          seen[trial.passed ? "passed" : "failed"] += 1;
        }
      } finally {
        open.close();
      }
    }),
    { seed: 3151, numRuns: Number(process.env.FIREDRILL_RUNS ?? 40) },
  );
  expect(Math.min(seen.passed, seen.failed)).toBeGreaterThan(5);
});

it("counts rules over the files as they were found, whatever their order of evaluation", async () => {
  const engine = await loadEngine();
  const file = (name: string, rules: string) => ({ name, yaml: `groups: [{name: ${name}, rules: [${rules}]}]` });
  const a = file("a", "{alert: High, expr: r * 1 > 1}");
  const b = file("b", "{record: r, expr: load}");
  const input = "input_series: [{series: load, values: 2x5}]";
  const asserted = "alert_rule_test: [{eval_time: 3m, alertname: High, exp_alerts: [{}]}]";
  const open = engine.openUnitTest({
    file: "test.yml",
    yaml: `{rule_files: [x], group_eval_order: [b, a], tests: [{${input}, ${asserted}}]}`,
    readRuleFiles: () => [a, b, a],
  });
  expect(open.result.passed).toBe(true);
  expect(open.try([{ rule: 0, expr: "r * 1 > 1.5" }]).passed).toBe(true);
  expect(open.try([{ rule: 0, expr: "r * 1 > 2" }]).passed).toBe(false);
  expect(open.try([{ rule: 1, expr: "load / 2" }]).passed).toBe(false);
  expect(() => open.try([{ rule: 3, expr: "r" }])).toThrow("there is no rule 3 to change");
  open.close();
  expect(() => open.try([])).toThrow("this unit test is closed");
});
