import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

describe("checkRules", () => {
  it("finds nothing in a good file", () => {
    expect(engine.checkRules([{ name: "f.yml", yaml: "groups: [{name: g, rules: [{record: a, expr: b}]}]" }])).toEqual(
      [],
    );
  });

  it.each([
    ["broken YAML", "groups:\n- name: [", 2, undefined, "did not find"],
    ["an unknown key", "groups:\n- name: g\n  rules:\n  - alert: A\n    exp: up", 5, undefined, "field exp not found"],
    [
      "a wrong duration",
      "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    for: 5x",
      6,
      10,
      'unknown unit "x"',
    ],
    [
      "a template that does not parse",
      "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    labels: {a: '{{ .b'}",
      4,
      undefined,
      'label "a"',
    ],
    [
      "a quoted expression",
      "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: 'sum(up))'",
      5,
      20,
      "unexpected right parenthesis",
    ],
    ["a group name given twice", "groups:\n- name: g\n- name: g", 3, undefined, "is repeated in the same file"],
    [
      "an annotation of a recording rule",
      "groups:\n- name: g\n  rules:\n  - record: a\n    expr: up\n    annotations: {a: b}",
      4,
      13,
      "annotations",
    ],
    [
      "an alias bomb",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghij"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghij"[i]}`)}]`).join("\n")}`,
      1,
      undefined,
      "field a not found",
    ],
  ])("points at %s", (_, yaml, line, column, message) => {
    const [fault] = engine.checkRules([{ name: "f.yml", yaml }]);
    expect(fault).toMatchObject({ file: "f.yml", message: expect.stringContaining(message) });
    expect([fault?.line, fault?.column]).toEqual([line, column]);
  });
});

describe("parse", () => {
  it("describes an expression", () => {
    const { tree, ...described } = engine.parse('sum by(job)(rate(up{job=~"a|b",x!="y"}[5m]))>1');
    expect(tree).toMatchObject({
      kind: "operation",
      op: ">",
      args: [{ kind: "aggregation", op: "sum", labels: ["job"] }, {}],
    });
    expect(described).toEqual({
      formatted: 'sum by (job) (rate(up{job=~"a|b",x!="y"}[5m])) > 1',
      type: "vector",
      selectors: [
        {
          metric: "up",
          matchers: [
            { name: "job", op: "=~", value: "a|b" },
            { name: "x", op: "!=", value: "y" },
          ],
        },
      ],
    });
  });

  it("points at a syntax error", () => {
    expect(engine.parse("up >\n  sum(").error).toEqual({
      line: 2,
      column: 7,
      message: "unclosed left parenthesis",
    });
  });
});
