import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../src/config/config.ts";
import { pathOf } from "../../src/config/schema-findings.ts";

type Tree = Record<string, unknown> | unknown[];
type Path = (string | number)[];

const root = join(import.meta.dirname, "../..");
const trees = ["monitoring.yaml", "test/good/every-form.yaml"].map(
  (file): Tree => parse(readFileSync(join(root, file), "utf8")),
);

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;
const at = (tree: unknown, path: Path): unknown => path.reduce((value, step) => (value as never)[step], tree);

/** Every path below a value, with the value. */
const pathsIn = (value: unknown, path: Path = []): [Path, unknown][] =>
  isTree(value)
    ? Object.entries(value).flatMap(([key, item]): [Path, unknown][] => {
        const below = [...path, Array.isArray(value) ? Number(key) : key];
        return [[below, item], ...pathsIn(item, below)];
      })
    : [];

/** A copy in which the mapping or list at the path has been changed, as text, and what is told of it. */
function changed(tree: Tree, path: Path, change: (parent: Tree) => void) {
  const copy = structuredClone(tree);
  change(at(copy, path) as Tree);
  const text = stringify(copy, { lineWidth: 0 });
  const { findings, placeOf } = parseConfig(text, "x");
  return { findings, placeOf, text, rules: findings.map(({ rule }) => rule) };
}

const all = trees.flatMap((tree) =>
  pathsIn(tree).map(([path, value]) => ({ tree, path, value, parent: path.slice(0, -1), key: path.at(-1)! })),
);
const named = all.filter(({ key, path }) => typeof key === "string" && path.at(-2) !== "targets");
/** Keys that may be left out without anything to be told. */
const optional = new Set(
  "pages severities username password description criticality path scheme service_name latency_buckets routes thresholds features warning critical for intervals retention aws scrape evaluation metrics logs logging otlp dashboards".split(
    " ",
  ),
);

describe("one fault is one finding", () => {
  test("a key that must be there and is not", () => {
    let count = 0;
    for (const { tree, path, parent, key } of named) {
      // The mail server is missed by the receivers that need it, and told there.
      if (optional.has(`${key}`) || /^Http/.test(`${key}`) || (key === "email" && parent.length === 0)) continue;
      const { findings, placeOf } = changed(tree, parent, (mapping) => delete (mapping as never)[key]);
      expect(findings, path.join(".")).toHaveLength(1);
      expect(findings[0]!.place, path.join(".")).toEqual(placeOf(parent));
      count++;
    }
    expect(count).toBeGreaterThan(60);
  });

  test("a key that is misspelt: it is neither missing, nor missed by whatever needs it", () => {
    for (const { tree, path, parent, key, value } of named) {
      const misspelt = `${key}q`;
      const { findings, text } = changed(tree, parent, (mapping) => {
        for (const [name, item] of Object.entries(mapping)) {
          delete (mapping as never)[name];
          Object.assign(mapping, { [name === key ? misspelt : name]: name === key ? value : item });
        }
      });
      expect(findings, path.join(".")).toHaveLength(1);
      const { place, fix, rule } = findings[0]!;
      expect(rule).toMatch(/^config\/unknown-(key|alert|feature)$/);
      expect(fix, path.join(".")).toBe(`Did you mean ${key}?`);
      expect(
        text
          .split("\n")
          [place.line! - 1]!.slice(place.column! - 1)
          .startsWith(misspelt),
      ).toBe(true);
    }
  });

  test("a key too many", () => {
    for (const { tree, path, value } of [...all, ...trees.map((tree) => ({ tree, path: [], value: tree }))]) {
      if (!isTree(value) || Array.isArray(value) || path.at(-1) === "targets") continue;
      const { rules, findings } = changed(tree, path, (mapping) => Object.assign(mapping, { zzz: { hunter2: 1 } }));
      expect(rules, path.join(".")).toHaveLength(1);
      expect(JSON.stringify(findings)).not.toContain("hunter2");
    }
  });

  test.each([
    ["a list", [["x"]]],
    ["a mapping", { zz: 1 }],
    ["nothing", null],
    ["a number", 12.5],
    ["text that fits nowhere", "\u0007"],
  ])("%s where something else belongs", (_, wrong) => {
    for (const { tree, path, parent, key, value } of all) {
      const fits = isTree(wrong) && isTree(value) && Array.isArray(wrong) === Array.isArray(value);
      if (fits) continue;
      const { findings, placeOf } = changed(tree, parent, (mapping) => Object.assign(mapping, { [key]: wrong }));
      expect(findings, path.join(".")).toHaveLength(1);
      expect(findings[0]!.place, path.join(".")).toEqual(placeOf(path));
    }
  });
});

test("a JSON pointer becomes a path, with indexes as numbers", () => {
  expect(pathOf("")).toEqual([]);
  expect(pathOf("/services/0/scrape/targets/a~1b~0c")).toEqual(["services", 0, "scrape", "targets", "a/b~c"]);
});
