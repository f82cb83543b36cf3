import { type EventType, FAILSAFE_SCHEMA, load, type State, Type } from "js-yaml";
import { maximumBytes } from "./yaml-syntax.ts";

/** Levels of lists and mappings; monitoring.yaml has eight. */
const maximumDepth = 20;

/**
 * What the two parsers might read in two ways is read by the careful one alone: tabs and control characters, anchors,
 * aliases, tags, block scalars, directives, several documents, keys with a question mark, comments without a space.
 */
const unusual =
  /[^\n\x20-\x7e\u00a1-\u02ff\u2010-\u2027]|(?:^ *|[[{,:-] *)(?:[&*!|>%@`]|\?[ \n])|(?:[^ [{,:]["']|[\]}])#|^(?:---|\.\.\.)|<</m;

/** A key that could be read as a number or a word with a meaning. */
const usualKey = /^(?!(?:null|true|false|nan|infinity)$)[a-z_/]/i;

const scalar = <T>(tag: string, pattern: RegExp, construct: (text: string) => T) =>
  new Type(`tag:yaml.org,2002:${tag}`, {
    kind: "scalar",
    resolve: (text: string | null) => pattern.test(text ?? ""),
    construct: (text: string | null) => construct(text ?? ""),
  });

/** YAML 1.2's core schema, as the careful parser reads it: js-yaml's own also takes `1_000` and `0b1`. */
const coreSchema = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar("null", /^(?:~|[Nn]ull|NULL)?$/, () => null),
    scalar("bool", /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/, (text) => /^t/i.test(text)),
    scalar("int", /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/, Number),
    scalar("float", /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$/, Number),
  ],
});

/**
 * Reads YAML as nearly everybody writes it ten times as fast as the parser that knows the place of everything: a large
 * platform without a fault needs no places.
 *
 * @returns undefined for what is unusual or wrong: the careful parser reads it, or tells what is wrong
 */
export function readQuickly(text: string): unknown {
  if (text.length > maximumBytes || unusual.test(text)) return undefined;
  try {
    const value = load(text, { schema: coreSchema, listener: onOneLine() });
    // A file without anything in it, or with a single word, is wrong whatever is asked of it.
    return typeof value === "object" && value !== null ? withoutPrototypes(value, 0) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses words, quotes and brackets that go on over several lines: js-yaml does not mind how those lines are indented.
 */
function onOneLine() {
  const opened: number[] = [];
  return (event: EventType, { line, kind, input, position }: State): void => {
    if (event === "open") {
      opened.push(line);
      return;
    }
    const isBlock = kind !== "scalar" && !"]}".includes(input.charAt(position - 1));
    if (opened.pop() !== line && !isBlock) throw new Error("not on one line");
  };
}

/** No key can be mistaken for something that every object has. */
function withoutPrototypes(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maximumDepth) throw new Error("too deep");
  if (Array.isArray(value)) return value.map((item) => withoutPrototypes(item, depth + 1));
  const bare = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    if (!usualKey.test(key)) throw new Error("an unusual key");
    bare[key] = withoutPrototypes(item, depth + 1);
  }
  return bare;
}
