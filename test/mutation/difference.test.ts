import { expect, it } from "vitest";
import type { AlertInstance } from "../../src/engine/evaluation.ts";
import { alertDifference } from "../../src/mutation/difference.ts";
import { clockMs } from "../../src/worlds/clock.ts";

const at = (text: string) => clockMs(text) ?? Number.NaN;
const usual: AlertInstance = {
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

it.each<[what: string, faulty: AlertInstance[], words: string]>([
  ["is gone", [], 'A {route="/x"} is firing from 12:00 to 12:05; with the fault it is not there'],
  [
    "fires at another time",
    [{ ...usual, phases: [{ state: "firing", fromMs: at("12:01") }] }],
    'A {route="/x"} is firing from 12:00 to 12:05; with the fault it is firing from 12:01 on',
  ],
  ["tells another value", [{ ...usual, value: 0.4 }], 'A {route="/x"} tells 0.3; with the fault it tells 0.4'],
  ["says something else", [{ ...usual, annotations: {} }], 'A {route="/x"} says something else with the fault'],
  [
    "is there as well",
    [usual, { ...usual, labels: { alertname: "A", route: "/y" } }],
    'A {route="/y"} is firing from 12:00 to 12:05 with the fault only',
  ],
])("says how an alert %s", (_, faulty, words) => {
  expect(alertDifference([usual], faulty)).toBe(words);
});
