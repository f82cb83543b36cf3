import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPlainYaml } from "../../src/config/plain-yaml.ts";
import { readWholeYaml } from "../../src/config/whole-yaml.ts";
import { maximumBytes } from "../../src/config/yaml-syntax.ts";
import fc from "../helpers/fast-check.ts";

/** Something of all that it reads. */
const sample = `# What is watched
platform: shop-1 # the whole of it
links: { grafana: "https://grafana.example.com", runbooks: 'a "b" #c' }

teams:
- name: web & more
  size: 12
  rate: 0.25
  on: true
  list: [a, 1.5s, "x, y", {b: c}, [d]]
-   name: l'été – 2
    nested:
      deep: http://x.example.com:80/y?z=1#a
      other: x>y
    # in between
    buckets: [0.1s, 30d, 5%, 007]
end: no
`;

const lines = sample.split("\n");

/** What the whole parser makes of a text; undefined where it has anything against it. */
function readByParser(text: string) {
  let isAtFault = false;
  const report = () => {
    isAtFault = true;
  };
  const located = readWholeYaml(text, report, () => 1);
  return isAtFault ? undefined : located;
}

function expectTheSame(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain) expect(plain, JSON.stringify(text)).toEqual(readByParser(text));
  return plain !== undefined;
}

const signs = [
  ..."aZ09 .,:;-_#'\"[]{}&*!|>%@`~?=/\\\n\té",
  "  ",
  "\n  ",
  ": ",
  " #",
  "- ",
  "\n- ",
  "1e3",
  "null",
  "True",
];
const edit = fc.record({
  at: fc.nat(),
  removed: fc.nat(3),
  added: fc.array(fc.constantFrom(...signs), { maxLength: 3 }),
});

describe("YAML as it is usually written", () => {
  it.each(["monitoring.yaml", "examples/growing-platform/monitoring.yaml"])("is what %s is in", (file) => {
    expect(expectTheSame(readFileSync(file, "utf8"))).toBe(true);
  });

  it("may have everything that the sample has", () => {
    expect(expectTheSame(sample)).toBe(true);
  });

  it("is read as the whole parser reads it, or not at all, whatever is changed in it", { timeout: 120_000 }, () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length), { maxLength: 3 }), fc.array(edit, { maxLength: 3 }), (left, edits) => {
        let text = lines.filter((_, number) => !left.includes(number)).join("\n");
        for (const { at, removed, added } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + added.join("") + text.slice(start + removed);
        }
        if (expectTheSame(text)) read += 1;
      }),
      { numRuns: 2000 },
    );
    // Or nothing would have been compared.
    expect(read).toBeGreaterThan(500);
  });

  it("is left to the whole parser where it is too long", () => {
    expect(readPlainYaml(`a: b\n${"#".repeat(maximumBytes)}\n`)).toBeUndefined();
  });
});
