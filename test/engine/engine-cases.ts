import { stringify } from "yaml";
import type { Engine } from "../../src/engine/engine.ts";
import type { EvaluateRequest, EvaluateResult, SampleSeries } from "../../src/engine/evaluation.ts";
import type { RuleChange } from "../../src/engine/rules.ts";
import fc from "../helpers/fast-check.ts";

// Random rule groups on random series, for the tests that compare ways of evaluating them.

export const minuteMs = 60_000;
export const endMs = 24 * minuteMs;

/** What a series holds at one scrape: a value, nothing, or the marker that it has ended. */
type Scrape = number | "_" | "stale";
export interface RandomSeries {
  labels: Record<string, string>;
  scrapes: Scrape[];
}
interface RandomRule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}
interface RandomGroup {
  name: string;
  interval?: string;
  query_offset?: string;
  limit?: number;
  rules: RandomRule[];
}
export interface Case {
  groups: RandomGroup[];
  series: RandomSeries[];
}

const pick = <T>(...items: T[]) => fc.constantFrom(...items);
const text = (template: string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((values) => values.reduce((filled, value) => filled.replace("§", () => value), template));

const selector = fc.oneof(
  { weight: 6, arbitrary: pick("a", "b", 'a{x="1"}', 'b{y!="1"}', 'a{x=~"1|2"}', '{__name__=~"a|b"}', "h_bucket") },
  { weight: 4, arbitrary: pick("r0", "r1", "r2", 'r0{kind="k1"}', 'ALERTS{alertstate="firing"}', "ALERTS_FOR_STATE") },
);
const placed = fc.oneof(
  { weight: 8, arbitrary: selector },
  { weight: 1, arbitrary: text("§ offset §", selector, pick("1m", "90s", "-1m")) },
  { weight: 1, arbitrary: text("§ @ §", selector, pick("300", "end()", "start()")) },
);
const window = pick("1m", "2m", "150s", "5m");
const overTime = pick(
  "rate",
  "increase",
  "delta",
  "changes",
  "resets",
  "max_over_time",
  "avg_over_time",
  "sum_over_time",
);
const by = pick("by (x)", "by (x, y)", "without (x)", "");
const number = pick("0", "0.5", "1", "2", "3.5");

const vector: fc.Arbitrary<string> = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    placed,
    text("§(§[§])", overTime, selector, window),
    text("§(§[§] offset 1m)", overTime, selector, window),
    text("max_over_time((§)[§:§])", tie("vector"), window, pick("1m", "30s", "")),
    text("§ § (§)", pick("sum", "min", "max", "avg", "count", "stddev", "group"), by, tie("vector")),
    // Only of series in the store: which of two equals topk takes from computed ones is left open by Prometheus itself.
    text("topk § (1, §)", by, selector),
    text("bottomk § (1, §(§[§]))", by, overTime, selector, window),
    text("quantile § (0.5, §)", by, tie("vector")),
    text('count_values § ("n", §)', by, tie("vector")),
    text("(§) § (§)", tie("vector"), pick("+", "-", "*", "/", "==", "!=", ">", "and", "or", "unless"), tie("vector")),
    text("(§) § on (x) (§)", tie("vector"), pick("/", "and", "unless", ">"), tie("vector")),
    text("(§) * on (x) group_left max by (x) (§)", tie("vector"), tie("vector")),
    text("(§) § §", tie("vector"), pick(">", "<", ">=", "==", "+", "/", "% "), number),
    text("§(§)", pick("absent", "-", "abs", "timestamp", "sort_desc", "floor"), tie("vector")),
    text('label_replace(§, "x", "$1", "y", "(.*)")', tie("vector")),
    text("histogram_quantile(0.9, sum by (le, x) (rate(h_bucket[§])))", window),
    text("vector(scalar(§))", tie("vector")),
    pick("vector(time() / 60)", "absent_over_time(a[2m])", "absent(b)", "vector(1) > 0"),
  ),
})).vector;

