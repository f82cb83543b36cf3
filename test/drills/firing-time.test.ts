import { expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpTargetDown } from "../../alert-rules/http.ts";
import { firingTime } from "../../src/drills/firing-time.ts";
import type { Alert } from "../../src/model/pack.ts";
import { formatDuration, minutes, seconds } from "../../src/model/quantity.ts";
import { shopOf } from "../helpers/shop.ts";

const { platform, service } = shopOf({
  thresholds: { HttpErrorRatioHigh: { for: minutes(10) }, HttpTargetDown: { for: seconds(30) } },
});

function time(alert: Alert, share: number, scrape = 15) {
  const promise = service.promises.get(alert.name);
  if (!promise) throw new Error("it is switched off");
  return firingTime(promise, share, { ...platform.intervals, scrape: seconds(scrape) });
}

it("waits for the share of the window, then for the hold, give or take what scrapes and evaluations cost", () => {
  // 12:00 + 150 s to fill half of five minutes + 10 min; 30 s earlier, 90 s later.
  expect(time(HttpErrorRatioHigh, 0.5).window("12:00")).toEqual(["12:12", "12:14"]);
  expect(time(HttpErrorRatioHigh, 1).window("12:00")).toEqual(["12:14:30", "12:16:30"]);
  expect(time(HttpErrorRatioHigh, 0.5).over("12:30")).toBe("12:34");
  expect(time(HttpErrorRatioHigh, 0.5).halfPending("12:00")).toBe("12:07:30");
});

it("sees an instant signal at the next scrape", () => {
  expect(time(HttpTargetDown, 1).window("12:00")).toEqual(["12:00", "12:01:45"]);
  expect(time(HttpTargetDown, 1).over("12:30")).toBe("12:31:15");
});

it("knows trouble that is too short and trouble that is long enough", () => {
  const { tooShort, longEnough } = time(HttpErrorRatioHigh, 0.5);
  expect([tooShort, longEnough].map((span) => span && formatDuration(span))).toEqual(["8m59s", "12m"]);
});

it("knows nothing too short where one bad scrape stands for the whole hold", () => {
  expect(time(HttpTargetDown, 1).tooShort?.value).toBe(14);
  expect(time(HttpTargetDown, 1, 60).tooShort).toBeUndefined();
});
