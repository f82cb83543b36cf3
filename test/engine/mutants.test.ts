import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadEngine } from "../../src/engine/engine.ts";
import type { Mutant, RuleFile } from "../../src/engine/rules.ts";
import { sharedData } from "../shared-data.ts";

const engine = await loadEngine();

/** A rule as it stands in a file; durations as Prometheus reads them. */
interface WrittenRule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const fileOf = (...rules: WrittenRule[]): RuleFile => ({
  name: "rules.yml",
  yaml: JSON.stringify({ groups: [{ name: "group", rules }] }),
});

/** What one operator makes of a rule: the faults in words, and the expressions that come out. */
function faults(operator: string, rule: Partial<WrittenRule>): { descriptions: string[]; changes: unknown[] } {
  const found = engine
    .mutants([fileOf({ alert: "A", expr: "up", ...rule })])
    .filter((one) => one.operator === operator);
  return {
    descriptions: found.map(({ description }) => description),
    changes: found.map(({ change: { rule: _, expr, ...rest } }) => expr ?? rest),
  };
}

/** One case for each operator on expressions: what is there, and everything that the operator makes of it. */
const expressions: [operator: string, expr: string, mutants: string[]][] = [
  ["threshold", "latency > 2", ["latency > 1", "latency > 1.8", "latency > 2.2", "latency > 4"]],
  ["threshold", "up == 0", ["up == -1", "up == 1"]],
  ["threshold", "up != 1", ["up != 0", "up != 2"]],
  ["threshold", "errors > 0", ["errors > -1", "errors > 1"]],
  ["threshold", "(0.1 * 10) < x", ["(0.05 * 10) < x", "(0.09 * 10) < x", "(0.11 * 10) < x", "(0.2 * 10) < x"]],
  ["threshold", "x < -3", ["x < -1.5", "x < -2.7", "x < -3.3", "x < -6", "x < 3"]],
  ["threshold", "age > 1h", ["age > 30m", "age > 54m", "age > 1h6m", "age > 2h"]],
  ["guard value", "a > 2 and b > 0", ["a > 2 and b > -1", "a > 2 and b > 1"]],
  ["guard value", "a unless (b < 0)", ["a unless (b < -1)", "a unless (b < 1)"]],
  [
    "quantile",
    "histogram_quantile(0.95, x)",
    ["histogram_quantile(0.5, x)", "histogram_quantile(0.9, x)", "histogram_quantile(0.99, x)"],
  ],
  ["quantile", "quantile(0.5, x)", ["quantile(0.9, x)", "quantile(0.95, x)", "quantile(0.99, x)"]],
  ["number", "100 * x", ["50 * x", "200 * x", "1 * x"]],
  ["number", "x or vector(0)", ["x or vector(1)"]],
  ["number", "clamp_min(x, 1) > y", ["clamp_min(x, 0.5) > y", "clamp_min(x, 2) > y"]],
  ["comparison strictness", "x > 1", ["x >= 1"]],
  ["comparison strictness", "x <= 1 and y >= 2", ["x < 1 and y >= 2", "x <= 1 and y > 2"]],
  ["comparison direction", "x > 1", ["x < 1"]],
  ["comparison direction", "x == 1", ["x != 1"]],
  ["bool", "sum(x > bool 1)", ["sum(x > 1)"]],
  ["arithmetic", "a - b / c", ["a + b / c", "a - b * c"]],
  ["operands swapped", "a - (b + c)", ["(b + c) - a"]],
  ["operands swapped", "a - b - c", ["c - (a - b)", "b - a - c"]],
  [
    "operands swapped",
    "a / on (x) group_left (y) b > c",
    ["c > (a / on (x) group_left (y) b)", "b / on (x) group_right (y) a > c"],
  ],
  ["set operator", "a and b", ["a or b", "a unless b"]],
  ["set operator", "a or b and c", ["a and (b and c)", "a or (b or c)", "a or (b unless c)"]],
  ["clause dropped", "a and b", ["a"]],
  ["clause dropped", "a * (b or c + d)", ["a * (b)", "a * (c + d)"]],
  [
    "vector matching",
    "a * on (x, y) group_left (z) b",
    [
      "a * on (y) group_left (z) b",
      "a * on (x) group_left (z) b",
      "a * ignoring (x, y) group_left (z) b",
      "a * on (x, y) group_left () b",
      "a * on (x, y) group_right (z) b",
      "a * on (x, y) b",
    ],
  ],
  ["aggregation", "sum by (x) (a)", ["avg by (x) (a)", "max by (x) (a)", "count by (x) (a)", "a"]],
  ["aggregation", "topk(3, a)", ["bottomk(3, a)"]],
  ["aggregation", "sum(a + b) / c", ["avg(a + b) / c", "max(a + b) / c", "count(a + b) / c", "(a + b) / c"]],
  ["aggregation label", "sum by (x, y) (a)", ["sum by (y) (a)", "sum by (x) (a)", "sum without (x, y) (a)"]],
  ["aggregation label", "sum without (x) (a)", ["sum without () (a)", "sum by (x) (a)"]],
  ["function", "rate(a[5m])", ["irate(a[5m])", "increase(a[5m])"]],
  ["function", "max_over_time(a[5m])", ["avg_over_time(a[5m])", "min_over_time(a[5m])"]],
  ["function", "abs(a - b) * 2", ["(a - b) * 2"]],
  ["window", "rate(a[5m])", ["rate(a[2m30s])", "rate(a[10m])"]],
  ["window", "max_over_time(a[1h:1m])", ["max_over_time(a[30m:1m])", "max_over_time(a[2h:1m])"]],
  ["offset", "a - a offset 1d", ["a - a"]],
  ["offset", "rate(a[5m] offset -1h)", ["rate(a[5m])"]],
  ["matcher", 'a{x="1",y!="2"}', ['a{y!="2"}', 'a{x!="1",y!="2"}', 'a{x="1"}', 'a{x="1",y="2"}']],
  ["matcher", 'a{x=~"5.."}', ["a", 'a{x!~"5.."}', 'a{x="5.."}']],
  ["rule removed", "up == 0", ["vector(0) > 0"]],
];

