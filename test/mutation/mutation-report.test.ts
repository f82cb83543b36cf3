import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Mutant } from "../../src/engine/rules.ts";
import { adviceFor } from "../../src/mutation/advice.ts";
import {
  countMutants,
  mutantEntry,
  mutationLines,
  mutationScore,
  summaryText,
} from "../../src/mutation/mutation-report.ts";
import type { MutantResult } from "../../src/mutation/run-mutation.ts";
import type { Suite, SuiteCase } from "../../src/mutation/suite.ts";

const mutant = (rule: string, description = "threshold 2 → 1"): Mutant => ({
  id: "f/g/1/threshold/1",
  file: "f.yml",
  group: "g",
  rule,
  line: 7,
  operator: "threshold",
  description,
  change: { rule: 0, expr: "x > 1" },
});
const drill: SuiteCase = { name: "http › a drill", place: { file: "d.ts", line: 3 }, topic: "", alerts: new Set() };
const killed = (rule: string, byError = false): MutantResult => ({
  mutant: mutant(rule),
  outcome: "killed",
  killedBy: { case: drill, what: "A should fire. It never did.", byError },
});
const survived: MutantResult = {
  mutant: mutant("A"),
  outcome: "survived",
  difference: {
    subject: "A {}",
    usual: "quiet",
    faulty: "firing from 12:00 on",
    world: ["orders-api at 12:00: restart", "orders-api from 12:01 on: target down"],
  },
  shouldNotice: { name: drill.name, place: drill.place },
};
const equivalent: MutantResult = { mutant: mutant("B"), outcome: "equivalent" };
const suite = { caseKind: "drill", placeOf: ({ file, line }: Mutant) => ({ file, line }) } as Suite;
const all = { mutants: [killed("A"), survived, killed("B", true), equivalent], unusable: [], lostWorlds: [] };
const plain = stripVTControlCharacters;

it("counts apart what was noticed, what was not, and what is probably no fault", () => {
  expect(countMutants(all.mutants)).toEqual({ killed: 2, byError: 1, survived: 1, equivalent: 1 });
  expect(plain(summaryText(all, 98))).toBe(
    "4 mutants: 2 noticed (1 because the rule could not be evaluated), 1 survived, 1 probably equivalent (the same in 50 random worlds). Score 66.6 %; at least 98 % is wanted.",
  );
});

it("scores the noticed among those that make a difference; where none does there is nothing to miss", () => {
  expect(mutationScore({ killed: 3, survived: 1 })).toBe(75);
  expect(mutationScore({ killed: 0, survived: 0 })).toBe(100);
});

const linesOf = (mutants: MutantResult[]) =>
  plain(mutationLines({ mutants, unusable: [], lostWorlds: [] }, suite).join("\n")).split("\n");

it("gives each rule a line, and each survivor what changed, what that does, where, who should have noticed, and how", () => {
  expect(linesOf(all.mutants)).toEqual([
    "✗ A    50 %  1 of 2 noticed",
    "",
    "  threshold 2 → 1  f.yml:7",
    "    changed to      x > 1",
    "    changes         A {}",
    "    as it is        quiet",
    "    with the fault  firing from 12:00 on",
    "    in a world of   orders-api at 12:00: restart",
    "                    orders-api from 12:01 on: target down",
    '  Nobody noticed. The drill that should have: "http › a drill"  d.ts:3',
    "  → Let the signal be just below the threshold once, and just above it once.",
    "",
    "✓ B   100 %  1 of 1 noticed, 1 probably equivalent",
  ]);
});

it("tells survivors that lack the same test together, and parts paragraphs by one empty line", () => {
  const lines = linesOf([survived, { ...survived, mutant: mutant("A", "threshold 2 → 1.8") }, killed("B")]);
  expect(lines.filter((line) => line.startsWith("  Nobody noticed. "))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("  threshold 2 → "))).toHaveLength(2);
  // What is the same of both is said once.
  expect(lines.filter((line) => line.startsWith("    with the fault"))).toHaveLength(1);
  expect(lines.join("\n")).not.toContain("\n\n\n");
});

it("says once of a rule that no test speaks of that it is so, and explains none of its faults", () => {
  const untested = { ...survived, shouldNotice: undefined };
  expect(linesOf([untested, untested])).toEqual(["✗ A     0 %  0 of 2 noticed: no test speaks of it"]);
  expect(mutantEntry(untested, suite)).toMatchObject({ outcome: "failed", message: "no test speaks of A" });
  expect(mutantEntry(untested, suite).details).toBeUndefined();
});

it("knows what to do about every kind of fault that there is", async () => {
  const rules = [
    { record: "r", expr: 'sum by (a) (rate(x{a="1"}[5m] offset 5m)) * 2 or on (a) y > bool 3' },
    { alert: "A", expr: "histogram_quantile(0.9, x) > 2 and on (a) y > 1", for: "5m", keep_firing_for: "5m" },
    { alert: "B", expr: "a / b > 2", labels: { severity: "warning", x: "y" }, annotations: { s: "{{ $value }}" } },
  ];
  const yaml = JSON.stringify({ groups: [{ name: "g", rules }] });
  const operators = new Set((await loadEngine()).mutants([{ name: "r", yaml }]).map(({ operator }) => operator));
  expect(operators.size).toBeGreaterThan(20);
  expect([...operators].filter((one) => adviceFor(one) === undefined)).toEqual([]);
});

it("reports a survivor as failed, with all that is known; the others passed", () => {
  expect([killed("A"), survived, equivalent].map((one) => mutantEntry(one, suite).outcome)).toEqual([
    "passed",
    "failed",
    "passed",
  ]);
  expect(mutantEntry(survived, suite)).toMatchObject({
    kind: "mutant",
    name: "A › threshold 2 → 1",
    place: { file: "f.yml", line: 7 },
    message: 'was not noticed by "http › a drill"',
    data: {
      operator: "threshold",
      outcome: "survived",
      difference: "A {}: as it is quiet; with the fault firing from 12:00 on",
      world: ["orders-api at 12:00: restart", "orders-api from 12:01 on: target down"],
      shouldNotice: { name: "http › a drill" },
    },
  });
  expect(mutantEntry(killed("A"), suite).data).toMatchObject({
    killedBy: { name: "http › a drill", what: "A should fire. It never did.", byError: false },
  });
});
