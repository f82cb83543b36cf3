import fc from "fast-check";
import { expect, it } from "vitest";
import { HttpErrorRatioHigh } from "../../alert-rules/http.ts";
import { readHumanized, summaryPattern } from "../../src/drills/rendered-text.ts";

it("a label with characters that mean something to regular expressions is matched as it is", () => {
  const labels = { service: "a.b", route: "/x(1)[2]*" };
  expect(
    summaryPattern(HttpErrorRatioHigh.summary, labels).exec("/x(1)[2]* of a.b fails: 12.5% of requests end in a 5xx"),
  ).toMatchObject({ groups: { value: "12.5%" } });
  expect("/x(1)[2]* of aab fails: 12.5% of requests").not.toMatch(summaryPattern(HttpErrorRatioHigh.summary, labels));
});

it("values are read as Prometheus writes them", () => {
  expect(readHumanized("2.475s")).toBe(2.475);
  expect(readHumanized("350ms")).toBeCloseTo(0.35);
  expect(readHumanized("1m 12s")).toBe(72);
  expect(readHumanized("1d 1h 0m 3s")).toBe(90_003);
  expect(readHumanized("0.25")).toBe(0.25);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (hundredths) => {
      expect(readHumanized(`${hundredths / 100}%`)).toBeCloseTo(hundredths / 10_000, 10);
    }),
  );
});
