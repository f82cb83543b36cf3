import type { FiredAlert, FoundSample, UnitTestFailure } from "../../src/engine/unit-test.ts";
import { type Case, caseOf, type RandomSeries } from "../engine/engine-cases.ts";
import fc from "../helpers/fast-check.ts";

// Random suites in promtool's format: first with no expectations at all, then with what really happens, some of it made wrong.

interface AlertTest {
  eval_time: string;
  alertname: string;
  exp_alerts: { exp_labels?: Record<string, string>; exp_annotations?: Record<string, string> }[];
}
interface ExprTest {
  expr: string;
  eval_time: string;
  exp_samples: { labels: string; value?: number; histogram?: string }[];
}
interface TestGroup {
  name: string;
  interval?: string;
  start_timestamp?: string | number;
  external_labels: Record<string, string>;
  external_url: string;
  input_series: { series: string; values: string }[];
  alert_rule_test: AlertTest[];
  promql_expr_test: ExprTest[];
}
export interface Suite {
  rule_files: string[];
  evaluation_interval?: string;
  group_eval_order: string[];
  fuzzy_compare?: boolean;
  tests: TestGroup[];
}
export interface RandomSuite {
  groups: Case["groups"];
  suite: Suite;
  /** for each test, which of its assertions is made wrong, and how; undefined: none */
  faults: (Fault | undefined)[];
}
type Fault = { at: number; kind: (typeof faultKinds)[number] };
const faultKinds = ["missing", "additional", "label", "annotation", "value", "name", "time"] as const;

const pick = <T>(...items: T[]) => fc.constantFrom(...items);

/** Notation that the random series of `engine-cases.ts` do not use, among it native histograms. */
const notations = pick(
  "1+1x20",
  "10-0.5x24",
  "_x3 2x4 stale 1 _ 3+2x100000",
  "0x10 5x10",
  "-3.5e1 Inf NaN -Inf 0x3",
  "{{schema:0 sum:5 count:4 buckets:[1 2 1]}}x9",
  "{{sum:3 count:2 buckets:[2]}}+{{sum:1.3 count:1 buckets:[1]}}x20",
  "{{schema:1 sum:-0.3 count:32.1 z_bucket:7.1 z_bucket_w:0.05 buckets:[5.1 10 7] offset:-3}} _ stale {{count:1 sum:1 buckets:[1]}}x3",
  "{{count:4 sum:2 counter_reset_hint:gauge buckets:[4]}}-{{count:1 sum:1 buckets:[1]}}x3 {{count:1 sum:1 buckets:[1]}}",
);
const expressions = pick(
  "n",
  "rate(n[3m])",
  "sum(n)",
  "histogram_quantile(0.5, n)",
  "increase(n[4m])",
  "count_over_time(n[10m])",
  "n offset 2m",
  "n @ 300",
  "last_over_time(n[5m])",
  "histogram_count(n)",
  "ALERTS",
  "ALERTS_FOR_STATE > 0",
  "count by (alertname, alertstate) (ALERTS)",
  "time()",
  "vector(1)",
  "sum(",
  "a * on() b",
  '{__name__=~"a|b"}',
  "n[5m]",
  "hour(n / n)",
  "n:kept",
  "rate(n:kept[5m])",
);
const moments = ["0", "7m", "7m59s", "15m", "24m"];

/** What a rule makes of native histograms, and of series that are equal but not born at the same time. */
const furtherRules = fc.tuple(
  pick("n", "n", "sum(n)", "rate(n[3m])", "n - n offset 1m", "-n").map((expr) => ({ record: "n:kept", expr })),
  pick("topk(1, n * 0)", "bottomk(1, n > bool 0)", "count(n) > 0").map((expr) => ({
    alert: "Further",
    expr,
    annotations: { first: '{{ query "n" | first | label "i" }}' },
  })),
);

/** Which of two equals topk keeps depends on the order of series, which promtool leaves open. */
const settled = caseOf([undefined, "30s", "3m"]).filter(({ groups }) => !/topk|bottomk/.test(JSON.stringify(groups)));

