import { describe, expect, it } from "vitest";
import { anyOf, escapeRegex, promqlString } from "../../src/model/promql.ts";
import fc from "../helpers/fast-check.ts";

describe("text from users in PromQL", () => {
  it("cannot leave its string literal", () => {
    expect(promqlString('a"} or vector(1) #\\')).toBe('"a\\"} or vector(1) #\\\\"');
  });

  it("matches itself and nothing else as a regular expression", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const pattern = new RegExp(`^(?:${escapeRegex(text)})$`, "s");
        expect(pattern.test(text)).toBe(true);
        if (other !== text) expect(pattern.test(other)).toBe(false);
      }),
      { seed: 1 },
    );
  });

  it("selects one value by equality, several by pattern, none not at all", () => {
    expect(anyOf("service", [])).toBe("");
    expect(anyOf("service", ["a"])).toBe('service="a"');
    expect(anyOf("service", ["a", "b.c"])).toBe('service=~"a|b\\\\.c"');
    expect(anyOf("service", ["a"], "exclude")).toBe('service!="a"');
    expect(anyOf("service", ["a", "b"], "exclude")).toBe('service!~"a|b"');
  });
});
