import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { corpus, type Part, parts } from "../scripts/redaction/corpus.ts";
import { throughCollector } from "../scripts/redaction/pipeline.ts";
import { scores, scoreTables, share } from "../scripts/redaction/score.ts";
import { loadConfig } from "../src/config/load.ts";
import { exampleRules } from "../src/render/redaction.ts";
import { harmlessRules } from "../src/render/redaction-harmless.ts";
import { realTool } from "./real-tools.ts";
import { samplePlatform } from "./sample-platform.ts";

const plainLine = (body: string) => ({ part: "seen" as const, sort: "", body, attributes: {} });
const page = readFileSync(join(import.meta.dirname, "../docs/logs.md"), "utf8");

function isJson(text: unknown): boolean {
  try {
    return typeof text === "string" && typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

it("masks in the deployed collector what the documentation says it masks, and no more", {
  timeout: 240_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const { platform } = await loadConfig(join(import.meta.dirname, "../monitoring.yaml"));
  if (!platform) throw new Error("monitoring.yaml is not valid");
  const lines = corpus();
  const arrived = await throughCollector(otelcol, platform, lines);
  expect(arrived.filter((line) => line === undefined)).toEqual([]);
  // What was JSON still is.
  const json = lines.flatMap(({ body }, index) => (isJson(body) ? [arrived[index]?.body] : []));
  expect(json.length).toBeGreaterThan(1000);
  expect(json.filter((body) => !isJson(body))).toEqual([]);
  const found = scores(lines, arrived);
  const of = (isPlanted: boolean) => found.filter((one) => one.isPlanted === isPlanted);
  const count = (isPlanted: boolean) => of(isPlanted).reduce((sum, one) => sum + one.lines, 0);
  expect([count(true), count(false)].every((all) => all >= 1000)).toBe(true);
  const shareOf = (isPlanted: boolean, part: Part) => share(of(isPlanted).filter((one) => one.part === part));
  for (const one of of(true).filter(({ part }) => part === "seen")) expect(share([one]), one.sort).toBe(1);
  for (const part of parts) expect(shareOf(true, part), part).toBeGreaterThan(part === "heldOutLast" ? 0.9 : 0.98);
  for (const part of parts) expect(shareOf(false, part), part).toBeLessThan(0.01);
  expect(scoreTables(found).filter((row) => !page.includes(row))).toEqual([]);
});

it("masks the example of every rule, and leaves every example of what is harmless", {
  timeout: 120_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const harmless = harmlessRules.filter(({ example }) => example !== "");
  const lines = [...exampleRules, ...harmless].map(({ example }) => plainLine(example));
  const arrived = (await throughCollector(otelcol, samplePlatform(), lines)).map((line) => line?.body);
  exampleRules.forEach(({ name, kind, example }, index) => {
    expect(arrived[index], `${name}: ${example}`).toContain(`[${kind}]`);
  });
  expect(arrived.slice(exampleRules.length)).toEqual(harmless.map(({ example }) => example));
});

it("masks in attributes what it masks in lines, by names of theirs and however deep", {
  timeout: 120_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const attributes = {
    "url.full": "https://shop.example.com/a?email=anna%40example.com&first_name=Anna",
    note: "card 4111111111111111, ledger 4111111111111112, caller Anna",
    "customer.first_name": "Anna",
    "user.password": "hunter2",
    "service.version": "1.2.3",
    "k8s.pod.name": "orders-api-7f9c",
    "session.id": "8f2c",
    "browser.mobile": "true",
  };
  const [masked, readable] = await Promise.all(
    [samplePlatform(), samplePlatform({ logs: { readable: ["name", "email"] } })].map(async (platform) => {
      const [line] = await throughCollector(otelcol, platform, [{ ...plainLine("x"), attributes }]);
      return line?.attributes;
    }),
  );
  expect(masked).toEqual({
    ...attributes,
    "url.full": "https://shop.example.com/a?email=[email]&first_name=[name]",
    note: "card [card], ledger 4111111111111112, caller Anna",
    "customer.first_name": "****",
    "user.password": "****",
  });
  expect(readable).toEqual({ ...masked, "url.full": attributes["url.full"], "customer.first_name": "Anna" });
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
    otp: 482913,
    lat: 52.520008,
    zip: 10115,
    name: "Anna van der Berg",
    address: { street: "Hauptstr. 5" },
    nested: JSON.stringify({ client_secret: "x1y2z3", card: "4111 1111 1111 1111", pin: 4711, name: "Anna Berg" }),
  });
  const platform = samplePlatform({ logs: { readable: ["ip-address"] } });
  const [arrived] = await throughCollector(otelcol, platform, [plainLine(body)]);
  const { nested, ...rest } = JSON.parse(arrived?.body ?? "") as Record<string, string>;
  expect(rest).toEqual({
    ip: "203.0.113.9",
    mail: "[email]",
    password: "[secret]",
    pan: "[card]",
    // Its check digit is of no card.
    order: 4111111111111112,
    phone: "[phone]",
    otp: "[secret]",
    lat: "[location]",
    zip: "[address]",
    name: "[name]",
    address: { street: "[address]" },
  });
  expect(JSON.parse(nested ?? "")).toEqual({
    client_secret: "[secret]",
    card: "[card]",
    pin: "[secret]",
    name: "[name]",
  });
});

it("tells a card by its check digit, in whatever order numbers stand, and cannot be talked out of it", {
  timeout: 120_000,
}, async (context) => {
  const otelcol = realTool("otelcol", context);
  const bodies = [
    "4111111111111112 4111111111111111 5500005555555558 5500005555555559",
    "\ufdd04111111111111111 and \ufdd0203.0.113.9",
    "pass\ufdd0word=hunter2",
    "4111-1111-1111-1112 and 4111-1111-1111-1111 and 4111 1111 1111 1111",
    // More than are computed: what is left is masked.
    "4111111111111112 4111111111111113 4111111111111114 4111111111111115",
  ];
  const lines = bodies.map(plainLine);
  const arrived = await throughCollector(otelcol, samplePlatform(), lines);
  expect(arrived.map((line) => line?.body)).toEqual([
    "4111111111111112 [card] 5500005555555558 [card]",
    "[card] and [ip-address]",
    "password=[secret]",
    "4111-1111-1111-1112 and [card] and [card]",
    "4111111111111112 4111111111111113 4111111111111114 [card]",
  ]);
});
