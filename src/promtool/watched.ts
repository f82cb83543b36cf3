import { dirname } from "node:path";
import type { Watched } from "../review/watch.ts";
import { goGlob, isPattern } from "./go-glob.ts";
import { readText } from "./read-text.ts";
import { besides } from "./suite.ts";
import { ruleFileLines } from "./written-file.ts";

/** What the outcome of test files hangs on: they, their rule files, and the folders in which another may come to match. */
export function watchedBySuites(files: readonly string[]): Watched {
  const patterns = files.flatMap((file) => patternsOf(file).map((pattern) => besides(file, pattern)));
  const matched = patterns.map((pattern) => ({ pattern, names: namesOf(pattern) }));
  const open = matched.filter(({ pattern, names }) => isPattern(pattern) && names !== undefined);
  return {
    // One that is not there yet is waited for.
    files: [...files, ...matched.flatMap(({ pattern, names }) => (names?.length ? names : [pattern]))],
    folders: [],
    flatFolders: open.flatMap(({ pattern, names = [] }) => [
      fixedFolder(pattern),
      ...names.map((name) => dirname(name)),
    ]),
  };
}

const patternsOf = (file: string): string[] => [...ruleFileLines(readText(file).text ?? "").keys()];

/** Undefined where the pattern is malformed, which the round says. */
function namesOf(pattern: string): string[] | undefined {
  try {
    return goGlob(pattern);
  } catch {
    return undefined;
  }
}

/** The folder above the first part of a path that is a pattern. */
function fixedFolder(pattern: string): string {
  const folder = dirname(pattern);
  return isPattern(folder) ? fixedFolder(folder) : folder;
}
