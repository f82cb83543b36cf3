import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { logRules, splitComparison } from "../../src/loki/log-rules.ts";

it.each([
  ["(rate({a=`x`}[5m])) > 2", "rate({a=`x`}[5m])", " > 2"],
  ["((a) or (b))<=0.5e-3", "(a) or (b)", "<=0.5e-3"],
  ['(rate({a=~"\\")"} |= `)` [5m]) # one ) two\n) != -1', 'rate({a=~"\\")"} |= `)` [5m]) # one ) two\n', " != -1"],
])("takes the comparison off %s", (expr, signal, compare) => {
  expect(splitComparison(expr)).toEqual({ signal, compare });
});

it.each(["(a) > 2 or (b) > 3", "a > 2", "(a) > (b)", "(a) + 1 > 2", "(a) > bool 2", "((a) > 2", "(a)"])(
  "leaves %s to Loki as a whole",
  (signal) => expect(splitComparison(signal)).toEqual({ signal, compare: "" }),
);

it("never loses a character of an expression", () => {
  const piece = fc.constantFrom("(", ")", '"', "`", "#", "\n", "\\", " > 2", "a", " or ", "[5m]");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const expr = pieces.join("").trim();
      const { signal, compare } = splitComparison(expr);
      expect(compare === "" ? signal : `(${signal})${compare}`).toBe(expr);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

it("asks once for what several rules compare, and keeps everything else of a rule", () => {
  const rule = (expr: string, severity: string) => ({ alert: "A", expr, for: "5m", labels: { severity } });
  const rules = [rule("(x) > 1", "warning"), rule("(x) > 2", "critical"), rule("(y) > 2", "critical")];
  const yaml = JSON.stringify({ groups: [{ name: "g", interval: "30s", rules }] });
  const { ruleFiles, questions } = logRules([{ name: "logs.yml", yaml }]);
  expect(questions.map(({ logql }) => logql)).toEqual(["x", "y"]);
  const [x, y] = questions.map(({ series }) => series);
  const given = parse(ruleFiles[0]?.yaml ?? "").groups[0];
  expect(given).toEqual({
    name: "g",
    interval: "30s",
    rules: [rule(`${x} > 1`, "warning"), rule(`${x} > 2`, "critical"), rule(`${y} > 2`, "critical")],
  });
});

it("knows the line of every expression", () => {
  const yaml =
    "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: (x) > 1\n      - expr: |\n          (y) > 2\n        alert: B\n";
  expect(logRules([{ name: "f", yaml }]).questions.map(({ line }) => line)).toEqual([5, 6]);
});
