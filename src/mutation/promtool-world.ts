import { parse } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { EvaluateRequest, SampleSeries } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import { parseQuantity } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import { missingSeries, outsiders } from "./lacking-series.ts";
import { notedValues, seriesLabels } from "./noted-values.ts";
import { perturbed } from "./perturbed-series.ts";
import type { PlainSeries } from "./plain-series.ts";

/** The part of a test file in promtool's format that random worlds are made from. */
export interface WrittenTests {
  rule_files?: string[];
  evaluation_interval?: string;
  tests?: {
    name?: string;
    interval?: string;
    input_series?: { series: string; values: string }[];
    alert_rule_test?: { eval_time?: string; alertname?: string; exp_alerts?: unknown[] }[];
    promql_expr_test?: { eval_time?: string }[];
  }[];
}

/** Samples of one series, and ticks, beyond which a world shows nothing new. */
const most = 1_000;

/** Times of day are then those since the start of the test. */
const startMs = clockMs("00:00") ?? 0;

const msOf = (text: string | undefined, otherwise: number): number =>
  (parseQuantity("seconds", text ?? "")?.value ?? otherwise / 1000) * 1000;

/**
 * A random world of a test file: the series of one of its tests, disturbed by a seed, under all its rules. What the
 * rules read and no series of the test is gets series, too: a rule that has nothing to read looks the same whatever is
 * wrong with it. Undefined where there is nothing to read at all. Every recorded series is watched by an alert of its
 * own, so that it counts, too.
 */
export function promtoolWorld(
  written: WrittenTests,
  ruleFiles: readonly RuleFile[],
  engine: Engine,
  seed: number,
): EvaluateRequest | undefined {
  const tests = written.tests ?? [];
  const test = tests[seed % Math.max(1, tests.length)];
  const evaluationMs = msOf(written.evaluation_interval, 60_000);
  const stepMs = msOf(test?.interval, evaluationMs);
  const named: PlainSeries[] = (test?.input_series ?? []).flatMap(({ series, values }) => {
    const labels = seriesLabels(series, engine);
    return labels ? [{ labels, values: notedValues(String(values), most) }] : [];
  });
  const selectors = expressionsOf(ruleFiles).flatMap((expr) => engine.parse(expr).selectors ?? []);
  const limits = limitsByMetric(ruleFiles, engine);
  const given = [...named.map(({ labels }) => labels.__name__), ...recordedNames(ruleFiles)];
  for (const labels of missingSeries(selectors, new Set(given), limits)) {
    named.push({ labels, values: Array.from({ length: stepsOf(seed) }, (_, at) => at) });
  }
  if (seed % 2 === 1) named.push(...outsiders(named, selectors));
  if (named.length === 0) return undefined;
  const asserted = [...(test?.alert_rule_test ?? []), ...(test?.promql_expr_test ?? [])];
  const longest = Math.max(...named.map(({ values }) => values.length)) * stepMs;
  const endMs = Math.min(
    most * evaluationMs,
    Math.max(longest, ...asserted.map(({ eval_time }) => msOf(eval_time, 0))),
  );
  const values = perturbed(named, (metric) => limits.get(metric) ?? [], seed);
  return {
    ruleFiles: [...ruleFiles, watchingRules(ruleFiles)],
    series: named.map(({ labels }, index) => samples(labels, values[index] ?? [], stepMs)),
    startMs,
    endMs: startMs + Math.ceil(endMs / evaluationMs) * evaluationMs,
    evaluationIntervalMs: evaluationMs,
  };
}

/** Most worlds are short, because that is quick; in every fourth, long windows and a long `for` have the time to matter. */
const stepsOf = (seed: number): number => (seed % 4 === 3 ? 240 : 60);

const rulesOf = (ruleFiles: readonly RuleFile[]) =>
  ruleFiles.flatMap(({ yaml }) => {
    type Rules = { groups?: { rules?: { record?: string; expr: string }[] }[] } | null;
    return (parse(yaml) as Rules)?.groups?.flatMap(({ rules }) => rules ?? []) ?? [];
  });

const recordedNames = (ruleFiles: readonly RuleFile[]): string[] =>
  rulesOf(ruleFiles).flatMap(({ record }) => record ?? []);

const expressionsOf = (ruleFiles: readonly RuleFile[]): string[] => rulesOf(ruleFiles).map(({ expr }) => String(expr));

function samples(labels: PlainSeries["labels"], values: PlainSeries["values"], stepMs: number): SampleSeries {
  const there = values.flatMap((value, at) =>
    typeof value === "number" ? [{ ms: startMs + at * stepMs, value }] : [],
  );
  return {
    labels: { ...labels },
    timestampsMs: Float64Array.from(there, ({ ms }) => ms),
    values: Float64Array.from(there, ({ value }) => value),
    staleAtMs: Float64Array.from(values.flatMap((value, at) => (value === null ? [startMs + at * stepMs] : []))),
  };
}

/** The numbers that an expression compares with: where something may change. */
const limitsIn = (expr: string): number[] =>
  [...expr.matchAll(/[<>=]=?\s*(?:bool\s+)?(-?\d[\d.]*)/g)].map(([, number]) => Number(number)).filter(Number.isFinite);

export const limitsOf = (ruleFiles: readonly RuleFile[]): number[] => [
  ...new Set(expressionsOf(ruleFiles).flatMap(limitsIn)),
];

/** Limits by the metrics that are in the same expression. */
function limitsByMetric(ruleFiles: readonly RuleFile[], engine: Engine): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const expr of expressionsOf(ruleFiles)) {
    for (const { metric = "" } of engine.parse(expr).selectors ?? []) {
      found.set(metric, [...new Set([...(found.get(metric) ?? []), ...limitsIn(expr)])]);
    }
  }
  return found;
}

/** The name of the alert that watches a recorded series. */
export const watching = (record: string): string => `recorded ${record}`;

function watchingRules(ruleFiles: readonly RuleFile[]): RuleFile {
  const rules = [...new Set(recordedNames(ruleFiles))].map((name) => ({ alert: watching(name), expr: name }));
  return { name: "what is recorded", yaml: JSON.stringify({ groups: [{ name: "what is recorded", rules }] }) };
}