/** One case for each operator on the rest of a rule. */
const rests: [operator: string, rule: Partial<WrittenRule>, changes: unknown[]][] = [
  ["for", { for: "5m" }, [0, 150, 240, 360, 600].map((seconds) => ({ forMs: seconds * 1000 }))],
  ["keep_firing_for", { keep_firing_for: "1m" }, [0, 30, 120].map((seconds) => ({ keepFiringForMs: seconds * 1000 }))],
  ["severity", { labels: { severity: "warning", team: "t" } }, [{ labels: { severity: "critical", team: "t" } }]],
  ["label", { labels: { a: "1", b: "2" } }, [{ labels: { b: "2" } }, { labels: { a: "1" } }]],
  ["annotation", { annotations: { a: "1", b: "2" } }, [{ annotations: { b: "2" } }, { annotations: { a: "1" } }]],
  [
    "template field",
    { annotations: { s: "{{ $labels.a }} of {{ if .Value }}{{ $value | humanize }}{{ end }}" } },
    [
      { annotations: { s: " of {{if .Value}}{{$value | humanize}}{{end}}" } },
      { annotations: { s: "{{$labels.a}} of {{if .Value}}{{end}}" } },
    ],
  ],
  ["template field", { labels: { l: '{{ $x := "}}" }}{{ $x }}-' } }, [{ labels: { l: '{{$x := "}}"}}-' } }]],
];

describe("what people get wrong", () => {
  it.each(expressions)("%s: %s", (operator, expr, mutants) => {
    expect(faults(operator, { expr }).changes).toEqual(mutants);
  });

  it.each(rests)("%s: %j", (operator, rule, changes) => {
    expect(faults(operator, rule).changes).toEqual(changes);
  });

  it("is said in a few words", () => {
    const said = (operator: string, expr: string) => faults(operator, { expr }).descriptions[0];
    expect(said("threshold", "x > 2")).toBe("threshold 2 → 1");
    expect(said("matcher", 'rate(http_requests_total{status=~"5.."}[5m])')).toBe(
      'matcher status=~"5.." removed from http_requests_total',
    );
    expect(said("window", "rate(x[5m])")).toBe("window 5m → 2m30s of x");
    expect(said("aggregation label", "sum by (route) (x)")).toBe("by-label route dropped from sum of x");
    expect(said("clause dropped", "x and y > 3")).toBe("and clause dropped: y > 3");
    expect(faults("for", { for: "5m" }).descriptions[0]).toBe("for 5m → 0s");
  });

  it("leaves what a rule does not have alone: a `for` that nobody wrote cannot be forgotten", () => {
    expect(engine.mutants([fileOf({ alert: "A", expr: "up" })]).map(({ operator }) => operator)).toEqual([
      "rule removed",
    ]);
  });

  it("leaves out what Prometheus would refuse: nobody could deploy it", () => {
    expect(faults("matcher", { expr: '{job="x"}' }).changes).toEqual([]);
  });
});

