import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Answer } from "../../src/engine/ask.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import { sharedData } from "../shared-data.ts";
import { type Evaluation, inRangeMode, momentOf, readEvaluations } from "./promqltest.ts";
import { judgeAnswer } from "./promqltest-judge.ts";

const engine = await loadEngine();

interface Case extends Evaluation {
  file: string;
}

/** By line: what an operation leaves of a name is seen by the next one only where names are removed late. */
const namesRemovedLate: Readonly<Record<string, readonly number[]>> = {
  "name_label_dropping.test": [59, 64, 69, 74, 89, 115, 119, 123],
  "type_and_unit.test": [77, 92, 222, 237],
};

const parseError = ({ query }: Case): string => engine.parse(query.expr).error?.message ?? "";

/**
 * What Prometheus 3.15 does only with a feature flag that is off by default, as it is here. `atMost`: counted by hand, the
 * evaluations of the data in which the words of the feature stand.
 */
const leftOut: readonly { flag: string; atMost: number; is: (one: Case) => boolean }[] = [
  {
    flag: "promql-experimental-functions",
    atMost: 233,
    is: (one) => /^function ".+" is not enabled$|^limit(k|_ratio)\(\) is experimental/.test(parseError(one)),
  },
  {
    flag: "promql-extended-range-selectors",
    atMost: 135,
    is: (one) => /^(anchored|smoothed) modifier is exp/.test(parseError(one)),
  },
  {
    flag: "promql-duration-expr",
    atMost: 59,
    is: (one) => parseError(one) === "experimental duration expression is not enabled",
  },
  {
    flag: "promql-binop-fill-modifiers",
    atMost: 46,
    is: (one) => /^binop fill modifiers are experimental/.test(parseError(one)),
  },
  { flag: "use-start-timestamps", atMost: 26, is: (one) => one.startTimestamps },
  {
    flag: "promql-delayed-name-removal",
    atMost: 12,
    is: ({ file, line }) => namesRemovedLate[file]?.includes(line) ?? false,
  },
];

function casesIn(folder: string): Case[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".test"));
  return files
    .sort()
    .flatMap((file) =>
      readEvaluations(readFileSync(join(folder, file), "utf8"), engine).map((one) => ({ ...one, file })),
    );
}

/** Answers of all cases, and of those that can be asked as a range; series are loaded once for all that share them. */
function answersTo(cases: readonly Case[]): { answer: Answer; asRange?: Answer }[] {
  const shared = new Map<Case["loads"], Case[]>();
  for (const one of cases) shared.set(one.loads, [...(shared.get(one.loads) ?? []), one]);
  const answers = new Map<Case, { answer: Answer; asRange?: Answer }>();
  for (const [loads, some] of shared) {
    const ranges = some.map(inRangeMode);
    const queries = [...some.map(({ query }) => query), ...ranges.filter((range) => range !== undefined)];
    const found = engine.ask({ loads, queries, evaluationIntervalMs: 60_000 });
    const rest = found.slice(some.length);
    some.forEach((one, index) => {
      answers.set(one, { answer: found[index] ?? {}, ...(ranges[index] && { asRange: rest.shift() }) });
    });
  }
  return cases.map((one) => answers.get(one) ?? { answer: {} });
}

function faultOf(one: Case, { answer, asRange }: { answer: Answer; asRange?: Answer }): string | undefined {
  const fault = judgeAnswer(answer, one);
  if (fault !== undefined || !asRange || !("atMs" in one.query)) return fault;
  const moment = momentOf(asRange, one.query.atMs, one.scalar !== undefined);
  const inRange = judgeAnswer(moment, { ...one, expects: [] });
  return inRange && `as a range: ${inRange}`;
}

it("every evaluation of Prometheus' own tests comes out as they say", { timeout: 300_000 }, (context) => {
  const cases = casesIn(sharedData("promqltest", context));
  // Counted by hand: lines that begin with `eval`.
  expect(cases).toHaveLength(2214);
  const reasons = cases.map((one) => leftOut.find(({ is }) => is(one))?.flag);
  const answers = answersTo(cases);
  const faults = cases.flatMap((one, index) => {
    const fault = reasons[index] === undefined ? faultOf(one, answers[index] ?? { answer: {} }) : undefined;
    return fault === undefined ? [] : [`${one.file}:${one.line} ${one.query.expr}: ${fault}`];
  });
  expect(faults).toEqual([]);

  const run = reasons.filter((reason) => reason === undefined).length;
  expect(run).toBeGreaterThanOrEqual(1740);
  for (const { flag, atMost } of leftOut) {
    const count = reasons.filter((reason) => reason === flag).length;
    expect(count, flag).toBeGreaterThan(0);
    expect(count, flag).toBeLessThanOrEqual(atMost);
  }
  // What is left out by its line would not pass: no line too many.
  for (const [index, one] of cases.entries()) {
    if (reasons[index] === "promql-delayed-name-removal") {
      expect(faultOf(one, answers[index] ?? { answer: {} }), `${one.file}:${one.line}`).toBeDefined();
    }
  }
  // Nearly all that is asked at one moment was asked over a range as well.
  expect(answers.filter(({ asRange }) => asRange).length).toBeGreaterThan(1700);
});
