import { expect, it } from "vitest";
import type { AlertInstance } from "../../src/engine/evaluation.ts";
import { alertDifference } from "../../src/mutation/difference.ts";
import { clockMs } from "../../src/worlds/clock.ts";

const at = (text: string) => clockMs(text) ?? Number.NaN;
const usual: AlertInstance = {
  rule: 0,
  alert: "A",
  group: "g",
  file: "f",
  labels: { alertname: "A", route: "/x" },
  phases: [{ state: "firing", fromMs: at("12:00"), toMs: at("12:05") }],
  annotations: { summary: "slow" },
  lastAnnotations: { summary: "slow" },
  value: 0.3,
  lastValue: Number.NaN,
};

it("sees nothing where only the last digits of a value differ: additions came in another order", () => {
  const rounded = { ...usual, value: 0.1 + 0.2, annotations: { summary: "slow: 0.30000000000000004" } };
  expect(alertDifference([usual], [rounded])).toBeUndefined();
});

const withFault = (usual_: string, faulty: string) => ({ subject: 'A {route="/x"}', usual: usual_, faulty });

it.each<[what: string, faulty: AlertInstance[], words: object]>([
  ["is gone", [], withFault("firing from 12:00 to 12:05", "quiet")],
  [
    "fires at another time",
    [{ ...usual, phases: [{ state: "firing", fromMs: at("12:01") }] }],
    { ...withFault("firing from 12:00 to 12:05", "firing from 12:01 on"), atMs: at("12:00") },
  ],
  ["tells another value", [{ ...usual, value: 0.4 }], withFault("tells 0.3", "tells 0.4")],
  ["says nothing", [{ ...usual, annotations: {} }], withFault('has the summary "slow"', "has no summary")],
  [
    "is there as well",
    [usual, { ...usual, labels: { alertname: "A", route: "/y" } }],
    { subject: 'A {route="/y"}', usual: "quiet", faulty: "firing from 12:00 to 12:05", atMs: at("12:00") },
  ],
])("says how an alert %s", (_, faulty, words) => {
  expect(alertDifference([usual], faulty)).toMatchObject(words);
});

it("sees nothing in an alert that only the last digits of its value put beyond a limit, but does in one that is at it", () => {
  const beyond = { ...usual, value: 2 + 4e-16, lastValue: 2 + 4e-16 };
  expect(alertDifference([], [beyond], [1.5, 2])).toBeUndefined();
  expect(alertDifference([beyond], [], [2])).toBeUndefined();
  expect(alertDifference([], [{ ...beyond, value: 2, lastValue: 2 }], [2])).toMatchObject({ usual: "quiet" });
});
