import { expect, it } from "vitest";
import { progressLine } from "../../src/review/progress.ts";
import { withoutProgress } from "./without-progress.ts";

it("leaves out progress of every kind, and nothing else", () => {
  const all = { done: 21, all: 63 };
  const told = [
    progressLine({ text: "measuring every alert", elapsedSeconds: 10 }),
    progressLine({ text: "drilling every alert", elapsedSeconds: 20, amount: all }),
    progressLine({ text: "drilling every alert", elapsedSeconds: 30, amount: all, secondsLeft: 23 }),
  ];
  expect(withoutProgress(told.map((line) => `${line}\n`).join(""))).toBe("");
  for (const text of ["error: 3 of them\n", "firedrill: it took … long\n"]) expect(withoutProgress(text)).toBe(text);
});
