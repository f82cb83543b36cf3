import { expect, it } from "vitest";
import { parse } from "yaml";
import { logRules, splitComparison } from "../../src/loki/log-rules.ts";

const x = "rate({a=`x`}[5m])";
const y = 'sum by (b) (count_over_time({a="y"} |= "z" [1h]))';

it.each([
  [`(${x}) > 2`, x, " > 2"],
  [`${x} >= 2`, x, " >= 2"],
  [`((${x}) or (${y}))<=0.5e-3`, `(${x}) or (${y})`, " <= 0.5e-3"],
  [`0 * ${x} + ${y} > -1`, `0 * ${x} + ${y}`, " > -1"],
  [`(${x}) > 2 > 3`, `(${x}) > 2`, " > 3"],
  ['(rate({a=~"\\")"} |= `)` [5m]) # one ) two\n) != -1', 'rate({a=~"\\")"} |= `)` [5m]) # one ) two\n', " != -1"],
])("takes the comparison off %s", (expr, signal, compare) => {
  expect(splitComparison(expr)).toEqual({ signal, compare });
});

it.each([
  `(${x}) > 2 or (${y}) > 3`,
  `(${x}) > (${y})`,
  `2 < (${x})`,
  `(${x}) > bool 2`,
  `(${x})`,
  `(${x}) > 2 and (${y})`,
  `((${x}) > 2`,
  "no LogQL > 2",
  "",
])("leaves %s to Loki as a whole", (signal) => expect(splitComparison(signal)).toEqual({ signal, compare: "" }));

it("asks once for what several rules compare, and keeps everything else of a rule", () => {
  const rule = (expr: string, severity: string) => ({ alert: "A", expr, for: "5m", labels: { severity } });
  const rules = [rule(`(${x}) > 1`, "warning"), rule(`(${x}) > 2`, "critical"), rule(`(${y}) > 2`, "critical")];
  const yaml = JSON.stringify({ groups: [{ name: "g", interval: "30s", rules }] });
  const { ruleFiles, questions } = logRules([{ name: "logs.yml", yaml }]);
  expect(questions.map(({ logql }) => logql)).toEqual([x, y]);
  const [one, other] = questions.map(({ series }) => series);
  const given = parse(ruleFiles[0]?.yaml ?? "").groups[0];
  expect(given).toEqual({
    name: "g",
    interval: "30s",
    rules: [rule(`${one} > 1`, "warning"), rule(`${one} > 2`, "critical"), rule(`${other} > 2`, "critical")],
  });
});

it("knows the line of every expression, and keeps the line of everything else", () => {
  const yaml = `groups:
  - name: g
    rules:
      - alert: A
        expr: (${x}) > 1
        annotations: { expr: no rule }
      - expr: |
          (${y})
            > 2

        alert: B # the last one
`;
  const { ruleFiles, questions } = logRules([{ name: "f", yaml }]);
  expect(questions.map(({ line }) => line)).toEqual([5, 7]);
  const [rewritten = ""] = ruleFiles.map((file) => file.yaml);
  const lineOf = (text: string, what: string) => text.split("\n").findIndex((line) => line.includes(what));
  for (const what of ["alert: A", "no rule", "the last one"]) expect(lineOf(rewritten, what)).toBe(lineOf(yaml, what));
  expect(parse(rewritten).groups[0].rules.map(({ expr }: { expr: string }) => expr)).toEqual([
    "logql:A:0 > 1",
    "logql:B:1 > 2",
  ]);
});

it("asks nothing where a file is no YAML", () => {
  const file = { name: "f", yaml: "groups: [" };
  expect(logRules([file])).toEqual({ ruleFiles: [file], questions: [] });
});
