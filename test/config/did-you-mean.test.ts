import { describe, expect, test } from "vitest";
import { packs } from "../../alert-rules/index.ts";
import { asSeen, didYouMean, didYouMeanQuantity, lookAlikeNote } from "../../src/config/did-you-mean.ts";
import { parseQuantity, quantityExample } from "../../src/model/quantity.ts";
import fc from "../helpers/fast-check.ts";

const keys = ["name", "description", "owner", "criticality", "packs", "scrape", "otlp", "instrumentation", "routes"];
const alerts = Object.values(packs).flatMap((pack) => pack.alerts.map(({ name }) => name));

/** One slip: a letter too many, too few, another one, or swapped with the next. */
const slip = (text: string) =>
  fc.tuple(fc.nat(text.length - 2), fc.constantFrom("x", "Q", "7"), fc.nat(3)).map(([at, letter, kind]) => {
    const [before, here, next, after] = [text.slice(0, at), text[at], text[at + 1], text.slice(at + 2)];
    return [
      `${before}${letter}${here}${next}${after}`,
      `${before}${next}${after}`,
      `${before}${letter}${next}${after}`,
      `${before}${next}${here}${after}`,
    ][kind]!;
  });

describe("didYouMean", () => {
  test("finds a key or alert with one slip in it", () => {
    const slipped = fc.constantFrom(...keys, ...alerts).chain((name) => slip(name).map((text) => ({ name, text })));
    fc.assert(
      fc.property(slipped, ({ name, text }) => {
        const names = keys.includes(name) ? keys : alerts;
        if (names.includes(text)) return;
        expect(didYouMean(text, names)).toBe(name);
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });

  test.each([
    ["routingKey", ["routing_key"], "routing_key"],
    ["Service-Name", ["path", "service_name"], "service_name"],
    ["httplatencyhigh", alerts, "HttpLatencyHigh"],
    ["fastapi", ["fastapi-instrumentator", "otel-http"], "fastapi-instrumentator"],
    ["оwner", keys, "owner"],
    ["ｏｗｎｅｒ", keys, "owner"],
    ["own\u200ber", keys, "owner"],
  ])("%s", (text, names, meant) => expect(didYouMean(text, names)).toBe(meant));

  test("says nothing where nothing is near", () => {
    for (const text of ["", "x", "ownership-model", "zzz", "_", "  "]) expect(didYouMean(text, keys)).toBeUndefined();
    expect(didYouMean("owner".repeat(1000), keys)).toBeUndefined();
    expect(didYouMean("h", ["http", "https"])).toBeUndefined();
  });
});

describe("lookAlikeNote", () => {
  test("names the first character that is not what it looks like", () => {
    expect(lookAlikeNote("оwner")).toBe("It contains U+043E (о), which only looks like o.");
    expect(lookAlikeNote("a–b")).toBe("It contains U+2013 (–), which only looks like -.");
    expect(lookAlikeNote("a\u00a0b")).toBe("It contains U+00A0, which cannot be seen.");
  });

  test("leaves ASCII and honest letters of other scripts alone", () => {
    for (const text of ["orders-api", "größe", "订单", "заказ".slice(0, 1)])
      expect(lookAlikeNote(text)).toBeUndefined();
  });

  test("every pair is one character and ASCII", () => {
    expect(asSeen("аеорсухі–−“”")).toBe('aeopcyxi--""');
  });
});

describe("didYouMeanQuantity", () => {
  test.each([
    ["seconds", "2 sec", "2s"],
    ["seconds", "5 minutes", "5m"],
    ["seconds", "-5m", "5m"],
    ["seconds", "1 hour 30 min", "1h30m"],
    ["seconds", "250 msec", "250ms"],
    ["seconds", "2S", "2s"],
    ["seconds", "２s", "2s"],
    ["seconds", "5", undefined],
    ["seconds", "soon", undefined],
    ["ratio", "0.05", "5%"],
    ["ratio", "5", "5%"],
    ["ratio", "5 percent", "5%"],
    ["ratio", "0,5 %", "0.5%"],
    ["ratio", "2s", undefined],
    ["requests/second", "20", "20/s"],
    ["requests/second", "20 req/s", "20/s"],
    ["requests/second", "20rps", "20/s"],
    ["count", "-1", "1"],
    ["count", "2.5", "3"],
  ] as const)("%s: %s", (unit, text, meant) => expect(didYouMeanQuantity(unit, text)).toBe(meant));

  test("what it proposes is always a quantity of the unit", () => {
    const units = fc.constantFrom("seconds", "ratio", "requests/second", "count" as const);
    const piece = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.nat(99).map(String),
      fc.constantFrom("s", "sec", "%", "/s", "minutes", " ", "-", ","),
    );
    fc.assert(
      fc.property(units, fc.array(piece, { maxLength: 6 }), (unit, parts) => {
        const meant = didYouMeanQuantity(unit, parts.join(""));
        if (meant !== undefined) expect(parseQuantity(unit, meant), meant).toBeDefined();
      }),
      { numRuns: 1000, seed: 20261121 },
    );
    for (const unit of ["seconds", "ratio", "requests/second", "count"] as const) {
      for (const right of quantityExample(unit).split(", ")) expect(didYouMeanQuantity(unit, right)).toBeUndefined();
    }
  });
});
