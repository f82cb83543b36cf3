import { describe, expect, it } from "vitest";
import { type Expectation, fires, quiet } from "../../src/drills/drill.ts";
import { expectationText, judge } from "../../src/drills/judge-drill.ts";
import type { AlertInstance } from "../../src/engine/evaluation.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { healthy } from "../../src/worlds/world.ts";
import { serviceOf, shop } from "../helpers/shop.ts";

const at = (text: string) => clockMs(text) ?? Number.NaN;
const platform = shop();
const orders = serviceOf(platform, "orders-api");
const world = healthy(orders);
/** Held for five minutes; the alerts here are not this one, but that is all that is asked of it. */
const latency = orders.promises.get("HttpLatencyHigh");

/** An alert that fired from one time to another, or was only pending. */
function instance(from: string, to: string | undefined, change: Record<string, string> = {}, state = "firing") {
  const labels = { alertname: "A", severity: "critical", service: "orders-api", route: "/orders", ...change };
  const phases = [{ state: state as "firing", fromMs: at(from), ...(to && { toMs: at(to) }) }];
  const rest = { rule: 0, group: "", file: "", annotations: {}, lastAnnotations: {}, value: 0, lastValue: 0 };
  return { alert: "A", labels, phases, ...rest } satisfies AlertInstance;
}

const verdict = (expectation: Expectation, ...alerts: AlertInstance[]) =>
  judge(expectation, { alerts, receiversFor: () => ["chat"], world, platform, promise: undefined });
const happened = (expectation: Expectation, ...alerts: AlertInstance[]) =>
  judge(expectation, { alerts, receiversFor: () => ["chat"], world, platform, promise: latency })?.happened;

const asked = fires("A", "critical", { route: "/orders" }).between("12:05", "12:11");

describe("an alert that should fire", () => {
  it("may begin at the first and at the last moment of its window", () => {
    expect([verdict(asked, instance("12:05", undefined)), verdict(asked, instance("12:11", undefined))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each<[string, Expectation, AlertInstance[], string]>([
    ["never", asked, [], "It never did."],
    ["too early", asked, [instance("12:03", "12:20")], "It fired at 12:03, 2m too early."],
    [
      "too early, and then in time",
      asked,
      [instance("11:50", "11:51"), instance("12:06", "12:20")],
      "It fired at 11:50, 15m too early.",
    ],
    ["too late", asked, [instance("12:11:30", undefined)], "It fired at 12:11:30, 30s too late."],
    [
      "pending only",
      asked,
      [instance("12:06", "12:09", {}, "pending")],
      "It was pending from 12:06 to 12:09, but never fired; it must hold for 5m.",
    ],
    [
      "as a warning only",
      asked,
      [instance("12:06", "12:20", { severity: "warning" })],
      "It never did. It fired as warning only, at 12:06.",
    ],
    [
      "for another service",
      asked,
      [instance("12:06", "12:20", { route: "/items" })],
      "It fired at 12:06 with other labels.",
    ],
    ["to others", asked.reaching("pager"), [instance("12:06", undefined)], "It fired at 12:06, but reached chat."],
    [
      "for too long",
      asked.resolvesBy("12:30"),
      [instance("12:06", "12:34")],
      "It fired at 12:06 and was over at 12:34.",
    ],
    [
      "for too short",
      asked.resolvesBetween("12:28", "12:30"),
      [instance("12:06", "12:24")],
      "It fired at 12:06 and was over at 12:24.",
    ],
    [
      "for ever",
      asked.resolvesBy("12:30"),
      [instance("12:06", undefined)],
      "It fired at 12:06 and was not over when the drill ended.",
    ],
    [
      "again",
      asked.resolvesBy("12:30"),
      [instance("12:06", "12:10"), instance("12:35", "12:40")],
      "It fired at 12:06 and was over at 12:40.",
    ],
  ])("but did %s", (_, expectation, alerts, text) => {
    expect(happened(expectation, ...alerts)).toBe(text);
  });

  it("says which labels differ", () => {
    expect(verdict(asked, instance("12:06", "12:20", { route: "/items" }))?.details).toEqual([
      'route: expected "/orders", fired with "/items"',
    ]);
  });
});

describe("an alert that should be quiet", () => {
  it("may be pending, and may fire with other labels or as another severity", () => {
    expect(verdict(quiet("A"), instance("12:00", "12:04", {}, "pending"))).toBeUndefined();
    expect(verdict(quiet("A", "warning"), instance("12:00", "12:04"))).toBeUndefined();
    expect(verdict(quiet("A").forLabels({ route: "/items" }), instance("12:00", "12:04"))).toBeUndefined();
  });

  it("says when and for what it fired", () => {
    expect(happened(quiet("A"), instance("12:06", "12:08"), instance("12:02", "12:03", { route: "/items" }))).toBe(
      'It fired at 12:02 as critical {service="orders-api", route="/items"}, and 1 more.',
    );
  });
});

it("words an expectation with the world's service", () => {
  const exact = fires("A", "critical").between("12:05", "12:05").resolvesBetween("12:28", "12:30");
  const texts = [asked.reaching("pager", "chat").resolvesBy("12:30"), exact, quiet("A")].map((one) =>
    expectationText(one, world),
  );
  expect(texts).toEqual([
    'A critical {service="orders-api", route="/orders"} should fire between 12:05 and 12:11, reach pager and chat, be over by 12:30.',
    'A critical {service="orders-api"} should fire at 12:05, be over between 12:28 and 12:30.',
    'A {service="orders-api"} should stay quiet.',
  ]);
});
