import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readYaml } from "../../src/config/yaml-source.ts";
import fc from "../helpers/fast-check.ts";

const key = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== "<<");
const scalar = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: "medium" }, scalar, tie("list"), tie("mapping")),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  mapping: fc.dictionary(key, tie("tree"), { maxKeys: 5, noNullPrototype: true }),
}));
const mapping = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 6, noNullPrototype: true });

/** Every path in a value, with what is there. */
function* pathsIn(value: unknown, path: (string | number)[] = []): Generator<[(string | number)[], unknown]> {
  yield [path, value];
  if (typeof value !== "object" || value === null) return;
  const entries = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  for (const [step, item] of entries) yield* pathsIn(item, [...path, step]);
}

const offsetOf = (text: string, { line = 1, column = 1 }) =>
  text
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, part) => sum + part.length + 1, 0) +
  column -
  1;

describe("readYaml", () => {
  test("reads what the yaml library reads, in block and in flow style", () => {
    fc.assert(
      fc.property(mapping, fc.boolean(), (value, flow) => {
        const text = stringify(value, { collectionStyle: flow ? "flow" : "block", lineWidth: 0 });
        const { data, findings } = readYaml(text, "x");
        expect(findings).toEqual([]);
        expect(JSON.parse(JSON.stringify(data))).toEqual(JSON.parse(JSON.stringify(parse(text))));
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });

  test("knows where every value begins: read from there, it is the value", () => {
    fc.assert(
      fc.property(mapping, (value) => {
        const text = stringify(value, { collectionStyle: "flow", lineWidth: 0 });
        const { placeOf, writtenAt, keyPlaceOf } = readYaml(text, "x");
        for (const [path, item] of pathsIn(value)) {
          const from = text.slice(offsetOf(text, placeOf(path)));
          const written = writtenAt(path);
          if (typeof item === "object" && item !== null) expect(from[0]).toBe(Array.isArray(item) ? "[" : "{");
          else {
            expect(from.startsWith(written!)).toBe(true);
            expect(parse(written!)).toEqual(Object.is(item, -0) ? 0 : item);
          }
          if (typeof path.at(-1) === "string") {
            const { line, column } = keyPlaceOf(path);
            const name = text.slice(offsetOf(text, { line, column })).split(/(?<=["'\w]):/)[0]!;
            expect(offsetOf(text, { line, column })).toBeLessThan(offsetOf(text, placeOf(path)));
            expect(name.length).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });

  test("resolves aliases and merge keys as the yaml library does", () => {
    const text = [
      "base: &base { a: 1, b: { c: 2 } }",
      "more: &more { b: 3, d: 4 }",
      "one: { <<: *base, a: 5 }",
      "two: { d: 6, <<: [*more, *base] }",
      "list: [*base, &again [*more], *again]",
      "again: &base { e: 7 }",
      "last: *base",
    ].join("\n");
    const { data, findings, placeOf, keyPlaceOf } = readYaml(text, "x");
    expect(findings).toEqual([]);
    expect(JSON.parse(JSON.stringify(data))).toEqual(parse(text, { merge: true }));
    // The alias has a place of its own; what is in it is where it is written.
    expect(placeOf(["list", 0])).toMatchObject({ line: 5, column: 8 });
    expect(placeOf(["list", 0, "b", "c"])).toMatchObject({ line: 1, column: 29 });
    expect(keyPlaceOf(["two", "a"])).toMatchObject({ line: 1, column: 15 });
  });

  test("gives data without a prototype, so that no key is anything but a key", () => {
    const { data } = readYaml("__proto__: { polluted: true }\nconstructor: 1\n", "x");
    expect(Object.keys(data as object)).toEqual(["__proto__", "constructor"]);
    expect((data as { toString?: unknown }).toString).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("reads only what YAML 1.2 has: no dates, no octal numbers, no yes", () => {
    const { data } = readYaml("%YAML 1.1\n---\na: 2026-11-21\nb: yes\nc: 0777\nd: 1_000\ne: 1:30\nf: 0o17\n", "x");
    expect({ ...(data as object) }).toEqual({ a: "2026-11-21", b: "yes", c: 777, d: "1_000", e: "1:30", f: 15 });
  });

  test("does not spend time on aliases that multiply", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 200; level++) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array(8).fill(alias).join(", ")}]`);
    }
    const { data, findings } = readYaml(lines.join("\n"), "x");
    expect(findings.map(({ rule }) => rule)).toEqual(["config/alias-expansion"]);
    expect(data).toBeUndefined();
  });
});
