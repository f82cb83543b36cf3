import { expect, it } from "vitest";
import { goGlob } from "../../src/promtool/go-glob.ts";
import { realTool, writeArtifacts } from "../real-tools.ts";
import { promtoolVerdicts } from "./real-promtool.ts";

const files = ["a.yml", "b.yml", "ab.yml", ".hidden.yml", "a]b.yml", "sub/c.yml", "sub/d.yaml", "sub2/c.yml", "ü.yml"];
const patterns = [
  ["*.yml", [".hidden.yml", "a.yml", "a]b.yml", "ab.yml", "b.yml", "ü.yml"]],
  ["?.yml", ["a.yml", "b.yml", "ü.yml"]],
  ["[ab].yml", ["a.yml", "b.yml"]],
  ["[^a].yml", ["b.yml", "ü.yml"]],
  ["[!a].yml", ["a.yml"]],
  ["[b-a].yml", []],
  ["[a-c]*.yml", ["a.yml", "a]b.yml", "ab.yml", "b.yml"]],
  ["a\\]b.yml", ["a]b.yml"]],
  ["a[\\]]b.yml", ["a]b.yml"]],
  ["*/c.yml", ["sub/c.yml", "sub2/c.yml"]],
  ["sub*/*.y*ml", ["sub/c.yml", "sub/d.yaml", "sub2/c.yml"]],
  ["**/c.yml", ["sub/c.yml", "sub2/c.yml"]],
  ["*b*.y*ml", ["a]b.yml", "ab.yml", "b.yml"]],
  ["**b*l", ["a]b.yml", "ab.yml", "b.yml"]],
  ["*.*l", [".hidden.yml", "a.yml", "a]b.yml", "ab.yml", "b.yml", "ü.yml"]],
  ["*[a-c]*?*yml", ["a.yml", "a]b.yml", "ab.yml", "b.yml"]],
  ["{a,b}.yml", []],
  ["a.yml", ["a.yml"]],
  ["none.yml", []],
  ["none/*.yml", []],
  ["a.yml/*", []],
] as const;
const malformed = ["[", "[]", "[a", "[-]", "a\\", "[a-]", "[^]", "none/[", "[\\"];

/** One rule file for each name, which records its number. */
const artifacts = files.map((path, i) => ({
  path,
  text: `groups: [{name: g, rules: [{record: found, expr: vector(${i}), labels: {file: "${i}"}}]}]`,
}));

it.each(patterns)("finds what %s matches", (pattern, found) => {
  const folder = writeArtifacts(artifacts);
  expect(goGlob(`${folder}/${pattern}`)).toEqual(found.map((name) => `${folder}/${name}`));
});

it.each(malformed)("refuses %s", (pattern) => {
  expect(() => goGlob(pattern)).toThrow("is malformed");
});

it("matches a pattern of many stars at once, where trying all ways would never end", () => {
  const folder = writeArtifacts([{ path: `${"a".repeat(200)}b`, text: "" }]);
  expect(goGlob(`${folder}/${"*a".repeat(40)}`)).toEqual([]);
  expect(goGlob(`${folder}/${"*a".repeat(40)}*b`)).toHaveLength(1);
});

it("finds what promtool finds, and refuses what it refuses", { timeout: 60_000 }, (context) => {
  const promtool = realTool("promtool", context);
  const suites = [...patterns, ...malformed.map((pattern) => [pattern, []] as const)].map(([pattern, found], i) => ({
    path: `${i}.test`,
    text: JSON.stringify({
      rule_files: [pattern],
      tests: [
        {
          promql_expr_test: [
            {
              expr: "found",
              eval_time: 0,
              exp_samples: found.map((name) => ({
                labels: `found{file="${files.indexOf(name)}"}`,
                value: files.indexOf(name),
              })),
            },
          ],
        },
      ],
    }),
  }));
  const folder = writeArtifacts([...artifacts, ...suites]);
  const verdicts = promtoolVerdicts(
    promtool,
    folder,
    suites.map(({ path }) => path),
  );
  expect(verdicts.map(({ passed }) => passed)).toEqual([...patterns.map(() => true), ...malformed.map(() => false)]);
});
