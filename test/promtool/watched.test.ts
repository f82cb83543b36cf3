import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { watchedBySuites } from "../../src/promtool/watched.ts";
import { watchFiles } from "../../src/review/watch.ts";
import { writeArtifacts } from "../real-tools.ts";

/** A test file that names these patterns, and rule files beside it. */
function suite(patterns: string[], ...rules: string[]) {
  const folder = writeArtifacts([
    { path: "tests/test.yml", text: `rule_files: ${JSON.stringify(patterns)}\ntests: []\n` },
    ...rules.map((path) => ({ path, text: "groups: []" })),
  ]);
  const { files, folders, flatFolders = [] } = watchedBySuites([join(folder, "tests/test.yml")]);
  const inside = (paths: readonly string[]) => [...new Set(paths.map((path) => path.replace(`${folder}/`, "")))].sort();
  return { folder, files: inside(files), folders, flatFolders: inside(flatFolders) };
}

it("test files hang on their rule files, in whatever folder these are, and on no other folder", () => {
  const { files, folders, flatFolders } = suite(["../rules/a.yml"], "rules/a.yml", "rules/b.yml");
  expect(files).toEqual(["rules/a.yml", "tests/test.yml"]);
  expect([folders, flatFolders]).toEqual([[], []]);
});

it("a rule file that is not there yet is waited for", () => {
  expect(suite(["../rules/later.yml"]).files).toEqual(["rules/later.yml", "tests/test.yml"]);
});

it("where a pattern names them, another one in its folder matters, too", () => {
  const { files, flatFolders } = suite(["../rules/*/*.yml"], "rules/x/a.yml", "rules/y/b.yml");
  expect(files).toEqual(["rules/x/a.yml", "rules/y/b.yml", "tests/test.yml"]);
  expect(flatFolders).toEqual(["rules", "rules/x", "rules/y"]);
});

it("what cannot be read or is malformed keeps nobody from watching", () => {
  expect(suite(["../rules/[.yml"]).flatFolders).toEqual([]);
  expect(watchedBySuites(["nowhere/test.yml"]).files).toEqual(["nowhere/test.yml"]);
});

it("a change in a rule file elsewhere is seen", async () => {
  const { folder } = suite(["../rules/*.yml"], "rules/a.yml");
  const target = join(folder, "rules/a.yml");
  const seen = await new Promise<string>((resolve) => {
    const stop = watchFiles(watchedBySuites([join(folder, "tests/test.yml")]), (file) => {
      stop();
      resolve(file);
    });
    writeFileSync(target, "groups: [] # changed");
  });
  expect(seen).toBe(target);
});