describe("a mutant", () => {
  const good = fileOf({ record: "r", expr: "sum(x)" }, { alert: "A", expr: "x > 2", for: "5m" });
  const bad = { name: "bad.yml", yaml: "groups: [{name: g, rules: [{alert: A, expr: 'up >'}]}]" };

  it("names its rule as evaluation counts them, its place and an id of its own", () => {
    const found = engine.mutants([bad, { ...good, name: "a.yml" }, { ...good, name: "b.yml" }]);
    const [first] = found.filter(({ file, rule }) => file === "b.yml" && rule === "A");
    expect(first).toEqual({
      id: "b.yml/group/2/threshold/1",
      file: "b.yml",
      group: "group",
      rule: "A",
      line: 1,
      operator: "threshold",
      description: "threshold 2 → 1",
      change: { rule: 3, expr: "x > 1" },
    });
  });

  it("leaves the labels of its group alone: they are not the rule's", () => {
    const yaml = "groups: [{name: g, labels: {team: t}, rules: [{alert: A, expr: x, labels: {a: b}}]}]";
    const found = engine.mutants([{ name: "f.yml", yaml }]).filter(({ operator }) => operator === "label");
    expect(found.map(({ change }) => change.labels)).toEqual([{}]);
  });

  it("is the same on every run", () => {
    expect(engine.mutants([good])).toEqual(engine.mutants([good]));
  });
});

/** A rule with nothing but what a mutant changes in it. */
function changedRule({ rule, change }: Mutant, isAlert: boolean): WrittenRule {
  const { expr = "up", labels, annotations, forMs, keepFiringForMs } = change;
  return {
    ...(isAlert ? { alert: rule } : { record: rule }),
    expr,
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(forMs !== undefined && { for: `${forMs}ms` }),
    ...(keepFiringForMs !== undefined && { keep_firing_for: `${keepFiringForMs}ms` }),
  };
}

function expectSound(file: RuleFile): Mutant[] {
  const { groups } = parse(file.yaml) as { groups: { rules: WrittenRule[] | null }[] };
  const rules = groups.flatMap((group) => group.rules ?? []);
  const mutants = engine.mutants([file]);
  const changed = mutants.map((one) => changedRule(one, rules[one.change.rule]?.alert !== undefined));
  expect(engine.checkRules([fileOf(...changed)]), file.name).toEqual([]);
  expect(new Set(mutants.map(({ id }) => id)).size, file.name).toBe(mutants.length);
  expect(new Set(mutants.map(({ change }) => JSON.stringify(change))).size, file.name).toBe(mutants.length);
  // The engine formats an expression in several lines, and prints that of a mutant in one.
  const compact = (expr = "") => expr.replaceAll(/\s/g, "");
  const originals = rules.map(({ expr }) => compact(engine.parse(expr).formatted));
  const same = mutants.filter(({ change: { rule, expr } }) => compact(expr) === originals[rule]);
  expect(same, file.name).toEqual([]);
  return mutants;
}

const filesIn = (folder: string): RuleFile[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => ({ name, yaml: readFileSync(join(folder, name), "utf8") }));

describe("every mutant is a rule that Prometheus accepts, unlike every other and unlike the rule as it is", () => {
  it("of this repository's rules", () => {
    const [health, http, ...others] = filesIn("generated/prometheus/rules").map((file) => expectSound(file).length);
    expect(others).toEqual([]);
    expect(http).toBeGreaterThan(500);
    expect(health).toBeGreaterThan(100);
  });

  it("of a large public collection, in which every operator finds something that has a case above", (context) => {
    const files = filesIn(sharedData("awesome-prometheus-alerts/dist/rules", context));
    expect(files.length).toBeGreaterThan(50);
    const seen = new Set(files.flatMap(expectSound).map(({ operator }) => operator));
    const cases = new Set([...expressions, ...rests].map(([operator]) => operator));
    expect([...seen].filter((operator) => !cases.has(operator))).toEqual([]);
  }, 300_000);
});
