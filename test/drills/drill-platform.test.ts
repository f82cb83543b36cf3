import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { drillsOf } from "../../alert-rules/drills.ts";
import { packs } from "../../alert-rules/index.ts";
import { loadConfig } from "../../src/config/load.ts";
import { drillEntry } from "../../src/drills/drill-entries.ts";
import { drillPlatform, resultOf } from "../../src/drills/drill-platform.ts";
import { shop } from "../helpers/shop.ts";

const temporary = mkdtempSync(join(tmpdir(), "firedrill-drills-"));
afterAll(() => rmSync(temporary, { recursive: true }));

/** This repository's configuration with one service that has one alert. */
async function oneAlert() {
  const config = join(temporary, "monitoring.yaml");
  const given = parse(readFileSync("monitoring.yaml", "utf8"));
  const others = given.services[0].packs
    .flatMap((pack: string) => packs[pack]?.alerts.map(({ name }) => name) ?? [])
    .filter((name: string) => name !== "HttpTargetDown");
  const features = Object.fromEntries(others.map((name: string) => [name, false]));
  writeFileSync(config, stringify({ ...given, services: [{ ...given.services[0], features, thresholds: {} }] }));
  const { platform, findings } = await loadConfig(config);
  if (!platform) throw new Error(JSON.stringify(findings));
  return { config, platform, names: drillsOf(platform).map(({ name }) => name) };
}

it("every drill is run on threads, in the order in which it is written", async () => {
  const { config, platform, names } = await oneAlert();
  const seen: string[] = [];
  const results = await drillPlatform(config, platform, { onProgress: (done, all) => seen.push(`${done} of ${all}`) });
  expect(results.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual(names.map((name) => `${name}: passed`));
  expect(seen).toEqual(names.map((_, index) => `${index + 1} of ${names.length}`));
}, 60_000);

it("only those drills are run that are asked for", async () => {
  const { config, platform, names } = await oneAlert();
  const results = await drillPlatform(config, platform, { numbers: [2, 0] });
  expect(results.map(({ name }) => name)).toEqual([names[2], names[0]]);
}, 60_000);

it("a drill that takes too long is an error by name that says how to allow more", async () => {
  const { config, platform, names } = await oneAlert();
  const results = await drillPlatform(config, platform, { numbers: [0, 1], limitMs: 1 });
  const two = names.slice(0, 2);
  expect(results.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual(two.map((name) => `${name}: error`));
  const { message, details, place } = drillEntry(results[0]!);
  expect(message).toBe("A drill should be done within 1ms. This one was not, and was ended.");
  expect(details).toContain("--limit 5m");
  expect(place?.file).toMatch(/^alert-rules\//);
}, 60_000);

it("a drill whose thread breaks down is an error that says why", () => {
  const platform = shop();
  const [drill] = drillsOf(platform);
  const result = resultOf(drill!, { outcome: "broken", message: "out of memory" }, platform);
  expect(result).toMatchObject({ name: drill!.name, service: "orders-api", outcome: "error" });
  expect(drillEntry(result).message).toBe("A drill should run to its end. This one broke down: out of memory.");
});
