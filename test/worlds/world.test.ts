import { expect, it } from "vitest";
import { minutes, percent, requestsPerSecond, seconds } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy, stateAt, worldLine } from "../../src/worlds/world.ts";
import { checkout, serviceOf, shop, shopOf } from "../helpers/shop.ts";

const { service } = shopOf({});
const at = (text: string) => clockMs(text) ?? Number.NaN;

it("is healthy until something happens, and again when it is over", () => {
  const world = healthy(service).between("12:00", "12:10", route("/orders").withErrors(percent(30)));
  const errors = ["11:59:59", "12:00", "12:09:59", "12:10"].map(
    (time) => stateAt(world, "/orders", at(time)).errorRatio,
  );
  expect(errors).toEqual([0, 0.3, 0.3, 0]);
  expect(stateAt(world, "/items", at("12:05")).errorRatio).toBe(0);
});

it("lets the later of two changes win, each in what it names", () => {
  const world = healthy(service)
    .from("12:00", everyRoute().withTraffic(requestsPerSecond(30)).withErrors(percent(1)))
    .from("12:05", route("/orders").withTraffic(requestsPerSecond(1)));
  expect(stateAt(world, "/orders", at("12:06"))).toMatchObject({
    requestsPerSecond: 1,
    errorRatio: 0.01,
    p95Seconds: 0.3,
  });
  expect(stateAt(world, "/items", at("12:06")).requestsPerSecond).toBe(10);
});

it("never changes a world that another was made from", () => {
  const world = healthy(service);
  world.from("12:00", everyRoute().withErrors(percent(100)));
  expect(world.events).toEqual([]);
  expect(stateAt(world, "/orders", at("12:06")).errorRatio).toBe(0);
});

it("is healthy by what the service promises", () => {
  const thresholds = {
    HttpLatencyHigh: { warning: seconds(0.2), critical: seconds(0.4) },
    HttpNoTraffic: { warning: requestsPerSecond(50) },
  };
  const { p95Seconds, requestsPerSecond: rate } = stateAt(healthy(shopOf({ thresholds }).service), "/orders", 0);
  expect(p95Seconds).toBe(0.1);
  expect(rate * 3).toBeCloseTo(200);
});

it("tells every change in words", () => {
  const world = healthy(service)
    .always(everyRoute().withTraffic(requestsPerSecond(80)))
    .from(
      "12:00",
      route("/orders")
        .withLatency({ p95: seconds(2.4) })
        .withErrors(percent(3)),
    )
    .down("12:00", "12:30", { instances: 1 })
    .resetsAt("12:10")
    .scrapeGap("12:03", "12:05")
    .losesMetrics("12:40")
    .startsAt("11:58");
  expect(world.events.map((event) => worldLine(world, event))).toEqual([
    "all the time: every route with 80/s requests",
    "from 12:00 on: /orders with a true p95 of 2.4 s, 3 % errors",
    "from 12:00 to 12:30: target down (1 of 2 instances)",
    "at 12:10: restart",
    "from 12:03 to 12:05: no scrapes at all",
    "from 12:40 on: request metrics missing",
    "until 11:58: no scrapes at all",
  ]);
});

it("keeps neighbours, noise and length through every change", () => {
  const neighbour = healthy(serviceOf(shop(), checkout.name));
  const world = healthy(service).withNoise(4).until("15:00").alongside(neighbour).scrapeGap("12:00", "12:01");
  expect(world.seed).toBe(4);
  expect(world.lastsUntil).toBe("15:00");
  expect(world.all.map((one) => one.service.name)).toEqual(["orders-api", "checkout"]);
  expect(neighbour.instances).toEqual(["checkout-1", "checkout-2"]);
});

it("takes the environment that it is given", () => {
  expect(healthy(service, "staging").instances).toEqual(["orders-0:8000"]);
  expect(healthy(service).from("12:00", everyRoute().withLatency({ p95: minutes(1) })).environment).toBe("production");
});
