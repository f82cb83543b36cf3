import { expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { randomWorld } from "../../src/mutation/random-world.ts";
import { worldLine } from "../../src/worlds/world.ts";
import { shop } from "../helpers/shop.ts";

const platform = shop();
const told = (seed: number) =>
  randomWorld(platform, seed).all.map((one) => [one.service.name, ...one.events.map((event) => worldLine(one, event))]);

it("is the same for the same seed and another for each other", () => {
  expect(told(7)).toEqual(told(7));
  const all = Array.from({ length: 50 }, (_, seed) => JSON.stringify(told(seed)));
  expect(new Set(all).size).toBe(50);
});

it("comes to everything that can happen, to every service, on both sides of its thresholds", () => {
  const events = Array.from({ length: 400 }, (_, seed) => randomWorld(platform, seed)).flatMap(({ all }) =>
    all.flatMap((world) => world.events.map((event) => ({ service: world.service.name, event }))),
  );
  const kinds = new Set(events.map(({ event }) => event.kind));
  expect([...kinds].sort()).toEqual(["down", "gap", "removed", "restart", "routes", "silent"]);
  const latencies = events.flatMap(({ service, event }) =>
    service === "orders-api" && event.kind === "routes" ? (event.change.p95?.value ?? []) : [],
  );
  for (const value of [1.485, 1.515, 1.98, 2.02]) expect(latencies).toContain(value);
});

it("has users tried on both variants of an experiment, and hours at which nobody starts a journey", async () => {
  const { platform: marketplace } = await loadConfig("examples/icp-marketplace/monitoring.yaml");
  expect.assert(marketplace);
  const worlds = Array.from({ length: 50 }, (_, seed) => randomWorld(marketplace, seed).all).flat();
  const variants = worlds.map(({ events }) =>
    events.flatMap((event) => (event.kind === "variant" ? [event.variant] : [])),
  );
  expect(variants.filter((all) => all.includes("classic") && all.includes("one-tap")).length).toBeGreaterThan(5);
  const remembered = worlds.filter(({ memory }) => memory.length > 0);
  expect(remembered.length).toBeGreaterThan(5);
});
