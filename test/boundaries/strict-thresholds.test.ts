import { expect, it } from "vitest";
import { derivedOf } from "../../alert-rules/drills.ts";
import type { ServiceProps } from "../../src/model/platform-props.ts";
import { days, percent } from "../../src/model/quantity.ts";
import { readable } from "../../src/worlds/route-change.ts";
import { notPassed, run } from "../helpers/drills.ts";
import { shop } from "../helpers/shop.ts";

// Thresholds of a service's own that are as strict as what packs take for a good day.

/** The boundary drills of an alert, of one severity, that say what they are about. */
function drillsOf(service: ServiceProps, alert: string, boundaries: RegExp) {
  const platform = shop({ services: [service] });
  const drills = derivedOf(platform).flatMap(({ drill, ...cell }) =>
    drill && cell.alert === alert && boundaries.test(`${cell.severity} ${cell.boundary}`) ? [drill] : [],
  );
  return { platform, drills };
}

const app: ServiceProps = {
  name: "walk-app",
  owner: "orders",
  packs: ["mobile"],
  scrape: { targets: { production: ["alloy:12345"] } },
  instrumentation: { kind: "faro-mobile" },
  thresholds: { MobileCrashFreeLow: { warning: percent(99.9), critical: percent(99.5) } },
};

const ledger: ServiceProps = {
  name: "ledger",
  owner: "orders",
  packs: ["canister"],
  scrape: { targets: { production: ["rrkah-fqaaa-aaaaa-aaaaq-cai.raw.icp0.io:443"] } },
  instrumentation: { kind: "ic-canister" },
  thresholds: { CanisterCyclesRunningOut: { warning: days(60), critical: days(14) } },
};

it("an app whose threshold is what a good day has: a good day is better, and just below is below", {
  timeout: 120_000,
}, () => {
  const { platform, drills } = drillsOf(app, "MobileCrashFreeLow", /^warning just (below|above) the threshold$/);
  const stopped = drillsOf(app, "MobileSessionsStopped", /^warning just (below|above) the threshold$/).drills;
  expect([drills.length, stopped.length]).toEqual([2, 2]);
  expect(notPassed(run(platform, [...drills, ...stopped]))).toEqual([]);
});

it("cycles that burn fast may have too little time left, too", { timeout: 120_000 }, () => {
  const { platform, drills } = drillsOf(ledger, "CanisterBurnSpike", /^warning counter reset$/);
  expect(drills).toHaveLength(1);
  expect(notPassed(run(platform, drills))).toEqual([]);
});

it("a share of nearly all is told by what it lacks", () => {
  expect([0.99898, 0.9990123456, 0.5123456, 2.034567, 1].map(readable)).toEqual([0.99898, 0.9990123, 0.5123, 2.035, 1]);
});
