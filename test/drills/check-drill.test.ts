import { describe, expect, it } from "vitest";
import { HttpErrorRatioHigh, HttpLatencyHigh, HttpMetricsMissing } from "../../alert-rules/http.ts";
import { drillFaults } from "../../src/drills/check-drill.ts";
import { drill, type Expectation, fires, quiet } from "../../src/drills/drill.ts";
import { percent, seconds } from "../../src/model/quantity.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import { checkout, ordersApi, serviceOf, shop } from "../helpers/shop.ts";

const platform = shop({ services: [ordersApi, { ...checkout, features: { HttpNoTraffic: false } }] });
const orders = serviceOf(platform, "orders-api");
const slow = healthy(orders).from("12:00", route("/orders").withLatency({ p95: seconds(3) }));
const asked = fires(HttpLatencyHigh, "critical", { route: "/orders" }).between("12:05", "12:11");

function faults(world: World, expectations: Expectation[], hasRule = (_: string, __: string) => true): string[] {
  const found = drillFaults(drill("a drill", { world, expect: expectations }), { platform, hasRule });
  return found.map(({ problem, fix }) => [problem, fix].filter(Boolean).join(" → "));
}

it("has nothing against a drill that is right", () => {
  expect(faults(slow, [asked.reaching("orders-pager").resolvesBy("12:30"), quiet(HttpErrorRatioHigh)])).toEqual([]);
});

describe("a drill that proves nothing is an error", () => {
  const { between } = fires(HttpLatencyHigh, "critical");
  const pushing = serviceOf(platform, "checkout");

  it.each<[string, World, Expectation[], string]>([
    ["asserts nothing", slow, [], "It asserts nothing, so it would pass whatever happened."],
    [
      "an unknown alert",
      slow,
      [quiet("HttpLatencyHihg")],
      'There is no alert "HttpLatencyHihg"; .* → Did you mean "HttpLatencyHigh"',
    ],
    [
      "a severity it has not",
      slow,
      [quiet(HttpMetricsMissing, "warning")],
      'There is no severity of HttpMetricsMissing for orders-api "warning"; there is "critical".',
    ],
    [
      "a receiver of nobody",
      slow,
      [asked.reaching("orders-pagr")],
      'There is no receiver "orders-pagr"; .* → Did you mean "orders-pager"',
    ],
    [
      "a route in a label",
      slow,
      [quiet(HttpLatencyHigh).forLabels({ route: "/ordres" })],
      'no route in this world "/ordres"; .* → Did you mean "/orders"',
    ],
    [
      "a service in a label",
      slow,
      [quiet(HttpLatencyHigh).forLabels({ service: "checkout" })],
      'no service in this world "checkout"',
    ],
    [
      "a label of no such name",
      slow,
      [quiet(HttpLatencyHigh).forLabels({ rout: "/orders" })],
      'no label of HttpLatencyHigh "rout"; .* → Did you mean "route"',
    ],
    ["a window backwards", slow, [between("12:11", "12:05")], "The time is given backwards: 12:05 is before 12:11."],
    ["a window before all", slow, [between("11:00", "12:05")], "nothing happens in this world before 12:00"],
    ["no time of day", slow, [between("12:5", "12:70")], '"12:5" is no time of day. → Write "12:05".'],
    [
      "over before it fires",
      slow,
      [asked.resolvesBy("12:04")],
      "It cannot be over by 12:04 and yet fire from 12:05 on.",
    ],
    [
      "an alert that is off",
      healthy(pushing),
      [fires("HttpNoTraffic", "warning").between("12:00", "12:30")],
      "HttpNoTraffic is switched off for checkout.",
    ],
    [
      "a route in the world",
      healthy(orders).from("12:00", route("/ordrs").withErrors(percent(1))),
      [asked],
      'no route of orders-api "/ordrs"; .* → Did you mean "/orders"',
    ],
    [
      "a time in the world",
      healthy(orders).from("noon", everyRoute()),
      [quiet(HttpLatencyHigh)],
      '"noon" is no time of day',
    ],
    [
      "an end before its start",
      healthy(orders).down("12:10", "12:00"),
      [quiet(HttpLatencyHigh)],
      "It ends at 12:00, which is not after 12:10.",
    ],
    [
      "more instances than there are",
      healthy(orders).down("12:00", "12:10", { instances: 3 }),
      [quiet(HttpLatencyHigh)],
      "3 instances are hit, but orders-api has 2.",
    ],
    [
      "an unknown environment",
      healthy(orders, "prod"),
      [quiet(HttpLatencyHigh)],
      'no environment of orders-api "prod"; .* → Did you mean "production"',
    ],
  ])("%s", (_, world, expectations, problem) => {
    expect(faults(world, expectations).join("\n")).toMatch(new RegExp(problem));
  });

  it("also when the rule it speaks of is not deployed", () => {
    const hasRule = (alert: string, severity: string) => alert !== "HttpLatencyHigh" || severity !== "critical";
    const problem = "No rule file has a rule of HttpLatencyHigh critical, though it is promised.";
    expect(faults(slow, [asked], hasRule)).toEqual([problem]);
    expect(faults(slow, [quiet(HttpLatencyHigh)], hasRule)).toEqual([problem]);
  });

  it("and every fault is told at once", () => {
    expect(faults(healthy(orders).from("12:60", route("/x")), [quiet("Nope"), asked.reaching("x")])).toHaveLength(4);
  });
});

it("lets an alert that is switched off be expected to be quiet", () => {
  expect(faults(healthy(serviceOf(platform, "checkout")), [quiet("HttpNoTraffic")])).toEqual([]);
});