export const randomSuite: fc.Arbitrary<RandomSuite> = fc
  .record({
    cases: fc.array(settled, { minLength: 3, maxLength: 3 }),
    evaluationInterval: pick(undefined, "1m", "1m", "30s", "2m"),
    fuzzy: fc.boolean(),
    further: furtherRules,
    settings: fc.array(
      fc.record({
        interval: pick(undefined, "1m", "30s", "90s"),
        start: pick<number | string | undefined>(
          undefined,
          undefined,
          1_609_459_200,
          1_609_459_200.5,
          "2024-01-01T00:00:00.250Z",
        ),
        notation: fc.option(notations),
        later: fc.nat(3),
        exprs: fc.array(expressions, { maxLength: 2 }),
        fault: fc.option(fc.record({ at: fc.nat(50), kind: pick<Fault["kind"]>(...faultKinds) })),
      }),
      { minLength: 3, maxLength: 3 },
    ),
  })
  .map(({ cases, evaluationInterval, fuzzy, further, settings }) => {
    const groups = [...(cases[0]?.groups ?? []), { name: "further", rules: further }];
    const rules = groups.flatMap((group) => group.rules);
    const alerts = [...new Set(rules.flatMap(({ alert }) => alert ?? []))];
    const records = [...new Set(rules.flatMap(({ record }) => record ?? []))];
    return {
      groups,
      faults: settings.map(({ fault }) => fault ?? undefined),
      suite: {
        rule_files: ["rules.yml"],
        ...(evaluationInterval && { evaluation_interval: evaluationInterval }),
        group_eval_order: groups.map(({ name }) => name),
        fuzzy_compare: fuzzy,
        tests: settings.map(({ interval, start, notation, later, exprs }, i) => ({
          name: `test ${i}`,
          ...(interval && { interval }),
          ...(start && { start_timestamp: start }),
          external_labels: { site: "here" },
          external_url: "http://prometheus.example",
          input_series: [...(cases[i]?.series ?? []).map(noted), ...(notation === null ? [] : born(notation, later))],
          alert_rule_test: moments.flatMap((eval_time) =>
            alerts.map((alertname) => ({ eval_time, alertname, exp_alerts: [] })),
          ),
          promql_expr_test: [...records, ...exprs].map((expr) => ({ expr, eval_time: "24m", exp_samples: [] })),
        })),
      },
    };
  });

/** Two equal series, the first by labels born later than the other. */
const born = (notation: string, later: number) => [
  { series: 'n{i="2"}', values: notation },
  ...(later === 0 ? [] : [{ series: 'n{i="1"}', values: `_x${later * 2} ${notation}` }]),
];

const noted = ({ labels: { __name__ = "", ...labels }, scrapes }: RandomSeries) => ({
  series: `${__name__}{${Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)}}`,
  values: scrapes.map((value) => String(value).replace("Infinity", "Inf").replace(/e\+/, "e")).join(" "),
});

/** Writes into a test what was found instead of nothing: each failure of the test without expectations tells. */
export function withTruth(
  test: TestGroup,
  failures: readonly UnitTestFailure[],
  momentMs: (text: string) => number,
): TestGroup {
  const alertsAt = (name: string, text: string): FiredAlert[] =>
    failures.flatMap((one) =>
      one.kind === "alert" && one.alert === name && one.evalTimeMs === momentMs(text) ? (one.gotAlerts ?? []) : [],
    );
  const samplesOf = (expr: string): FoundSample[] =>
    failures.flatMap((one) => (one.kind === "expr" && one.expr === expr ? (one.gotSamples ?? []) : []));
  return {
    ...test,
    alert_rule_test: test.alert_rule_test.map((one) => ({
      ...one,
      exp_alerts: alertsAt(one.alertname, one.eval_time).map(
        ({ labels: { alertname: _, ...exp_labels }, annotations }) => ({
          exp_labels,
          exp_annotations: annotations,
        }),
      ),
    })),
    promql_expr_test: test.promql_expr_test.map((one) => ({
      ...one,
      exp_samples: samplesOf(one.expr).map(({ labels, value, histogram }) => ({
        labels,
        ...(histogram ? { histogram } : { value: Number(String(value).replace("Inf", "Infinity")) }),
      })),
    })),
  };
}

/** Makes one assertion of a test wrong, if it has one of the kind. */
export function withFault(test: TestGroup, fault: Fault | undefined): TestGroup {
  if (!fault) return test;
  const changed = structuredClone(test);
  const at = <T>(items: T[]): T | undefined => items[fault.at % Math.max(1, items.length)];
  const asserted = at(changed.alert_rule_test);
  const alert = at(changed.alert_rule_test.flatMap(({ exp_alerts }) => exp_alerts));
  const sample = at(changed.promql_expr_test.flatMap(({ exp_samples }) => exp_samples));
  switch (fault.kind) {
    case "missing":
      at(changed.alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0))?.exp_alerts.pop();
      break;
    case "additional":
      asserted?.exp_alerts.push({ exp_labels: { x: "never" } });
      break;
    case "label":
      if (alert) alert.exp_labels = { ...alert.exp_labels, x: "other" };
      break;
    case "annotation":
      if (alert) alert.exp_annotations = {};
      break;
    case "value":
      if (sample?.value !== undefined)
        sample.value = fault.at % 2 ? sample.value + 1 : sample.value * (1 + Number.EPSILON);
      break;
    case "name":
      if (asserted) asserted.alertname += "x";
      break;
    case "time":
      if (asserted) asserted.eval_time = "11m";
      break;
  }
  return changed;
}
