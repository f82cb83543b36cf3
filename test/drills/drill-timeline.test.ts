import { expect, it } from "vitest";
import { derivedOf } from "../../alert-rules/drills.ts";
import { drillTimeline } from "../../src/drills/drill-timeline.ts";
import { hours } from "../../src/model/quantity.ts";
import { shop } from "../helpers/shop.ts";

const platform = shop({
  services: [
    {
      name: "market",
      owner: "orders",
      packs: ["canister"],
      scrape: { targets: { production: ["rrkah-fqaaa-aaaaa-aaaaq-cai.raw.icp0.io:443"] } },
      instrumentation: { kind: "ic-canister" },
    },
  ],
});

/** How long before the first look there are samples, in seconds: of every drill of an alert. */
const historiesOf = (alert: string): number[] =>
  derivedOf(platform).flatMap((derived) => {
    if (derived.alert !== alert || !derived.drill) return [];
    const { samplesFromMs, startMs } = drillTimeline(derived.drill, platform);
    return [(startMs - samplesFromMs) / 1000];
  });

it("an alert that compares with the day before is drilled with a day before, and no other is", () => {
  const [compared, others] = [historiesOf("CanisterBurnSpike"), historiesOf("CanisterMemoryHigh")];
  expect(compared.length).toBeGreaterThan(10);
  expect(others.length).toBeGreaterThan(10);
  expect(Math.min(...compared)).toBeGreaterThan(hours(31).value);
  expect(Math.max(...others)).toBeLessThan(hours(6).value);
});
