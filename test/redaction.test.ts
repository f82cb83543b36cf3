import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { corpus } from "../scripts/redaction/corpus.ts";
import { throughCollector } from "../scripts/redaction/pipeline.ts";
import { scores, scoreTables, share } from "../scripts/redaction/score.ts";
import { loadConfig } from "../src/config/load.ts";
import { realTool } from "./real-tools.ts";
import { samplePlatform } from "./sample-platform.ts";

const page = readFileSync(join(import.meta.dirname, "../docs/logs.md"), "utf8");

it("masks in the deployed collector what the documentation says it masks, and no more", {
  timeout: 240_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const { platform } = await loadConfig(join(import.meta.dirname, "../monitoring.yaml"));
  if (!platform) throw new Error("monitoring.yaml is not valid");
  const lines = corpus();
  const arrived = await throughCollector(otelcol, platform, lines);
  expect(arrived.filter((line) => line === undefined)).toEqual([]);
  const found = scores(lines, arrived);
  const of = (isPlanted: boolean) => found.filter((one) => one.isPlanted === isPlanted);
  const count = (isPlanted: boolean) => of(isPlanted).reduce((sum, one) => sum + one.lines, 0);
  expect([count(true), count(false)].every((all) => all >= 1000)).toBe(true);
  for (const one of of(true).filter(({ part }) => part === "seen")) expect(share([one]), one.sort).toBe(1);
  expect(share(of(false).filter(({ part }) => part === "seen"))).toBeLessThan(0.01);
  expect(share(of(true).filter(({ part }) => part === "heldOut"))).toBeGreaterThan(0.7);
  expect(share(of(false).filter(({ part }) => part === "heldOut"))).toBeLessThan(0.2);
  for (const row of scoreTables(found)) expect(page).toContain(row);
});

it("leaves lines that are JSON what they are, and readable what a platform wants to read", {
  timeout: 120_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const body = JSON.stringify({
    ip: "203.0.113.9",
    mail: "a@example.com",
    password: 'a"b\\c',
    pan: 4111111111111111,
    order: 4111111111111112,
    phone: 491701234567,
    nested: JSON.stringify({ client_secret: "x1y2z3", card: "4111 1111 1111 1111" }),
  });
  const platform = samplePlatform({ logs: { readable: ["ip-address"] } });
  const [arrived] = await throughCollector(otelcol, platform, [{ part: "seen", sort: "", body, attributes: {} }]);
  const { nested, ...rest } = JSON.parse(arrived?.body ?? "") as Record<string, string>;
  expect(rest).toEqual({
    ip: "203.0.113.9",
    mail: "[email]",
    password: "[secret]",
    pan: "[card]",
    // Its check digit is of no card.
    order: 4111111111111112,
    phone: "[phone]",
  });
  expect(JSON.parse(nested ?? "")).toEqual({ client_secret: "[secret]", card: "[card]" });
});

it("tells a card by its check digit, in whatever order numbers stand, and cannot be talked out of it", {
  timeout: 120_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const bodies = [
    "4111111111111112 4111111111111111 5500005555555558 5500005555555559",
    "\u00014111111111111111 and \u0001203.0.113.9",
    // More than are computed: what is left is masked.
    "4111111111111112 4111111111111113 4111111111111114 4111111111111115",
  ];
  const lines = bodies.map((body) => ({ part: "seen" as const, sort: "", body, attributes: {} }));
  const arrived = await throughCollector(otelcol, samplePlatform(), lines);
  expect(arrived.map((line) => line?.body)).toEqual([
    "4111111111111112 [card] 5500005555555558 [card]",
    "[card] and [ip-address]",
    "4111111111111112 4111111111111113 4111111111111114 [card]",
  ]);
});
