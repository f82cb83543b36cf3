import { expect, it } from "vitest";
import { caseOrder } from "../../src/mutation/case-order.ts";

const cases = (...topics: string[]) =>
  topics.map((topic) => ({ name: topic, topic, place: { file: "f" }, alerts: new Set<string>() }));

it("takes one case of each topic first, then a second of each", () => {
  expect(caseOrder(cases("a", "a", "b", "a", "c", "b"))).toEqual([0, 2, 4, 1, 5, 3]);
  expect(caseOrder([])).toEqual([]);
});

it("takes those of a topic in the order of their ranks", () => {
  const [one, two, three, four] = cases("a", "a", "b", "a");
  expect(caseOrder([one!, { ...two!, rank: -3 }, three!, { ...four!, rank: -2 }])).toEqual([1, 2, 3, 0]);
});
