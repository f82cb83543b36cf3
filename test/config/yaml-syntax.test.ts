import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/config/fault.ts";
import { composeYaml, maximumBytes } from "../../src/config/yaml-syntax.ts";

function compose(text: string) {
  const faults: (Fault & { offset: number })[] = [];
  const document = composeYaml(text, (offset, fault) => faults.push({ offset, ...fault }));
  return { faults, document, rules: faults.map(({ rule, offset }) => `${rule} ${offset}`) };
}

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("composeYaml", () => {
  test("takes one document, with or without its markers", () => {
    for (const text of ["a: 1", "---\na: 1\n...\n", "%YAML 1.2\n---\na: 1\n", "# x\n\n--- # y\na: 1\n...\n# z\n"]) {
      expect(compose(text).faults, text).toEqual([]);
      expect(compose(text).document?.toJS()).toEqual({ a: 1 });
    }
  });

  test.each([
    ["", "config/empty 0"],
    ["\n\n  \n", "config/empty 0"],
    ["---\n", "config/empty 0"],
    ["--- # nothing\n...\n", "config/empty 0"],
    ["%FOO bar\n", "config/empty 0"],
    ["a: 1\n---\nb: 2\n", "config/documents 5"],
    ["a: 1\n...\n---\n", "config/documents 9"],
    ["a: 1\u0000", "config/control-character 4"],
    ["a: \u001b[31m\n", "config/control-character 3"],
    ["a: !!python/object x\n", "config/tag 3"],
  ])("refuses %j", (text, rule) => expect(compose(text).rules).toEqual([rule]));

  test("takes 40 levels and refuses one more, without building what is below", () => {
    expect(compose(nested(40)).faults).toEqual([]);
    expect(compose(nested(41)).rules).toEqual(["config/too-deep 40"]);
    expect(compose(`a: ${nested(40)}`).rules).toEqual(["config/too-deep 42"]);
    for (const piece of ["[", "{", "- ", "? ", "{a: ", "[{"]) {
      expect(compose(piece.repeat(maximumBytes / 4))?.rules[0]).toMatch(/^config\/too-deep/);
    }
  });

  test("refuses a text above the limit before it looks into it", () => {
    expect(compose("[".repeat(maximumBytes + 1)).rules).toEqual(["config/too-large 0"]);
    expect(compose(`a: 1\n${"#".repeat(maximumBytes - 5)}`).faults).toEqual([]);
  });

  test("tells ten control characters, not ten thousand", () => {
    expect(compose("\u0001".repeat(10_000)).faults).toHaveLength(10);
  });
});
