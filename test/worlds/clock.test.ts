import { expect, it } from "vitest";
import { minutes, seconds } from "../../src/model/quantity.ts";
import { clockMs, clockText, later, spanText } from "../../src/worlds/clock.ts";
import fc from "../helpers/fast-check.ts";

it("reads every second that it writes, also after midnight", () => {
  const noon = clockMs("12:00") ?? Number.NaN;
  fc.assert(
    fc.property(fc.integer({ min: -12 * 3600, max: 80 * 3600 }), (offset) => {
      expect(clockMs(clockText(noon + offset * 1000))).toBe(noon + offset * 1000);
    }),
  );
});

it("writes seconds only where there are any", () => {
  expect([later("12:00", minutes(5)), later("23:59:30", seconds(45)), later("12:00", seconds(0.4))]).toEqual([
    "12:05",
    "24:00:15",
    "12:00",
  ]);
});

it("refuses what is no time of day", () => {
  const bad = ["", "12", "1:00", "12:60", "12:5", "12:00:61", "noon", "12:00 ", "-1:00"];
  expect(bad.filter((text) => clockMs(text) !== undefined)).toEqual([]);
});

it("says how long it is between two moments", () => {
  expect(spanText(90_000, 0)).toBe("1m30s");
});
