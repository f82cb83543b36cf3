import { lstatSync, readdirSync, statSync } from "node:fs";
import { join, parse as parsePath } from "node:path";
import { compareText } from "../model/finding.ts";

/**
 * The files that a pattern matches, as Go's `filepath.Glob` finds them, which promtool uses: `*`, `?` and `[a-z]` stay
 * within one name (hidden ones included), `[^a]` negates, `\` escapes; names in each folder are sorted. A pattern
 * without any of these is a name, found if there is such a file or folder.
 *
 * @throws Error where the pattern is malformed, for instance because a `[` is not closed
 */
export function goGlob(pattern: string): string[] {
  if (nameMatcher(pattern) === undefined) throw new Error(`the pattern ${JSON.stringify(pattern)} is malformed`);
  if (!isPattern(pattern)) return exists(pattern) ? [pattern] : [];
  const split = pattern.lastIndexOf("/") + 1;
  const folder = cleaned(pattern.slice(0, split));
  const matches = nameMatcher(pattern.slice(split));
  if (matches === undefined) throw new Error(`the pattern ${JSON.stringify(pattern)} is malformed`);
  const folders = isPattern(folder) ? goGlob(folder) : [folder];
  return folders.flatMap((one) => namesIn(one).flatMap((name) => (matches.test(name) ? [join(one, name)] : [])));
}

/** Whether it is more than a name. */
export const isPattern = (text: string): boolean => /[*?[\\]/.test(text);

const cleaned = (folder: string): string => {
  if (folder === "") return ".";
  return folder === parsePath(folder).root ? folder : folder.slice(0, -1);
};

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return statSync(folder).isDirectory() ? readdirSync(folder).sort(compareText) : [];
  } catch {
    return [];
  }
}

/**
 * Go's `filepath.Match` as a regular expression; undefined where the pattern is malformed. What follows a star is taken
 * where it first fits, and never looked for again, but for what follows the last: with thirty stars, trying all ways
 * would never end.
 */
function nameMatcher(pattern: string): RegExp | undefined {
  const rest = [...pattern];
  const parts = [""];
  while (rest.length > 0) {
    const character = rest.shift()!;
    if (character === "*") {
      if (parts.length === 1 || parts.at(-1) !== "") parts.push("");
      continue;
    }
    let source: string | undefined;
    if (character === "?") source = "[^/]";
    else if (character === "[") source = characterSet(rest);
    else {
      const literal = character === "\\" ? rest.shift() : character;
      source = literal && escaped(literal);
    }
    if (source === undefined) return undefined;
    parts[parts.length - 1] += source;
  }
  const [start = "", ...afterStars] = parts;
  const last = afterStars.pop();
  const between = afterStars.map((part, i) => `(?=([^/]*?${part}))\\${i + 1}`).join("");
  return new RegExp(`^${start}${between}${last === undefined ? "" : `[^/]*${last}`}$`, "su");
}

/** Takes a set from the front of the characters, the `[` being taken already; undefined where it is malformed. */
function characterSet(rest: string[]): string | undefined {
  const negated = rest[0] === "^";
  if (negated) rest.shift();
  const ranges: string[] = [];
  for (let count = 0; count === 0 || rest[0] !== "]"; count++) {
    const low = setMember(rest);
    let high = low;
    if (low !== undefined && rest[0] === "-") {
      rest.shift();
      high = setMember(rest);
    }
    if (low === undefined || high === undefined) return undefined;
    // A range that runs backwards holds nothing.
    if (low.codePointAt(0)! <= high.codePointAt(0)!) ranges.push(`${escaped(low)}-${escaped(high)}`);
  }
  rest.shift();
  return `[${negated ? "^" : ""}${ranges.join("")}]`;
}

function setMember(rest: string[]): string | undefined {
  let character = rest.shift();
  if (character === "-" || character === "]") return undefined;
  if (character === "\\") character = rest.shift();
  return rest.length > 0 ? character : undefined;
}

const escaped = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
