import { describe, expect, it } from "vitest";
import { createEngine, loadEngine } from "../../src/engine/engine.ts";
import { compileEngine } from "../../src/engine/engine-instance.ts";
import type { EvaluateRequest, EvaluateResult, Trial } from "../../src/engine/evaluation.ts";
import type { RuleChange } from "../../src/engine/rules.ts";
import fc from "../helpers/fast-check.ts";
import {
  caseOf,
  changed,
  changeOf,
  deepTemplate,
  requestOf,
  ruleChange,
  run,
  withoutExamples,
} from "./engine-cases.ts";

/** What can be compared: in a changed file the rules stand at other lines. */
function outcome({ alerts, errors }: Pick<EvaluateResult, "alerts" | "errors">) {
  return withoutExamples({ alerts, errors: errors.map(({ line: _, ...error }) => error) });
}

const comparable = (trial: Trial) => (trial.same ? trial : { same: false, ...outcome(trial) });

/** What a trial ought to give, from evaluations of the rules as they are and of the changed rules. */
function expected(base: EvaluateResult, result: EvaluateResult) {
  const same = JSON.stringify(outcome(base)) === JSON.stringify(outcome(result));
  return same ? { same } : { same, ...outcome(result) };
}

it("a trial of changed rules gives what evaluating them gives, whatever was tried before", {
  timeout: 300_000,
}, async () => {
  const engine = await loadEngine();
  const seen = { same: 0, different: 0, range: 0, stepwise: 0, failed: 0 };
  const trials = fc.array(fc.array(changeOf, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(caseOf([undefined, undefined, "2m", "30s"]), trials, (input, list) => {
      const open = engine.openCase(requestOf(input, "auto", undefined, []));
      try {
        const base = run(engine, input, "auto", undefined, []);
        expect(withoutExamples(open.result)).toEqual(withoutExamples(base));
        const tried = list.map((random) => {
          const changes = random.map((one) => ruleChange(input, one));
          const wanted = expected(base, run(engine, changed(input, changes), "auto", undefined, []));
          expect(comparable(open.try(changes)), JSON.stringify(changes)).toEqual(wanted);
          seen[wanted.same ? "same" : "different"] += 1;
          seen.failed += "errors" in wanted ? wanted.errors.length : 0;
          return { changes, wanted };
        });
        for (const { changes, wanted } of tried.reverse()) expect(comparable(open.try(changes))).toEqual(wanted);
        expect(open.try([])).toEqual({ same: true });
        seen[base.modeUsed] += 1;
      } finally {
        open.close();
      }
    }),
    { seed: 4, numRuns: 100 },
  );
  // The comparison would be worth nothing had one of these hardly ever happened.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  expect(seen.same + seen.different).toBeGreaterThan(300);
});

describe("a case", async () => {
  const minuteMs = 60_000;
  const minutes = Float64Array.from({ length: 11 }, (_, i) => i * minuteMs);
  const rules = `
groups:
- name: g
  labels: {team: web}
  rules:
  - {record: load:sum, expr: sum by (host) (load)}
  - alert: Busy
    expr: load:sum > 5
    for: 2m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.host }} has {{ $value }}"}`;
  const request: EvaluateRequest = {
    ruleFiles: [{ name: "rules.yml", yaml: rules }],
    // 0, 1, 2, … 10 over ten minutes
    series: [
      { labels: { __name__: "load", host: "a" }, timestampsMs: minutes, values: minutes.map((t) => t / minuteMs) },
    ],
    startMs: 0,
    endMs: 10 * minuteMs,
    evaluationIntervalMs: minuteMs,
  };
  const engine = await loadEngine();
  const firesAtMinute = (trial: Trial) =>
    trial.same
      ? "same"
      : trial.alerts.map(({ phases }) => (phases.find((p) => p.state === "firing")?.fromMs ?? NaN) / minuteMs);

  it.each<[string, RuleChange, unknown]>([
    ["a threshold that is passed at the same minute", { rule: 1, expr: "load:sum > 5.5" }, "same"],
    ["another threshold", { rule: 1, expr: "load:sum > 2" }, [5]],
    ["a threshold that is never passed", { rule: 1, expr: "load:sum > 20" }, []],
    ["another way to write the same", { rule: 1, expr: "(load:sum) > 10 / 2" }, "same"],
    ["no `for`", { rule: 1, forMs: 0 }, [6]],
    ["`keep_firing_for` where nothing resolves", { rule: 1, keepFiringForMs: 5 * minuteMs }, "same"],
    ["a recording that the alert reads", { rule: 0, expr: "2 * sum by (host) (load)" }, [5]],
    ["a recording that comes to the same", { rule: 0, expr: "sum by (host) (load * 1)" }, "same"],
    ["a recording without the label", { rule: 0, expr: "sum(load)" }, [8]],
  ])("tries %s", (_, change, outcome) => {
    const open = engine.openCase(request);
    expect(firesAtMinute(open.try([change]))).toEqual(outcome);
    open.close();
  });

  it("tries other labels and texts, and keeps the group's labels", () => {
    const open = engine.openCase(request);
    const trial = open.try([{ rule: 1, labels: { severity: "info" }, annotations: { summary: "{{ $value }}!" } }]);
    expect(trial).toMatchObject({
      alerts: [
        { labels: { alertname: "Busy", host: "a", severity: "info", team: "web" }, annotations: { summary: "8!" } },
      ],
    });
    expect(open.try([{ rule: 1, annotations: { summary: "{{ .Labels.host }} has {{ .Value }}" } }])).toEqual({
      same: true,
    });
    open.close();
  });

  it("refuses what cannot be changed, and what comes after it was closed", () => {
    const open = engine.openCase(request);
    expect(() => open.try([{ rule: 2 }])).toThrow("there is no rule 2 to change: the rules count from 0 to 1");
    expect(() => open.try([{ rule: 1, expr: "sum(" }])).toThrow('the changed expression of rule "Busy" of group "g"');
    expect(() => open.try([{ rule: 0, forMs: 1 }])).toThrow("only its expression and labels can be changed");
    expect(() => open.try([{ rule: 1, forMs: -1 }])).toThrow("cannot hold for less than 0 ms");
    expect(open.try([])).toEqual({ same: true });
    open.close();
    expect(() => open.try([])).toThrow("this case is closed");
  });

  it("stays while it is open, however much memory other calls took, and says so when the engine broke down", async () => {
    const busy = createEngine(await compileEngine(), 0); // wants a fresh program after every call
    const open = busy.openCase(request);
    const other = busy.openCase({ ...request, ruleFiles: [] });
    busy.evaluate(request);
    expect(firesAtMinute(open.try([{ rule: 1, forMs: 0 }]))).toEqual([6]);
    other.close();
    expect(open.try([])).toEqual({ same: true });
    expect(() => busy.checkRules([deepTemplate])).toThrow("nested too deeply");
    expect(() => open.try([])).toThrow("the engine broke down while this case was open: open it again");
    open.close();
    expect(busy.openCase(request).result.alerts).toHaveLength(1);
  });

  it("is refused with more samples than the engine can hold", () => {
    const many = new Float64Array(10_000_001);
    const series = [{ labels: { __name__: "load" }, timestampsMs: many, values: many }];
    expect(() => engine.openCase({ ...request, series })).toThrow("the series hold 10000001 samples");
  });

  it("says that all rules together record too much", () => {
    const yaml = `groups: [{name: g, rules: [${[1, 2, 3].map((n) => `{record: r${n}, expr: load}`).join()}]}]`;
    const { errors } = engine.evaluate({ ...request, ruleFiles: [{ name: "r", yaml }], maxSamples: 11 });
    expect(errors).toMatchObject([
      { rule: "r3", message: expect.stringContaining("all rules together record more than 22") },
    ]);
  });
});
