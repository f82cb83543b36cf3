import { describe, expect, it } from "vitest";
import { type LogqlNode, nodesIn, operationOf, parseLogql, textOf } from "../../src/loki/logql-tree.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import fc from "../helpers/fast-check.ts";
import { drillLoki } from "../helpers/log-drills.ts";

/** The expression with brackets round every operation, as the tree has it. */
function bracketed(text: string, node: LogqlNode): string {
  const operation = operationOf(node);
  if (!operation) return node.kind === "Paren" ? bracketed(text, node.children[0] as LogqlNode) : textOf(text, node);
  const { left, operator, modifier, right } = operation;
  const between = [operator, modifier].map((one) => textOf(text, one)).join(" ");
  return `(${bracketed(text, left)} ${between} ${bracketed(text, right)})`;
}

const treeOf = (text: string): LogqlNode => {
  const tree = parseLogql(text);
  if (!tree) throw new Error(`not understood: ${text}`);
  return tree;
};

describe("the tree of an expression", () => {
  it("has lists, pipelines and brackets as one would say them", () => {
    const text = 'sum by (a, b) ((rate({c="d", e=~"f"} |= "g" != `h` | json | i="j" [5m] offset 1h)))';
    const of = (kind: string) => nodesIn(treeOf(text)).filter((node) => node.kind === kind);
    const children = (kind: string) => of(kind).map((node) => node.children.map((child) => textOf(text, child)));
    expect(children("Labels")).toEqual([["a", "b"]]);
    expect(children("Matchers")).toEqual([['c="d"', 'e=~"f"']]);
    expect(children("LineFilters")).toEqual([['|= "g"', "!= `h`"]]);
    expect(children("PipelineExpr")[0]).toHaveLength(3);
    expect(of("Paren")).toHaveLength(1);
  });

  it.each(["", "up > 2", '{a="b"', 'sum(rate({a="b"}[5m]', 'rate({a="b"}[5m]) > 2 > '])("is not there for %s", (text) =>
    expect(parseLogql(text)).toBeUndefined(),
  );

  it("is the one that Loki sees: brackets round every operation change nothing", {
    timeout: 60_000,
  }, async (context) => {
    const { address } = await drillLoki(context);
    const ask = async (logql: string) =>
      (await lokiClient(address).query("tree", logql, { startMs: 0, endMs: 0, stepMs: 1000 })).map(
        ({ values }) => values,
      );
    const operator = fc.constantFrom("or", "and", "unless", ">", "<=", "==", "> bool", "+", "-", "*", "/", "%", "^");
    const operand = fc.integer({ min: 1, max: 5 }).map((value) => `vector(${value})`);
    const chain = fc
      .tuple(operand, fc.array(fc.tuple(operator, operand), { minLength: 1, maxLength: 5 }))
      .map(([first, rest]) => [first, ...rest.flat()].join(" "));
    await fc.assert(
      fc.asyncProperty(chain, async (text) => {
        expect(await ask(bracketed(text, treeOf(text))), text).toEqual(await ask(text));
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});
