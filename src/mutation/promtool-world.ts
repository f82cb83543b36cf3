import type { Engine, EvaluateRequest, RuleFile, SampleSeries } from "../engine/engine.ts";
import { parseQuantity } from "../model/quantity.ts";
import { perturbed } from "./perturbed-series.ts";
import { notedValues, seriesLabels } from "./series-notation.ts";

/** The part of a test file in promtool's format that random worlds are made from. */
export interface WrittenTests {
  rule_files?: string[];
  evaluation_interval?: string;
  tests?: {
    interval?: string;
    input_series?: { series: string; values: string }[];
    alert_rule_test?: { eval_time?: string; alertname?: string }[];
    promql_expr_test?: { eval_time?: string }[];
  }[];
}

/** Samples of one series, and ticks, beyond which a world shows nothing new. */
const most = 1_000;

const msOf = (text: string | undefined, otherwise: number): number =>
  (parseQuantity("seconds", text ?? "")?.value ?? otherwise / 1000) * 1000;

/**
 * A random world of a test file: the series of one of its tests, disturbed by a seed, under all its rules. Undefined
 * where that test has no series. Every recorded series is watched by an alert of its own, so that it counts, too.
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
  const named = (test?.input_series ?? []).flatMap(({ series, values }) => {
    const labels = seriesLabels(series, engine);
    return labels ? [{ labels, values: notedValues(String(values), most) }] : [];
  });
  if (named.length === 0) return undefined;
  const asserted = [...(test?.alert_rule_test ?? []), ...(test?.promql_expr_test ?? [])];
  const longest = Math.max(...named.map(({ values }) => values.length)) * stepMs;
  const endMs = Math.min(
    most * evaluationMs,
    Math.max(longest, ...asserted.map(({ eval_time }) => msOf(eval_time, 0))),
  );
  const values = perturbed(
    named.map((one) => one.values),
    limitsOf(ruleFiles),
    seed,
  );
  return {
    ruleFiles: [...ruleFiles, watchingRules(ruleFiles)],
    series: named.map(({ labels }, index) => samples(labels, values[index] ?? [], stepMs)),
    startMs: 0,
    endMs: Math.ceil(endMs / evaluationMs) * evaluationMs,
    evaluationIntervalMs: evaluationMs,
  };
}

function samples(
  labels: Record<string, string>,
  values: readonly (number | null | undefined)[],
  stepMs: number,
): SampleSeries {
  const there = values.flatMap((value, at) => (typeof value === "number" ? [{ ms: at * stepMs, value }] : []));
  return {
    labels,
    timestampsMs: Float64Array.from(there, ({ ms }) => ms),
    values: Float64Array.from(there, ({ value }) => value),
    staleAtMs: Float64Array.from(values.flatMap((value, at) => (value === null ? [at * stepMs] : []))),
  };
}

/** The numbers in the rules' expressions: where something may change. */
function limitsOf(ruleFiles: readonly RuleFile[]): number[] {
  const found = ruleFiles.flatMap(({ yaml }) => [...yaml.matchAll(/[<>=]=?\s*(?:bool\s+)?(-?\d[\d.]*)/g)]);
  return [...new Set(found.map(([, number]) => Number(number)))].filter(Number.isFinite);
}

function watchingRules(ruleFiles: readonly RuleFile[]): RuleFile {
  const recorded = new Set(
    ruleFiles.flatMap(({ yaml }) => [...yaml.matchAll(/^\s*(?:- )?record:\s*["']?([\w:]+)/gm)].map(([, name]) => name)),
  );
  const rules = [...recorded].map((name) => ({ alert: `recorded ${name}`, expr: name }));
  return { name: "what is recorded", yaml: JSON.stringify({ groups: [{ name: "what is recorded", rules }] }) };
}