const labels = fc.option(
  pick<Record<string, string>>(
    { kind: "k1" },
    { kind: "k2", x: "9" },
    { seen: "{{ $labels.x }}" },
    { rounded: "{{ $value | printf `%.0f` }}" },
  ),
  { nil: undefined },
);
const annotations = pick<Record<string, string>>(
  { summary: "{{ $labels.x }} has {{ $value }} at {{ $externalLabels.site }} {{ $externalURL }}" },
  { summary: '{{ with query "sum(a)" }}{{ . | first | value }}{{ end }}' },
  {
    summary: '{{ range query "max by (x) (r0)" | sortByLabel "x" }}{{ .Labels.x }}={{ .Value }};{{ end }}',
    other: "{{ humanize $value }}",
  },
);
const recording: fc.Arbitrary<RandomRule> = fc.record({
  record: pick("r0", "r1", "r2", "a"),
  expr: vector,
  labels: fc.option(pick<Record<string, string>>({ kind: "k1" }, { y: "7" }), { nil: undefined }),
});
const alerting: fc.Arbitrary<RandomRule> = fc.record({
  alert: pick("A0", "A1"),
  expr: text("(§) § §", vector, pick(">", "<=", "!="), number),
  for: pick(undefined, "1m", "2m", "4m"),
  keep_firing_for: pick(undefined, undefined, "2m", "3m"),
  labels,
  annotations,
});
const groups = (intervals: (string | undefined)[]) =>
  fc
    .array(
      fc.record({
        interval: pick(...intervals),
        query_offset: pick(undefined, undefined, undefined, "1m", "30s"),
        limit: pick(undefined, undefined, undefined, 2),
        rules: fc.array(fc.oneof(recording, alerting), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => list.map((group, i) => ({ name: `g${i}`, ...group })));

const scrape = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 6 }) as fc.Arbitrary<Scrape> },
  { weight: 2, arbitrary: fc.double({ min: -3, max: 50, noNaN: true }) },
  { weight: 2, arbitrary: pick<Scrape>("_") },
  { weight: 1, arbitrary: pick<Scrape>("stale", Number.NaN, Number.POSITIVE_INFINITY) },
);
const series = fc.uniqueArray(
  fc.record({
    labels: fc.oneof(
      fc.record({ __name__: pick("a", "b"), x: pick("1", "2", "3"), y: pick("1", "2") }),
      fc.record({ __name__: pick("h_bucket"), x: pick("1", "2"), le: pick("1", "2", "+Inf") }),
    ),
    scrapes: fc.array(scrape, { minLength: 1, maxLength: 25 }),
  }),
  { minLength: 1, maxLength: 8, selector: (one) => JSON.stringify(one.labels) },
);
/** Three cases in four are orderly: their rules read only what earlier rules record, so that range evaluation is possible. */
export const caseOf = (intervals: (string | undefined)[]): fc.Arbitrary<Case> =>
  fc.tuple(fc.record({ groups: groups(intervals), series }), pick(true, true, true, false)).map(([input, orderly]) => {
    return orderly ? { ...input, groups: inOrder(input.groups) } : input;
  });

function inOrder(list: RandomGroup[]): RandomGroup[] {
  const all = list.flatMap(({ rules }) => rules);
  const lastAlert = all.findLastIndex(({ alert }) => alert);
  return list.map((group) => ({
    ...group,
    query_offset: list[0]?.query_offset,
    rules: group.rules.map((rule) => {
      const index = all.indexOf(rule);
      const expr = rule.expr
        .replace(/\br(\d)/g, (_, n) => (index === 0 ? "a" : `r${n % index}`))
        .replace(/ALERTS\w*/g, (name) => (index > lastAlert ? name : "b"));
      return { ...rule, ...(rule.record && { record: `r${index}` }), expr };
    }),
  }));
}

function toSamples({ labels, scrapes }: RandomSeries): SampleSeries {
  const samples = scrapes.flatMap((value, i) => (typeof value === "number" ? [[i * minuteMs, value] as const] : []));
  return {
    labels,
    timestampsMs: Float64Array.from(samples, ([t]) => t),
    values: Float64Array.from(samples, ([, value]) => value),
    staleAtMs: Float64Array.from(scrapes.flatMap((value, i) => (value === "stale" ? [i * minuteMs] : []))),
  };
}

export const everything = { id: "all", expr: '{__name__=~".+"}', startMs: 0, endMs, stepMs: 30_000 };

