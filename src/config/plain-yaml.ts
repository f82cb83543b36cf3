import { type At, type Located, locatedList, locatedMapping, locatedScalar } from "./located.ts";
import { maximumBytes } from "./yaml-syntax.ts";

/** Levels of lists and mappings; monitoring.yaml has eight. */
const maximumDepth = 20;

/** Where letters, digits and the usual signs are not enough, somebody else reads the text. */
const usualText = /^[\n\x20-\x7e\u00a1-\u02ff\u2010-\u2027]*$/;

// Each is looked for at one place only.
const blankLine = / *(?:#.*)?\n/y;
const endOfLine = /(?: +#.*| *)\n/y;
const spaces = / */y;
const plainKey = /[A-Za-z_][\w./-]{0,99}(?=:[ \n])/y;
const doubleQuoted = /"[^"\\\n]*"/y;
const singleQuoted = /'[^'\n]*'(?!')/y;
/** Words up to the end of the line or a comment; between brackets, up to the next comma or bracket. */
const plainWords = /[\w/](?:[^\n ]| +(?![ \n#]))*/y;
const wordsInBrackets = /[\w/](?:[^\n ,[\]{}]| +(?![ \n#,[\]{}]))*/y;

/**
 * Reads YAML as nearly everybody writes it, many times as fast as a parser of all of YAML: mappings and lists by their
 * indentation or on one line in brackets, words, numbers, and quotes without escapes. Gives exactly what the whole parser
 * gives.
 *
 * @returns undefined for anything else, whatever is wrong included: that is for the whole parser to read or to tell
 */
export function readPlainYaml(text: string): Located | undefined {
  if (text.length > maximumBytes || !usualText.test(text)) return undefined;
  try {
    return readWhole(text.endsWith("\n") ? text : `${text}\n`);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

function notPlain(): never {
  throw new NotPlain();
}

function readWhole(text: string): Located {
  /** Where it has read to, where that line begins, and how many lists and mappings it is in. */
  let at = 0;
  let lineStart = 0;
  let depth = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  const sees = (sign: string): boolean => text.startsWith(sign, at);

  function takeSign(sign: string): boolean {
    const isThere = sees(sign);
    if (isThere) at += sign.length;
    return isThere;
  }

  function takeEndOfLine(): boolean {
    const isThere = take(endOfLine) !== undefined;
    if (isThere) lineStart = at;
    return isThere;
  }

  /** Goes to where the next line with content begins, unless it is there; says how far that is indented. */
  function nextColumn(): number {
    while (take(blankLine) !== undefined) lineStart = at;
    take(spaces);
    return at < text.length ? at - lineStart : -1;
  }

  /** Whether there is more of a list or mapping. */
  function goesOnAt(column: number): boolean {
    const next = nextColumn();
    return next > column ? notPlain() : next === column;
  }

  /** What is read inside of a list or mapping that begins here. */
  function inside<T>(read: () => T): T {
    if (++depth > maximumDepth) notPlain();
    const found = read();
    depth -= 1;
    return found;
  }

  function mapping(keyOffset: number): Located {
    const offset = at;
    const column = at - lineStart;
    const children = new Map<string, Located>();
    do {
      const keyAt = at;
      const key = newKey(children);
      children.set(key, takeEndOfLine() ? below(column, keyAt) : restOfLine(keyAt));
    } while (goesOnAt(column));
    return locatedMapping(children, { offset, keyOffset });
  }

  function list(keyOffset: number): Located {
    const offset = at;
    const column = at - lineStart;
    const items: Located[] = [];
    while (takeSign("- ")) {
      take(spaces);
      items.push(isAtKey() ? inside(() => mapping(at)) : restOfLine(at));
      if (!goesOnAt(column)) break;
    }
    return locatedList(items, { offset, keyOffset });
  }

  /** What stands below a key: further in, or, where it is a list, straight below. */
  function below(column: number, keyOffset: number): Located {
    const inner = nextColumn();
    const isList = sees("- ");
    if (inner < column || (inner === column && !isList)) notPlain();
    return inside(() => (isList ? list(keyOffset) : mapping(keyOffset)));
  }

  function restOfLine(keyOffset: number): Located {
    take(spaces);
    const found = value(keyOffset, plainWords);
    return takeEndOfLine() ? found : notPlain();
  }

  function value(keyOffset: number, words: RegExp): Located {
    if (sees("[")) return inside(() => bracketedList(keyOffset));
    if (sees("{")) return inside(() => bracketedMapping(keyOffset));
    const offset = at;
    const quoted = take(doubleQuoted) ?? take(singleQuoted);
    const read = quoted === undefined ? plainValue(take(words) ?? notPlain()) : quoted.slice(1, -1);
    return locatedScalar(read, { offset, keyOffset }, [offset, at]);
  }

  function bracketedList(keyOffset: number): Located {
    const place: At = { offset: at, keyOffset };
    const items: Located[] = [];
    eachInBrackets(() => items.push(value(at, wordsInBrackets)));
    return takeSign("]") ? locatedList(items, place) : notPlain();
  }

  function bracketedMapping(keyOffset: number): Located {
    const place: At = { offset: at, keyOffset };
    const children = new Map<string, Located>();
    eachInBrackets(() => {
      const keyAt = at;
      const key = newKey(children);
      take(spaces);
      children.set(key, value(keyAt, wordsInBrackets));
    });
    return takeSign("}") ? locatedMapping(children, place) : notPlain();
  }

  function eachInBrackets(read: () => void): void {
    at += 1;
    do {
      take(spaces);
      read();
      take(spaces);
    } while (takeSign(","));
  }

  function isAtKey(): boolean {
    plainKey.lastIndex = at;
    return plainKey.test(text);
  }

  /** A key that its mapping does not have yet, and the colon behind it. */
  function newKey(others: ReadonlyMap<string, Located>): string {
    const key = take(plainKey);
    if (key === undefined || others.has(key) || !takeSign(":")) notPlain();
    return key;
  }

  if (nextColumn() !== 0) notPlain();
  const root = mapping(at);
  return at === text.length ? root : notPlain();
}

const truths = new Map([
  ["true", true],
  ["false", false],
]);

/** What words without quotes stand for: in YAML's core schema, some are numbers, truths or nothing. */
function plainValue(words: string): unknown {
  if (/:(?: |$)/.test(words)) notPlain();
  if (/^\d{1,15}(?:\.\d{1,15})?$/.test(words)) return Number(words);
  const truth = truths.get(words);
  // Numbers, truths and nothing, written in one of the other ways.
  if (truth === undefined && /^(?:0[xo].*|\d[\d.]*(?:[eE].*)?|true|false|null)$/i.test(words)) notPlain();
  return truth ?? words;
}
