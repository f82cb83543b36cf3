import { expect, it } from "vitest";
import { parseLogql } from "../../../src/loki/logql-tree.ts";
import { logqlFaults } from "../../../src/mutation/logql/faults.ts";
import fc from "../../helpers/fast-check.ts";

/** Every fault of a kind, as the expression that it gives. */
const faultsOf = (expr: string, operator: string): string[] =>
  (logqlFaults(expr) ?? []).flatMap((fault) => (fault.operator === operator ? fault.expr : []));

const a = 'rate({a="1"}[5m])';
const b = 'rate({b="1"}[5m])';

it.each([
  ["threshold", `${a} > 4`, [`${a} > 2`, `${a} > 3.6`, `${a} > 4.4`, `${a} > 8`]],
  ["threshold", `${a} > 0`, [`${a} > -1`, `${a} > 1`]],
  ["threshold", `${a} == 4`, [`${a} == 3`, `${a} == 5`]],
  ["guard value", `${a} > 1 and ${b} > 0`, [`${a} > 1 and ${b} > -1`, `${a} > 1 and ${b} > 1`]],
  ["number", `100 * ${a}`, [`50 * ${a}`, `200 * ${a}`, `1 * ${a}`]],
  ["number", `topk(2, ${a})`, [`topk(1, ${a})`, `topk(4, ${a})`]],
  ["comparison strictness", `${a} >= 4`, [`${a} > 4`]],
  ["comparison direction", `${a} >= 4`, [`${a} <= 4`]],
  ["bool", `${a} > bool 4`, [`${a} > 4`]],
  ["arithmetic", `${a} / ${b}`, [`${a} * ${b}`]],
  ["operands swapped", `${a} / ${b} > 1`, [`(${b} / ${a}) > 1`]],
  ["set operator", `${a} unless ${b} or ${a}`, [`(${a} unless ${b}) and ${a}`, `(${a} and ${b}) or ${a}`]],
  ["clause dropped", `${a} or ${b}`, [a, b]],
  ["clause dropped", `${a} unless ${b}`, [a]],
  [
    "vector matching",
    `${a} / on (x, y) group_left ${b}`,
    [
      `${a} / on (y) group_left ${b}`,
      `${a} / on (x) group_left ${b}`,
      `${a} / ignoring (x, y) group_left ${b}`,
      `${a} / on (x, y) group_right ${b}`,
      `${a} / on (x, y) ${b}`,
    ],
  ],
  [
    "aggregation",
    `sum by (x) (${a}) + 1`,
    [`avg by (x) (${a}) + 1`, `max by (x) (${a}) + 1`, `count by (x) (${a}) + 1`, `(${a}) + 1`],
  ],
  [
    "aggregation label",
    `sum by (x, y) (${a})`,
    [`sum by (y) (${a})`, `sum by (x) (${a})`, `sum without (x, y) (${a})`],
  ],
  ["function", a, ['count_over_time({a="1"}[5m])', 'bytes_rate({a="1"}[5m])']],
  ["window", 'rate({a="1"}[1h30m])', ['rate({a="1"}[45m])', 'rate({a="1"}[3h])']],
  ["offset", 'rate({a="1"}[5m] offset 1d)', ['rate({a="1"}[5m])']],
  [
    "matcher",
    'rate({a="1", b=~"x.+"}[5m])',
    [
      'rate({b=~"x.+"}[5m])',
      'rate({a!="1", b=~"x.+"}[5m])',
      'rate({a="1"}[5m])',
      'rate({a="1", b!~"x.+"}[5m])',
      'rate({a="1", b="x.+"}[5m])',
    ],
  ],
  [
    "matcher",
    'rate({a=~"x|y"}[5m])',
    ['rate({a!~"x|y"}[5m])', 'rate({a="x|y"}[5m])', 'rate({a=~"y"}[5m])', 'rate({a=~"x"}[5m])'],
  ],
  [
    "line filter",
    'rate({a="1"} |= "x" !~ "y+" [5m])',
    [
      'rate({a="1"} !~ "y+" [5m])',
      'rate({a="1"} != "x" !~ "y+" [5m])',
      'rate({a="1"} |~ "(?i)x" !~ "y+" [5m])',
      'rate({a="1"} |= "x" [5m])',
      'rate({a="1"} |= "x" |~ "y+" [5m])',
      'rate({a="1"} |= "x" != "y+" [5m])',
    ],
  ],
  [
    "line filter",
    'rate({a="1"} != `x` or `y` [5m])'.replaceAll("`", '"'),
    [
      'rate({a="1"} [5m])',
      'rate({a="1"} |= "x" or "y" [5m])',
      'rate({a="1"} !~ "(?i)x" or "y" [5m])',
      'rate({a="1"} != "x" [5m])',
      'rate({a="1"} != "y" [5m])',
    ],
  ],
  [
    "label filter",
    'rate({a="1"} | level=~"x|y"[5m])',
    [
      'rate({a="1"}[5m])',
      'rate({a="1"} | level!~"x|y"[5m])',
      'rate({a="1"} | level="x|y"[5m])',
      'rate({a="1"} | level=~"y"[5m])',
      'rate({a="1"} | level=~"x"[5m])',
      'rate({a="1"} | level=~".*(x|y).*"[5m])',
    ],
  ],
  [
    "label filter",
    'rate({a="1"} | size > 4KB [5m])',
    ['rate({a="1"} [5m])', 'rate({a="1"} | size > 2KB [5m])', 'rate({a="1"} | size > 8KB [5m])'],
  ],
  ["pipeline stage", 'rate({a="1"} | json [5m])', ['rate({a="1"} [5m])', 'rate({a="1"} | logfmt [5m])']],
  [
    "quantile",
    'quantile_over_time(0.9, {a="1"} | unwrap x [5m])',
    [0.5, 0.95, 0.99].map((q) => `quantile_over_time(${q}, {a="1"} | unwrap x [5m])`),
  ],
  ["unwrap", 'sum_over_time({a="1"} | unwrap duration(x) [5m])', ['sum_over_time({a="1"} | unwrap x [5m])']],
])("puts every fault of the kind %s into %s", (operator, expr, wanted) => {
  expect(faultsOf(expr, operator)).toEqual(wanted);
});

