import { expect, it } from "vitest";
import { openSuite } from "../../src/mutation/open-suite.ts";
import { runMutation } from "../../src/mutation/run-mutation.ts";

const source = { config: "test/good/minimal.yaml" };
const suite = await openSuite(source);
const chosen = suite.mutants.flatMap(({ rule, operator, description }, number) =>
  (rule === "HttpTargetDown" && operator !== "annotation" && operator !== "template field") ||
  description.startsWith("rate → increase of http_request_duration_seconds_bucket")
    ? [number]
    : [],
);

it("notices what is wrong, spares what is not, and comes out the same whatever the threads do", async () => {
  const progress: [number, number][] = [];
  const first = await runMutation(source, suite, { chosen, onProgress: (...at) => progress.push(at) });
  // The service's largest bucket is below the threshold: those drills fail as it is, and can tell nothing of mutants.
  expect(first.unusable.length).toBeGreaterThan(0);
  expect(first.unusable.filter(({ fault }) => !fault.startsWith("HttpLatencyHigh"))).toEqual([]);
  expect(first.lostWorlds).toEqual([]);
  expect(first.mutants.map(({ mutant }) => mutant)).toEqual(chosen.map((number) => suite.mutants[number]));
  const outcomeOf = (rule: string, operator: string) =>
    new Set(
      first.mutants.flatMap((one) => (one.mutant.rule === rule && one.mutant.operator === operator ? one.outcome : [])),
    );
  for (const operator of ["comparison direction", "for", "severity", "rule removed"]) {
    expect(outcomeOf("HttpTargetDown", operator), operator).toEqual(new Set(["killed"]));
  }
  // Nothing ever comes of an alert that is beyond the largest bucket: then nobody can say that a fault is none.
  const quantile = first.mutants.filter(({ mutant }) => mutant.rule.startsWith("service_route:"));
  expect(quantile).toEqual([expect.objectContaining({ outcome: "survived", difference: undefined })]);
  expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);

  const again = await runMutation(source, suite, { chosen });
  expect(again).toEqual(first);
}, 300_000);

it("says which random worlds it had to do without", async () => {
  const hurried = { chosen: chosen.slice(0, 1), limitMs: 1 };
  const { lostWorlds, mutants } = await runMutation(source, { ...suite, cases: [], worlds: 2 }, hurried);
  expect(lostWorlds).toHaveLength(2);
  expect(new Set(lostWorlds)).toEqual(new Set([expect.stringContaining("took longer than 1ms")]));
  expect(mutants.map(({ outcome }) => outcome)).toEqual(["survived"]);
}, 120_000);
