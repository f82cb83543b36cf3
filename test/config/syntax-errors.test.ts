import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import fc from "../helpers/fast-check.ts";

const standard = readFileSync(join(import.meta.dirname, "../../monitoring.yaml"), "utf8");
const syntax = (text: string) => parseConfig(text, "x").findings.filter(({ rule }) => rule === "config/yaml-syntax");
const places = (text: string) => syntax(text).map(({ place }) => `${place.line}:${place.column}`);

describe("an error in the YAML", () => {
  test("is told once for a slip of one character, in three of four cases", () => {
    const slip = fc.record({
      at: fc.nat(standard.length),
      remove: fc.nat(2),
      insert: fc.constantFrom(..."[]{}:-#&*!|>'\"~\n\t ", ""),
    });
    const told = fc
      .sample(slip, { numRuns: 500, seed: 20261121 })
      .map(({ at, remove, insert }) => syntax(standard.slice(0, at) + insert + standard.slice(at + remove)).length)
      .filter((count) => count > 0);
    expect(told.length).toBeGreaterThan(50);
    expect(told.filter((count) => count === 1).length / told.length).toBeGreaterThan(0.75);
    expect(Math.max(...told)).toBeLessThan(15);
  });

  test("is told of each place that has one", () => {
    expect(places("a:\n\tb: 1\n\tc: 2\nd:\n\t- e\n")).toEqual(["2:1", "3:1", "5:1"]);
    expect(places("a: @x\nb: `y`\nc: d: e\n")).toEqual(["1:4", "2:4", "3:4"]);
    expect(places("a:\n  b: 1\n c: 2\nd:\n  e: 1\n f: 2\n")).toEqual(["3:1", "6:1"]);
  });

  test("is where a quote or a bracket was opened, not where the parser gave up", () => {
    expect(places('a: 1\nb: "x\nc: 2\n')).toEqual(["2:4"]);
    expect(places("a: 1\nb: 'x\nc: 2\n")).toEqual(["2:4"]);
    expect(places("a: 1\nb: [x, {y: 1}\nc: 2\n")).toEqual(["2:4"]);
    expect(places("{a: [1], b: {c: 1}\n")).toEqual(["1:1"]);
  });

  test("never shows the text around it, which may be a secret", () => {
    for (const text of [
      'a: "hunter2\n',
      "a: ]hunter2\n",
      "a: |hunter2\n",
      "a: 'x' hunter2\n",
      "a: %hunter2\n",
      '"hunter2\\q": 1\n',
      "- a\nhunter2\n",
    ]) {
      const found = syntax(text);
      expect(found.length, text).toBeGreaterThan(0);
      expect(JSON.stringify(found)).not.toContain("hunter2");
    }
  });

  test("says which character on the line is not what it looks like", () => {
    expect(syntax("a: 1\nb： 2\n")[0]?.detail).toContain("U+FF1A");
    // A space that does not count as one is part of the key.
    const { findings } = parseConfig("platform: shop\n\u00a0\u00a0links: {}\n", "x");
    expect(findings.find(({ rule }) => rule === "config/unknown-key")).toMatchObject({
      detail: expect.stringContaining("U+00A0"),
      fix: "Did you mean links?",
    });
  });
});
