import { expect, test } from "vitest";
import { costPerHour } from "../../scripts/nab/cost.ts";

test("what rules cost in an hour: evaluations, and the samples of full windows that each reads", () => {
  const yaml = `groups:
- name: a
  interval: 5m
  rules: [{ record: "a:b", expr: 'some:input{x="y"} > -Inf' }]
- name: b
  interval: 1h
  rules: [{ record: "a:c", expr: "avg_over_time(a:b[1d])" }, { alert: D, expr: "last_over_time(a:c[2h]) - a:b" }]
`;
  // 12 × 1, then 1 × 288 and 1 × (2 + 1).
  expect(costPerHour([{ name: "a.yml", yaml }], 300)).toEqual({ rules: 3, evaluations: 14, samples: 12 + 288 + 3 });
});
