import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import type { Mutant } from "../../src/engine/rules.ts";
import {
  countMutants,
  mutantEntry,
  mutationLines,
  mutationScore,
  summaryText,
  survivorText,
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
  difference: "A {} is firing from 12:00 on with the fault only (orders-api at 12:00: restart)",
  shouldNotice: drill,
};
const equivalent: MutantResult = { mutant: mutant("B"), outcome: "equivalent" };
const suite = { placeOf: ({ file, line }: Mutant) => ({ file, line }) } as Suite;
const all = { mutants: [killed("A"), survived, killed("B", true), equivalent], unusable: [] };
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

it("gives each rule a line, and each survivor a paragraph with what changed and who should have noticed", () => {
  const lines = mutationLines(all, suite).map((line) => plain(line));
  expect(lines[0]).toBe("✗ A    50 %  1 of 2 noticed");
  expect(lines.at(-1)).toBe("✓ B   100 %  1 of 1 noticed, 1 probably equivalent");
  expect(plain(survivorText(survived, suite)).split("\n")).toEqual([
    "  A: threshold 2 → 1  f.yml:7",
    "    x > 1",
    "    Nobody noticed. This one should have: http › a drill  d.ts:3",
    "    It makes a difference: A {} is firing from 12:00 on with the fault only (orders-api at 12:00: restart)",
  ]);
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
    message: "A: threshold 2 → 1 was not noticed by http › a drill",
    data: { operator: "threshold", outcome: "survived", shouldNotice: { name: "http › a drill" } },
  });
  expect(mutantEntry(killed("A"), suite).data).toMatchObject({
    killedBy: { name: "http › a drill", what: "A should fire. It never did.", byError: false },
  });
});