/** A case from the epoch on, evaluated each minute. */
export function requestOf(
  input: Case,
  mode: EvaluateRequest["mode"],
  until = endMs,
  queries = [everything],
): EvaluateRequest {
  return {
    ruleFiles: [{ name: "rules.yml", yaml: stringify({ groups: input.groups }) }],
    series: input.series.map(toSamples),
    startMs: 0,
    endMs: until,
    evaluationIntervalMs: minuteMs,
    externalLabels: { site: "here" },
    externalUrl: "http://prometheus.example",
    mode,
    queries,
  };
}

export function run(engine: Engine, ...request: Parameters<typeof requestOf>): EvaluateResult {
  return engine.evaluate(requestOf(...request));
}

/** A change of a random rule: what it does depends on the rule that it meets. */
export interface RandomChange {
  /** counted round and round the rules */
  rule: number;
  field:
    | "number"
    | "comparison"
    | "window"
    | "aggregation"
    | "expression"
    | "for"
    | "keep firing"
    | "labels"
    | "annotations"
    | "all";
  expr: string;
  number: string;
  comparison: string;
  window: string;
  aggregation: string;
  forMs: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export const changeOf: fc.Arbitrary<RandomChange> = fc.record({
  rule: fc.nat(11),
  field: pick(
    ...(["number", "comparison", "window", "aggregation", "expression"] as const),
    ...(["for", "keep firing", "labels", "annotations", "all"] as const),
  ),
  expr: text("(§) § §", vector, pick(">", "<="), number),
  number,
  comparison: pick(">", "<", ">=", "==", "!="),
  window,
  aggregation: pick("sum", "min", "max", "avg"),
  forMs: pick(0, minuteMs, 2 * minuteMs, 150_000),
  labels: labels.map((own) => own ?? {}),
  annotations,
});

/** The change as the engine is told it, for the rule that it meets. */
export function ruleChange({ groups }: Case, change: RandomChange): RuleChange {
  const rules = groups.flatMap((group) => group.rules);
  const rule = change.rule % rules.length;
  const { expr, alert } = rules[rule] as RandomRule;
  const inText: Partial<Record<RandomChange["field"], string>> = {
    number: expr.replace(/(?<![\w.:"])\d+(\.\d+)?(?![\w.:"])/, change.number),
    comparison: expr.replace(/==|!=(?!")|<=|>=|<|>/, change.comparison),
    window: expr.replace(/\[\w+/, `[${change.window}`),
    aggregation: expr.replace(/\b(sum|min|max|avg|count)\b/, change.aggregation),
    expression: change.expr,
    all: change.expr,
  };
  const { field } = change;
  const all = field === "all";
  return {
    rule,
    ...(inText[field] !== undefined && { expr: inText[field] }),
    ...((all || field === "labels") && { labels: change.labels }),
    ...(alert && (all || field === "for") && { forMs: change.forMs }),
    ...(alert && (all || field === "keep firing") && { keepFiringForMs: change.forMs }),
    ...(alert && (all || field === "annotations") && { annotations: change.annotations }),
  };
}

/** The case with its rules changed in the file. */
export function changed({ groups, series }: Case, changes: RuleChange[]): Case {
  let next = 0;
  const rules = (list: RandomRule[]) =>
    list.map((rule) => {
      const number = next++;
      return changes.filter((change) => change.rule === number).reduce(changedRule, rule);
    });
  return { series, groups: groups.map((group) => ({ ...group, rules: rules(group.rules) })) };
}

function changedRule(rule: RandomRule, { rule: _, forMs, keepFiringForMs, ...same }: RuleChange): RandomRule {
  return {
    ...rule,
    ...same,
    ...(forMs !== undefined && { for: `${forMs}ms` }),
    ...(keepFiringForMs !== undefined && { keep_firing_for: `${keepFiringForMs}ms` }),
  };
}

/** An error of PromQL names some of the series that it concerns, now these, now those. */
export function withoutExamples<T extends { errors: { message: string }[] }>(result: T): T {
  return {
    ...result,
    errors: result.errors.map((error) => ({ ...error, message: error.message.replace(/\{[^}]*\}/g, "{}") })),
  };
}

/** A rule file that breaks the engine down: reading its template takes more stack than there is. */
export const deepTemplate = {
  name: "deep.yml",
  yaml: `groups: [{name: g, rules: [{alert: A, expr: up, annotations: {text: '${"{{if 1}}".repeat(100_000)}'}}]}]`,
};
