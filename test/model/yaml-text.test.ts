import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { yamlText } from "../../src/model/yaml-text.ts";
import fc from "../helpers/fast-check.ts";

const words = fc.string({
  unit: fc.constantFrom(..."aeZ09_-./:#,[]{}&*!|>%@`~?='\"\\ ", "\n", "\t", "\u0007", "é", "😀", "true", "null", "---"),
  maxLength: 60,
});
const text = fc.oneof(words, fc.string(), fc.string({ unit: "grapheme", maxLength: 60 }));
const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.stringMatching(/^[a-zA-Z][ -~]{0,11}$/));
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const { content } = fc.letrec((tie) => ({
  content: fc.oneof({ maxDepth: 4 }, scalar, tie("list"), tie("mapping")),
  list: fc.array(
    tie("content").filter((item) => !(typeof item === "string" && item.includes("\n"))),
    { maxLength: 4 },
  ),
  mapping: fc.dictionary(name, fc.oneof(tie("content"), fc.constant(undefined)), { maxKeys: 4, noNullPrototype: true }),
}));

describe("generated YAML", () => {
  it("is what the package `yaml` writes, to the letter", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.dictionary(name, content, { noNullPrototype: true }), (data) => {
        expect(yamlText(data)).toBe(
          stringify(data, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: false }),
        );
      }),
      { numRuns: 1500 },
    );
  });
});
