import { expect, it } from "vitest";
import { logRuleFacts, readSpans } from "../../src/mutation/log-facts.ts";

it("knows alert, severity and services of a LogQL rule", () => {
  const rule = (matcher: string) => ({
    alert: "A",
    expr: `sum(rate({service=~".+", ${matcher}}[5m])) > 1`,
    labels: { severity: "warning" },
  });
  const rules = [rule('service="checkout"'), rule('service!="checkout"')];
  const [one, other] = logRuleFacts([{ name: "f", yaml: JSON.stringify({ groups: [{ name: "g", rules }] }) }]);
  expect(one).toMatchObject({ name: "A", severity: "warning", alerts: new Set(["A"]) });
  expect(["checkout", "orders"].map((service) => one?.selects(service))).toEqual([true, false]);
  expect(["checkout", "orders"].map((service) => other?.selects(service))).toEqual([false, true]);
});

it("knows between which times lines are read, also when a window is doubled or an offset forgotten", () => {
  const minute = 60_000;
  const expressions = ['rate({a="b"}[5m])', 'rate({a="b"}[10m] offset 1d)', 'rate({a="b"}[10m] offset 20m)'];
  const [start, end] = [2000 * minute, 2030 * minute];
  expect(readSpans(expressions, { startMs: start, endMs: end })).toEqual([
    { startMs: start - 1460 * minute, endMs: end - 1440 * minute },
    { startMs: start - 40 * minute, endMs: end },
  ]);
});
