import { parse } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { EvaluateRequest, SampleSeries } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import { parseQuantity } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import { perturbed } from "./perturbed-series.ts";
import { notedValues, seriesLabels } from "./series-notation.ts";

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
 * wrong with it. Undefined where there is nothing to read at all. Every recorded series is watched by an alert of its own, so that it counts, too.
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
  named.push(...unnamedSeries(ruleFiles, new Set(named.map(({ labels }) => labels.__name__)), engine));
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
    startMs,
    endMs: startMs + Math.ceil(endMs / evaluationMs) * evaluationMs,
    evaluationIntervalMs: evaluationMs,
  };
}

/** Series of two instances for each selector whose metric is neither given nor recorded. */
function unnamedSeries(ruleFiles: readonly RuleFile[], given: ReadonlySet<string | undefined>, engine: Engine) {
  const known = new Set([...given, ...recordedNames(ruleFiles), "ALERTS", "ALERTS_FOR_STATE"]);
  const labelSets = new Map<string, Record<string, string>>();
  for (const expr of expressionsOf(ruleFiles)) {
    for (const { metric, matchers } of engine.parse(expr).selectors ?? []) {
      if (metric === undefined || known.has(metric)) continue;
      const chosen = matchers.flatMap(({ name, op, value }): [string, string][] => {
        if (op === "=") return [[name, value]];
        return op === "=~" ? [[name, oneOf(value)]] : [];
      });
      for (const instance of ["a", "b"]) {
        for (const le of metric.endsWith("_bucket") ? ["0.1", "1", "10", "+Inf"] : [undefined]) {
          const labels = { __name__: metric, instance, ...Object.fromEntries(chosen), ...(le !== undefined && { le }) };
          labelSets.set(JSON.stringify(Object.entries(labels).sort()), labels);
        }
      }
    }
  }
  return [...labelSets.values()].map((labels) => ({ labels, values: Array.from({ length: 60 }, (_, at) => at) }));
}

/** A text that a regular expression of the usual kind matches: its first alternative, with `.` and `.*` filled in. */
const oneOf = (regex: string): string =>
  (regex.replaceAll(/[()^$]|\?:/g, "").split("|")[0] ?? "")
    .replaceAll(/\.[*+]/g, "x")
    .replaceAll(/\[.*?\][*+]?/g, "1")
    .replaceAll(".", "0");

const rulesOf = (ruleFiles: readonly RuleFile[]) =>
  ruleFiles.flatMap(({ yaml }) => {
    type Rules = { groups?: { rules?: { record?: string; expr: string }[] }[] } | null;
    return (parse(yaml) as Rules)?.groups?.flatMap(({ rules }) => rules ?? []) ?? [];
  });

const recordedNames = (ruleFiles: readonly RuleFile[]): string[] =>
  rulesOf(ruleFiles).flatMap(({ record }) => record ?? []);

const expressionsOf = (ruleFiles: readonly RuleFile[]): string[] => rulesOf(ruleFiles).map(({ expr }) => String(expr));

function samples(
  labels: Record<string, string>,
  values: readonly (number | null | undefined)[],
  stepMs: number,
): SampleSeries {
  const there = values.flatMap((value, at) =>
    typeof value === "number" ? [{ ms: startMs + at * stepMs, value }] : [],
  );
  return {
    labels,
    timestampsMs: Float64Array.from(there, ({ ms }) => ms),
    values: Float64Array.from(there, ({ value }) => value),
    staleAtMs: Float64Array.from(values.flatMap((value, at) => (value === null ? [startMs + at * stepMs] : []))),
  };
}

/** The numbers that the rules' expressions compare with: where something may change. */
export function limitsOf(ruleFiles: readonly RuleFile[]): number[] {
  const found = expressionsOf(ruleFiles).flatMap((expr) => [...expr.matchAll(/[<>=]=?\s*(?:bool\s+)?(-?\d[\d.]*)/g)]);
  return [...new Set(found.map(([, number]) => Number(number)))].filter(Number.isFinite);
}

function watchingRules(ruleFiles: readonly RuleFile[]): RuleFile {
  const rules = [...new Set(recordedNames(ruleFiles))].map((name) => ({ alert: `recorded ${name}`, expr: name }));
  return { name: "what is recorded", yaml: JSON.stringify({ groups: [{ name: "what is recorded", rules }] }) };
}
