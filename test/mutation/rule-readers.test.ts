import { expect, it } from "vitest";
import { loadEngine } from "../../src/engine/engine.ts";
import { ruleFacts } from "../../src/mutation/rule-readers.ts";

const engine = await loadEngine();
const alertsOf = (...rules: object[]) => {
  const files = [{ name: "f.yml", yaml: JSON.stringify({ groups: [{ name: "g", rules }] }) }];
  return ruleFacts(files, engine).map(({ name, alerts }) => [name, [...alerts].join(" ")]);
};

it("a recording rule concerns every alert that reads it, directly or through others", () => {
  expect(
    alertsOf(
      { record: "a", expr: "x" },
      { record: "b", expr: "a / 2" },
      { record: "c", expr: "x" },
      { alert: "A", expr: "b > 1" },
      { alert: "B", expr: "a > 1 and x" },
    ),
  ).toEqual([
    ["a", "B A"],
    ["b", "A"],
    ["c", ""],
    ["A", "A"],
    ["B", "B"],
  ]);
});

it("an alert concerns those that read ALERTS, and a selector without a name reads everything", () => {
  expect(alertsOf({ alert: "A", expr: "x" }, { alert: "B", expr: 'ALERTS{alertname="A"}' })[0]).toEqual(["A", "A B"]);
  expect(alertsOf({ record: "a", expr: "x" }, { alert: "A", expr: 'count({job="x"}) > 9' })[0]).toEqual(["a", "A"]);
});

it("knows which services a rule lets through", () => {
  const rules = [
    { alert: "A", expr: 'x{service="a"} > 1' },
    { alert: "B", expr: 'x{service!~"a|b"}' },
    { alert: "C", expr: "x" },
  ];
  const files = [{ name: "f.yml", yaml: JSON.stringify({ groups: [{ name: "g", rules }] }) }];
  const through = (service: string) =>
    ruleFacts(files, engine).flatMap((one) => (one.selects(service) ? one.name : []));
  expect([through("a"), through("ab")]).toEqual([
    ["A", "C"],
    ["B", "C"],
  ]);
});
