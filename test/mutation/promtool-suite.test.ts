import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { promtoolSuite } from "../../src/mutation/promtool-suite.ts";
import type { PlainSuite } from "../../src/mutation/suite.ts";

const engine = await loadEngine();
const folder = mkdtempSync(join(tmpdir(), "firedrill-promtool-suite-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

file("other.yml", { groups: [{ name: "o", rules: [{ record: "twice", expr: "2 * other" }] }] });
file("rules.yml", {
  groups: [
    {
      name: "g",
      rules: [
        { record: "load", expr: "sum by (job) (work)" },
        { alert: "Busy", expr: "load > 5", for: "2m", labels: { severity: "warning" } },
        { alert: "Idle", expr: "absent(idle)" },
      ],
    },
  ],
});
const input_series = [{ series: 'work{job="a", instance="1"}', values: "1x4 7x10" }];
const fires = { eval_time: "7m", alertname: "Busy", exp_alerts: [{ exp_labels: { severity: "warning", job: "a" } }] };
const quiet = [4, 6].map((minute) => ({ eval_time: `${minute}m`, alertname: "Busy", exp_alerts: [] }));
const tests = (...alert_rule_test: object[]) => ({
  rule_files: ["other.yml", "rules.yml"],
  evaluation_interval: "1m",
  tests: [{ interval: "1m", input_series, alert_rule_test }],
});
const weak = file("weak.yml", tests(fires));
const strong = file("strong.yml", tests(fires, ...quiet));
const failing = file("failing.yml", tests({ ...fires, exp_alerts: [] }));

/** Descriptions of the mutants of a rule that a case notices. */
function noticed(suite: PlainSuite, number: number, rule: string): string[] {
  const ground = suite.openCase(number);
  if ("fault" in ground) throw new Error(ground.fault);
  const found = suite.mutants
    .filter((one) => one.rule === rule && ground.try(one))
    .map(({ description }) => description);
  ground.close();
  return found;
}

describe("a file of promtool's tests", () => {
  const suite = promtoolSuite([weak, strong, failing], engine);

  it("notices what it asserts, counting rules over all of its rule files", () => {
    const byWeak = noticed(suite, 0, "Busy");
    expect(byWeak).toContain("threshold 5 → 10");
    expect(byWeak).toContain("severity warning → critical");
    expect(byWeak).toContain("for 2m → 4m");
    expect(byWeak).not.toContain("for 2m → 0s");
    expect(noticed(suite, 1, "Busy")).toContain("for 2m → 0s");
    expect(noticed(suite, 1, "load")).toContain("rule removed");
    expect(noticed(suite, 1, "twice")).toEqual([]);
  });

  it("that does not pass as it is says why, and nothing of mutants", () => {
    expect(suite.openCase(2)).toEqual({ fault: expect.stringContaining("Busy should be silent at 7m") });
  });

  it("has the mutants of a rule file once, however many test it", () => {
    const ids = suite.mutants.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("that should have noticed is one that speaks of the alert; none may", () => {
    const named = (rule: string) =>
      suite.mutants.filter((one) => one.rule === rule).map((one) => suite.shouldNotice(one))[0];
    // `weak` says when it fires, and so when what it reads has to be there.
    expect(named("Busy")).toEqual({ name: "unnamed#0", place: { file: weak, line: 1 } });
    expect(named("load")).toEqual(named("Busy"));
    expect(named("Idle")).toBeUndefined();
  });
});

it.each<[what: string, content: string, fault: RegExp]>([
  ["is no YAML", "rule_files: [", /./],
  ["is a text", "hello", /no file of tests/],
  ["is a list", "- a", /no file of tests/],
  ["is nested too deeply", "[".repeat(4_000), /^its lists and mappings are nested too deeply$/],
  ["names a rule file that is wrong", 'rule_files: ["wrong.yml"]', /wrong\.yml:1: .*unexpected/],
])("a file that %s is told, not thrown", (_, content, fault) => {
  file("wrong.yml", "groups: [{name: g, rules: [{alert: A, expr: 'up >>'}]}]");
  const ground = promtoolSuite([file("bad.yml", content)], engine).openCase(0);
  expect(ground).toEqual({ fault: expect.stringMatching(fault) });
});

it("an expression with more faults than the engine has memory for is told with its place, and other files are used", () => {
  const long = file(
    "long-rules.yml",
    "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n  - alert: B\n    expr: up == 0 or up > 2\n",
  );
  const engineWithLittleMemory = {
    ...engine,
    mutants(files: RuleFile[]) {
      if (files.some(({ name }) => name === long)) throw new Error("the engine broke down: it needs more than 384 MB");
      return engine.mutants(files);
    },
  };
  const asks = file("asks.yml", { rule_files: ["long-rules.yml"], tests: [{ alert_rule_test: [] }] });
  const suite = promtoolSuite([asks, weak], engineWithLittleMemory);
  const fault = `${long}:7: the expression of 17 characters has too many small faults to try; record parts of it by rules of their own`;
  expect(suite.cases.map((one) => one.fault)).toEqual([fault, undefined]);
  expect(suite.openCase(0)).toEqual({ fault });
  expect(noticed(suite, 1, "Busy")).not.toEqual([]);
});

it("random worlds made from its series tell a fault from what is none, also of rules that it does not test", () => {
  const suite = promtoolSuite([weak], engine);
  const signs = new Map<string, string>();
  for (let number = 0; number < suite.worlds; number += 1) {
    const ground = suite.openWorld(number);
    for (const mutant of suite.mutants) {
      const sign = ground.try(mutant);
      if (sign) signs.set(`${mutant.rule}: ${mutant.description}`, sign.world.join());
    }
    ground.close();
  }
  for (const one of [
    "Busy: threshold 5 → 4.5",
    "Busy: > → >= in load > 5",
    "Idle: rule removed",
    "twice: number 2 → 4",
  ]) {
    expect(signs.get(one), one).toMatch(/disturbed by seed \d+/);
  }
  expect(signs.has("load: rule removed")).toBe(true);
});
