import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import type { SampleSeries } from "../../src/engine/evaluation.ts";
import { labelFlow } from "../../src/review/label-flow.ts";
import fc from "../helpers/fast-check.ts";

const engine = await loadEngine();

/** Two metrics: `a` with labels x, y, le; `b` with x, z. Every series rises, so that rates exist. */
const metrics = { a: ["x", "y", "le"], b: ["x", "z"] } as const;
const series: SampleSeries[] = [1, 2].flatMap((n) =>
  Object.entries(metrics).map(([name, labels]) => ({
    labels: { __name__: name, ...Object.fromEntries(labels.map((label) => [label, `${n}`])) },
    timestampsMs: Float64Array.of(0, 60_000, 120_000),
    values: Float64Array.of(n, 2 * n, 3 * n),
  })),
);

const labels = fc.subarray(["x", "y", "z", "le"]).map((some) => some.join(", "));
const { expr } = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("a", "b", 'a{x="1"}', "rate(a[5m])", "last_over_time(b[3m])", "increase(a[5m:1m])"),
    fc
      .tuple(
        fc.constantFrom("sum", "max", "group", "topk", "quantile", "count_values"),
        fc.constantFrom("by", "without"),
        labels,
        tie("expr"),
      )
      .map(([op, mode, names, inner]) => {
        const parameter =
          new Map([
            ["topk", "1, "],
            ["quantile", "0.5, "],
            ["count_values", '"v", '],
          ]).get(op) ?? "";
        return `${op} ${mode} (${names}) (${parameter}${inner})`;
      }),
    fc
      .tuple(
        fc.constantFrom("+", ">", "and", "or", "unless"),
        fc.constantFrom("on", "ignoring"),
        labels,
        tie("expr"),
        tie("expr"),
      )
      .map(([op, mode, names, left, right]) => `(${left} ${op} ${mode} (${names}) ${right})`),
    fc
      .tuple(
        tie("expr"),
        fc.constantFrom("group_left", "group_right"),
        fc.constantFrom("", "z", "y"),
        labels,
        tie("expr"),
      )
      .map(
        ([left, side, include, names, right]) =>
          `(${left} * on (${names.replace(include, "x")}) ${side} (${include}) ${right})`,
      ),
    fc
      .tuple(fc.constantFrom("x", "new"), fc.constantFrom("y", "none"), tie("expr"))
      .map(([to, from, inner]) => `label_replace(${inner}, "${to}", "v$1", "${from}", "(.*)")`),
    tie("expr").map((inner) => `label_join(${inner}, "joined", "-", "x", "y")`),
    tie("expr").map((inner) => `histogram_quantile(0.9, ${inner})`),
    tie("expr").map((inner) => `-(${inner} > bool 1)`),
    tie("expr").map((inner) => `absent(a{x="9"}) or ${inner}`),
  ),
}));

it("no result has a label that does not come out of the flow", () => {
  let results = 0;
  for (const text of fc.sample(expr, { seed: 15, numRuns: 1500 })) {
    const parsed = engine.parse(text);
    if (parsed.error) continue;
    const flow = labelFlow(parsed, ({ metric }) => new Set(metrics[metric as keyof typeof metrics]));
    const [answer] = engine.evaluate({
      ruleFiles: [],
      series,
      startMs: 120_000,
      endMs: 120_000,
      evaluationIntervalMs: 60_000,
      queries: [{ id: "q", expr: text, startMs: 120_000, endMs: 120_000, stepMs: 1 }],
    }).queries;
    for (const one of answer?.series ?? []) {
      results += 1;
      const extra = Object.keys(one.labels).filter((name) => name !== "__name__" && !flow.labels?.has(name));
      expect(extra, text).toEqual([]);
    }
  }
  expect(results).toBeGreaterThan(300);
});

it("what is asked for in vain is told, with what there is", () => {
  const missing = (text: string) =>
    labelFlow(engine.parse(text), ({ metric }) => new Set(metrics[metric as keyof typeof metrics])).missing.map(
      ({ clause, label }) => `${clause} ${label}`,
    );
  expect(missing("sum by (x, z) (a)")).toEqual(["by z"]);
  expect(missing("sum by (y) (sum by (x) (a))")).toEqual(["by y"]);
  expect(missing("a * on (z) b")).toEqual(["on z"]);
  expect(missing("a * on (x) group_left (y) b")).toEqual(["group_left y"]);
  expect(missing('label_replace(a, "n", "$1", "z", "(.*)")')).toEqual(["label_replace z"]);
  expect(missing("histogram_quantile(0.9, sum by (x) (rate(a[5m])))")).toEqual(["histogram_quantile le"]);
  expect(missing("sum without (z) (a) + ignoring (z, le) b")).toEqual([]);
});
