import { expect, test } from "vitest";
import {
  HttpErrorRatioHigh,
  HttpLatencyHigh,
  HttpTargetDown,
  latencyP95,
  requestRate,
  targetsUp,
} from "../../alert-rules/http.ts";
import type { Alert } from "../../src/model/pack.ts";
import { minutes, seconds } from "../../src/model/quantity.ts";
import { palette } from "../../src/render/palette.ts";
import { lineText, type Promises, thresholdLines, thresholdRegions } from "../../src/render/threshold-lines.ts";
import fc from "../helpers/fast-check.ts";

const promises = (...alerts: Alert[]): Promises =>
  new Map(alerts.map((alert) => [alert.name, { alert, levels: alert.levels, for: alert.for }]));

test("a line stands at each threshold, in its severity's colour", () => {
  expect(thresholdLines(latencyP95, promises(HttpLatencyHigh, HttpErrorRatioHigh))).toEqual([
    { value: 1.5, color: palette.warning },
    { value: 2, color: palette.critical },
  ]);
  expect(thresholdLines(targetsUp, promises(HttpTargetDown))).toEqual([
    { value: 0.5, color: palette.critical },
    { value: 1, color: palette.warning },
  ]);
  expect(thresholdLines(requestRate, promises(HttpLatencyHigh))).toEqual([]);
});

test("a number below a lower threshold has the colour of the severity that it is beyond", () => {
  expect(thresholdRegions(targetsUp, promises(HttpTargetDown))).toEqual([
    { value: null, color: palette.critical },
    { value: 0.5, color: palette.warning },
    { value: 1, color: palette.ok },
  ]);
  expect(thresholdRegions(requestRate, promises())).toEqual([{ value: null, color: palette.ok }]);
});

test("wherever a value lies, its colour is that of the worst alert that would fire there", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 60 }),
      fc.boolean(),
      (a, b, value, isAbove) => {
        const levels = { warning: seconds(a), critical: seconds(b) };
        const alert = { ...HttpLatencyHigh, levels, direction: isAbove ? ("above" as const) : ("below" as const) };
        const steps = thresholdRegions(latencyP95, promises(alert));
        const beyond = (level: number) => (isAbove ? value >= level : value < level);
        const expected = beyond(b) ? palette.critical : beyond(a) ? palette.warning : palette.ok;
        expect(steps.filter((step) => step.value === null || step.value <= value).at(-1)?.color).toBe(expected);
      },
    ),
  );
});

test("the lines are said in words too", () => {
  const promise = { alert: HttpLatencyHigh, levels: { critical: seconds(3) }, for: minutes(10) };
  expect(lineText(promise)).toBe("**HttpLatencyHigh**: critical above 3 s, for 10m");
});