it("leaves out what is there as a zero only, which the comparison never lets through", () => {
  const inside = (expr: string) =>
    (logqlFaults(expr) ?? []).filter((fault) => /window|function|matcher/.test(fault.operator));
  expect(
    inside(`(${a} or 0 * ${b}) > 5`)
      .map(({ expr }) => expr)
      .every((expr) => expr.includes(b)),
  ).toBe(true);
  for (const other of [
    `(${a} or 2 * ${b}) > 5`,
    `(${a} or 0 * ${b}) > -1`,
    `(${a} or 0 * ${b}) < 5`,
    `(0 * ${b} or ${a}) > 5`,
  ]) {
    expect(
      inside(other).some(({ expr }) => !expr.includes(b)),
      other,
    ).toBe(true);
  }
});

it("leaves out which value something has where it is only asked whether it is there", () => {
  const right = (logqlFaults(`${a} unless sum by (x) (${b})`) ?? []).filter(({ expr }) =>
    expr.startsWith(`${a} unless`),
  );
  const operators = new Set(right.map(({ operator }) => operator));
  expect(operators).toEqual(new Set(["aggregation", "aggregation label", "window", "matcher"]));
  expect(right.filter(({ operator }) => operator === "aggregation").map(({ expr }) => expr)).toEqual([
    `${a} unless (${b})`,
  ]);
});

it("has none for what is no LogQL", () => expect(logqlFaults("up > 2")).toBeUndefined());

const lines = fc
  .record({
    matchers: fc.uniqueArray(fc.constantFrom('a="1"', 'b!="2"', 'c=~"x|y"', "d!~`z.*`"), { minLength: 1 }),
    stages: fc.array(
      fc.constantFrom(
        '|= "x"',
        '!~ "y.+" or "z"',
        "| json",
        "| logfmt",
        '| level="error"',
        "| size >= 2MB or n < 3",
        "| line_format `{{.x}}`",
      ),
      { maxLength: 3 },
    ),
    window: fc.constantFrom("5m", "1h30m", "1d"),
    offset: fc.constantFrom("", " offset 1h"),
  })
  .map(({ matchers, stages, window, offset }) => `{${matchers.join(", ")}} ${stages.join(" ")} [${window}]${offset}`);
const leaf = fc.oneof(
  fc
    .tuple(fc.constantFrom("rate", "count_over_time", "bytes_rate", "absent_over_time"), lines)
    .map(([f, l]) => `${f}(${l})`),
  lines.map(
    (l) => `quantile_over_time(0.9, ${l.replace(" [", " | unwrap duration(x) [").replace(/ offset.*/, "")}) by (a)`,
  ),
);
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc
      .tuple(fc.constantFrom("sum", "avg by (a, b)", "max without (c)", "topk"), tie("any"))
      .map(([f, inner]) => (f === "topk" ? `topk(3, ${inner})` : `${f} (${inner})`)),
    fc
      .tuple(
        tie("any"),
        fc.constantFrom("or", "unless", "and on (a)", "/ ignoring (b) group_left", "-", "> bool", "*"),
        tie("any"),
      )
      .map((parts) => parts.join(" ")),
    fc.tuple(tie("any"), fc.constantFrom("> 2", "== 0", "* 100", "/ (24 * 60)")).map((parts) => parts.join(" ")),
    tie("any").map((inner) => `(${inner})`),
  ),
})).any;

it("gives other expressions only, no two the same, and all of them LogQL to the grammar", () => {
  fc.assert(
    fc.property(expression, (expr) => {
      const faults = logqlFaults(expr);
      expect(faults, expr).toBeDefined();
      const exprs = (faults ?? []).map((fault) => fault.expr);
      expect(exprs.length, expr).toBeGreaterThan(2);
      expect(exprs, expr).not.toContain(expr);
      expect(new Set(exprs).size, expr).toBe(exprs.length);
      for (const other of exprs) expect(parseLogql(other), other).toBeDefined();
    }),
    { seed: 7, numRuns: 100 },
  );
});
