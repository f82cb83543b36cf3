import { expect, it } from "vitest";
import { linesPerSecond, percent, requestsPerSecond } from "../../src/model/quantity.ts";
import { clockMs } from "../../src/worlds/clock.ts";
import { logLines } from "../../src/worlds/log-lines.ts";
import { everyRoute, route } from "../../src/worlds/route-change.ts";
import { healthy, type World } from "../../src/worlds/world.ts";
import { serviceOf, shop } from "../helpers/shop.ts";

const platform = shop();
const ordersApi = healthy(serviceOf(platform, "orders-api"), "production");
const checkout = healthy(serviceOf(platform, "checkout"), "production");

const from = clockMs("12:00") ?? 0;
const to = clockMs("12:10") ?? 0;
const linesOf = (world: World, startMs = from, endMs = to) =>
  logLines(world, { startMs, endMs }).flatMap(({ records }) => records);
const errors = (world: World) => linesOf(world).filter(({ body }) => JSON.parse(body).level === "error");

it("logs a line for every request that fails, and for one in a hundred of the others", () => {
  const world = ordersApi.always(everyRoute().withTraffic(requestsPerSecond(20)).withErrors(percent(10)));
  // 600 s of 2 failed requests/s and 18 others/s, over 2 instances and 3 routes that each round on their own.
  expect(Math.abs(errors(world).length - 1200)).toBeLessThanOrEqual(6);
  expect(Math.abs(linesOf(world).length - 1200 - 108)).toBeLessThanOrEqual(12);
});

it("writes lines as the service does: JSON where it is scraped, a level of its own where it sends OTLP", () => {
  const [json] = errors(ordersApi.always(route("/orders").withErrors(percent(50))));
  expect(JSON.parse(json?.body ?? "")).toEqual({
    level: "error",
    msg: "request failed",
    route: "/orders",
    status: 500,
  });
  expect(json?.level).toBeUndefined();
  const otlp = linesOf(checkout.always(everyRoute().withErrors(percent(50)))).find(({ level }) => level === "error");
  expect(otlp).toMatchObject({ body: "request failed", attributes: { "http.response.status_code": "500" } });
});

it("says whose the lines are with the attributes that the collector sets", () => {
  const resources = logLines(ordersApi, { startMs: from, endMs: to }).map(({ resource }) => resource);
  const whose = { environment: "production", service: "orders-api", team: "orders", "service.name": "orders-api" };
  expect(resources).toHaveLength(2);
  for (const resource of resources) expect(resource).toMatchObject(whose);
  expect(new Set(resources.map((resource) => resource["service.instance.id"])).size).toBe(2);
});

it("has no line while a source is silent, from an instance if it is that alone", () => {
  const during = (world: World) =>
    logLines(world, { startMs: from, endMs: to }).map(({ records }) => records.length > 0);
  expect(during(ordersApi.losesLogs("11:00", "13:00"))).toEqual([false, false]);
  expect(during(ordersApi.losesLogs("11:00", "13:00", { instances: 1 }))).toEqual([false, true]);
  expect(during(ordersApi.startsAt("13:00"))).toEqual([false, false]);
  expect(during(ordersApi.down("11:00", "13:00"))).toEqual([true, true]);
});

it("logs as much as it is told, from one moment to another", () => {
  const world = ordersApi.logs({ level: "fatal", rate: linesPerSecond(3), text: "x" }, "12:01", "12:03");
  const own = linesOf(world).filter(({ body }) => JSON.parse(body).level === "fatal");
  expect(Math.abs(own.length - 360)).toBeLessThanOrEqual(2);
  expect(own.every(({ ms }) => ms >= (clockMs("12:01") ?? 0) && ms <= (clockMs("12:03") ?? 0))).toBe(true);
});

it("is the same with the same seed, and about as much as without chance", () => {
  const world = ordersApi.always(everyRoute().withErrors(percent(20)));
  expect(linesOf(world.withNoise(7))).toEqual(linesOf(world.withNoise(7)));
  expect(linesOf(world.withNoise(7))).not.toEqual(linesOf(world.withNoise(8)));
  // Poisson: 2,400 errors and 96 others, give or take four standard deviations.
  expect(Math.abs(linesOf(world.withNoise(7)).length - 2496)).toBeLessThan(4 * Math.sqrt(2496));
});

it("has the lines of each instance in order", () => {
  for (const { records } of logLines(ordersApi.withNoise(3), { startMs: from, endMs: to })) {
    expect(records.map(({ ms }) => ms)).toEqual(records.map(({ ms }) => ms).sort((a, b) => a - b));
  }
});
