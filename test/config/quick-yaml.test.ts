import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readQuickly } from "../../src/config/quick-yaml.ts";
import { readCarefully } from "../../src/config/yaml-source.ts";
import { maximumBytes } from "../../src/config/yaml-syntax.ts";
import fc from "../helpers/fast-check.ts";

/** Something of all that is usual. */
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
    buckets: [0.1s, 30d, 5%, 007, 1_000, 0b1, 0o17, 0x1f, .5, 1e3]
end: no
`;

const lines = sample.split("\n");

/** Whether it was read; then what came of it is what the careful parser makes of it. */
function isReadAlike(text: string): boolean {
  const quick = readQuickly(text);
  if (quick === undefined) return false;
  const { data, findings } = readCarefully(text, "x");
  expect({ findings, data }, JSON.stringify(text)).toEqual({ findings: [], data: quick });
  return true;
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
  "<<: ",
  "__proto__: ",
];
const edit = fc.record({
  at: fc.nat(),
  removed: fc.nat(3),
  added: fc.array(fc.constantFrom(...signs), { maxLength: 3 }),
});

describe("YAML as it is usually written", () => {
  it.each(["monitoring.yaml", "examples/growing-platform/monitoring.yaml"])("is what %s is in", (file) => {
    expect(isReadAlike(readFileSync(file, "utf8"))).toBe(true);
  });

  it("may have everything that the sample has", () => {
    expect(isReadAlike(sample)).toBe(true);
  });

  it("is read as the careful parser reads it, or not at all, whatever is changed in it", { timeout: 120_000 }, () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length), { maxLength: 3 }), fc.array(edit, { maxLength: 3 }), (left, edits) => {
        let text = lines.filter((_, number) => !left.includes(number)).join("\n");
        for (const { at, removed, added } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + added.join("") + text.slice(start + removed);
        }
        if (isReadAlike(text)) read += 1;
      }),
      { numRuns: 2000 },
    );
    // Or nothing would have been compared.
    expect(read).toBeGreaterThan(500);
  });

  it("is left to the careful parser where it is too long", () => {
    expect(readQuickly(`a: b\n${"#".repeat(maximumBytes)}\n`)).toBeUndefined();
  });
});
