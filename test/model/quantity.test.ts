import { describe, expect, it } from "vitest";
import { formatDuration, formatQuantity, minutes, parseQuantity, percent, seconds } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";

describe("quantities", () => {
  it("reads durations as Prometheus writes them, and fractions too", () => {
    expect(parseQuantity("seconds", "1h30m")).toEqual(seconds(5400));
    expect(parseQuantity("seconds", "1.5s")).toEqual(seconds(1.5));
    expect(parseQuantity("seconds", "90d")).toEqual(seconds(7_776_000));
  });

  it.each(["2 sec", "-5m", "5", "", "m", "5x", "1e3s", "5m5h", " 5m", "5m ", "٥m"])(
    "refuses %j as a duration",
    (text) => {
      expect(parseQuantity("seconds", text)).toBeUndefined();
    },
  );

  it("keeps a percentage exact, without the dust of binary fractions", () => {
    expect(parseQuantity("ratio", "0.7%")).toEqual({ unit: "ratio", value: 0.007 });
    expect(formatQuantity(percent(0.7))).toBe("0.7 %");
  });

  it.each(["5", "5 %", "-5%", "5s", "5%%"])("refuses %j as a share", (text) => {
    expect(parseQuantity("ratio", text)).toBeUndefined();
  });

  it("writes a duration in the largest units that fit it", () => {
    expect(formatDuration(minutes(5))).toBe("5m");
    expect(formatDuration(seconds(90_000))).toBe("25h");
    expect(formatDuration(seconds(7_776_000))).toBe("90d");
    expect(formatDuration(seconds(0))).toBe("0s");
  });

  it("reads back every duration that it writes, to the millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (milliseconds) => {
        const duration = seconds(milliseconds / 1000);
        expect(parseQuantity("seconds", formatDuration(duration))).toEqual(duration);
      }),
      { seed: 1 },
    );
  });
});
