import { expect, it } from "vitest";
import { HttpLatencyHigh, HttpTargetDown } from "../../alert-rules/http.ts";
import { drill, type Expectation, fires, quiet } from "../../src/drills/drill.ts";
import { seconds } from "../../src/model/quantity.ts";
import { route } from "../../src/worlds/route-change.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import { run } from "../helpers/drills.ts";
import { checkout, serviceOf, shop, shopOf } from "../helpers/shop.ts";

const failureOf = (world: World, expectation: Expectation, platform = shop()) =>
  run(platform, [drill("d", { world, expect: [expectation] })])[0]?.failures[0];

const orders = serviceOf(shop(), "orders-api");
const slow = healthy(orders).from("12:00", route("/orders").withLatency({ p95: seconds(2.4) }));

it("is data that a report can keep", () => {
  const failure = failureOf(slow, fires(HttpLatencyHigh, "critical", { route: "/orders" }).between("12:00", "12:05"));
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  expect(failure).toMatchObject({
    happened: "It fired at 12:08, 3m too late.",
    firstFiredAt: "12:08",
    values: { title: "Request latency, p95", unit: "seconds", threshold: 2 },
    world: ["from 12:00 on: /orders with a true p95 of 2.4 s"],
    places: [{ file: "test/drills/evidence.test.ts" }],
  });
  expect(failure?.cause).toBeUndefined();
});

it("shows the value at the moment at which the alert fired", () => {
  const points = failureOf(slow, quiet(HttpLatencyHigh, "critical"))?.values?.points ?? [];
  expect(points.map(({ at }) => at)).toEqual(["12:00", "12:02", "12:04", "12:06", "12:08"]);
  expect(points.at(-1)?.value).toBeCloseTo(2.4, 1);
});

it("shows the route that fired, not the worst or the first one", () => {
  const items = slow.from("12:00", route("/items").withLatency({ p95: seconds(30) }));
  const failure = failureOf(items, quiet(HttpLatencyHigh).forLabels({ route: "/orders" }));
  expect(failure?.values?.points.at(-1)?.value).toBeLessThan(3);
});

it("shows the lowest value of a signal that alerts below", () => {
  const failure = failureOf(healthy(orders).down("12:00", "12:30", { instances: 1 }), quiet(HttpTargetDown));
  expect(failure?.firstFiredAt).toBe("12:03:30");
  expect(failure?.values?.points.map(({ value }) => value)).toEqual([1, 0.5, 0.5, 0.5, 0.5, 0.5]);
});

it("leads to the place in monitoring.yaml where the cause is", () => {
  const services = [checkout, { ...checkout, name: "search", instrumentation: { kind: "otel-http" as const } }];
  const platform = shop({ services });
  const search = serviceOf(platform, "search");
  const world = healthy(search).from("12:00", route("/pay").withLatency({ p95: seconds(1.4) }));
  const failure = failureOf(world, quiet(HttpLatencyHigh), platform);
  expect(failure?.cause).toMatch(/^It fires when the true value is above 1\.11 s, not 1\.5 s/);
  expect(failure?.places.map(({ file }) => file)).toEqual(["monitoring.yaml", "test/drills/evidence.test.ts"]);
});

it("asks for labels of any text", () => {
  const strange = '/a"}\\{x=~".*';
  const { platform, service } = shopOf({ routes: [strange] });
  const world = healthy(service).from("12:00", route(strange).withLatency({ p95: seconds(4) }));
  const failure = failureOf(world, quiet(HttpLatencyHigh).forLabels({ route: strange }), platform);
  expect(failure?.values?.points.at(-1)?.value).toBeGreaterThan(2);
});
