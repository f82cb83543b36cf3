import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLSeq } from "yaml";
import type { Finding, Place } from "../model/finding.ts";
import type { Report } from "./fault.ts";
import { shown } from "./seen.ts";
import { composeYaml } from "./yaml-syntax.ts";

/** Keys and list indexes from the top of the file. */
export type Path = readonly (string | number)[];

/** A YAML text as data, with the place of everything in it. */
export interface YamlSource {
  /**
   * What the text says, in objects without a prototype: no key can be mistaken for something that every object
   * has. Undefined when nothing in it can be trusted; `findings` then say why.
   */
  data: unknown;
  findings: Finding[];
  /** Place of the value at a path, or of the nearest thing around it that exists. */
  placeOf: (path: Path) => Place;
  /** Place of the key that leads to the value at a path; of list items, the item. */
  keyPlaceOf: (path: Path) => Place;
  /** The value as it stands in the text; undefined for mappings, lists and what does not exist. */
  writtenAt: (path: Path) => string | undefined;
  /** The whole line of a place. */
  lineAt: (place: Place) => string;
}

/** Values that all aliases together may stand for. A thousand services that share their settings are far below. */
const maximumAliased = 100_000;

/** A value, where it is, and what is in it. Aliases share the children of what they stand for. */
interface Located {
  value: unknown;
  offset: number;
  keyOffset: number;
  /** Begin and end of a scalar's text; of an alias, of what it stands for. */
  span?: readonly [number, number];
  children?: Map<string | number, Located>;
  /** Values in it, itself included. */
  size: number;
}

/** Reads a YAML text of one document. Never throws, whatever the text is. */
export function readYaml(source: string, file: string): YamlSource {
  // A lone carriage return ends a line, too, but not for the parser. Offsets stay as they are.
  const text = source.replace(/^\uFEFF/, "").replace(/\r(?!\n)/g, "\n");
  const starts = lineStarts(text);
  const place = (offset: number): Place => {
    const line = lastAtMost(starts, offset);
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
  const findings: Finding[] = [];
  const report: Report = (offset, fault) => findings.push({ severity: "error", ...fault, place: place(offset) });
  const contents = composeYaml(text, report)?.contents;
  const root = contents ? locateAll(contents, text, report, (offset) => lastAtMost(starts, offset) + 1) : undefined;
  const find = (path: Path): { located?: Located; found: boolean } => {
    let located = root;
    for (const step of path) {
      const child = located?.children?.get(step) ?? located?.children?.get(`${step}`);
      if (!child) return { located, found: false };
      located = child;
    }
    return { located, found: true };
  };
  return {
    data: root?.value,
    findings,
    placeOf: (path) => place(find(path).located?.offset ?? 0),
    keyPlaceOf: (path) => {
      const { located, found } = find(path);
      return place((found ? located?.keyOffset : located?.offset) ?? 0);
    },
    writtenAt: (path) => {
      const { located, found } = find(path);
      return found && located?.span ? text.slice(...located.span) : undefined;
    },
    lineAt: ({ line = 1 }) => text.slice(starts[line - 1], starts[line]).trimEnd(),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** Index of the last number that is not above the limit, in an ascending list that begins with 0. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Turns the parser's nodes into located values. Resolves aliases and merge keys itself: the parser searches the
 * whole document for each alias and would copy what it stands for. Undefined when aliases stand for too much.
 */
function locateAll(root: Node, text: string, report: Report, lineOf: (offset: number) => number): Located | undefined {
  const anchors = new Map<string, Located | "open">();
  let aliased = 0;

  function locate(node: Node, keyOffset?: number): Located {
    const offset = node.range?.[0] ?? keyOffset ?? 0;
    const at = { offset, keyOffset: keyOffset ?? offset };
    if (isAlias(node)) return { ...resolve(node.source, offset), ...at };
    const { anchor } = node as { anchor?: string };
    if (anchor) anchors.set(anchor, "open");
    const located = isMap(node) ? mapping(node.items, at) : isSeq(node) ? list(node, at) : scalar(node, at);
    if (anchor) anchors.set(anchor, located);
    return located;
  }

  function resolve(anchor: string, offset: number): Located {
    const target = anchors.get(anchor);
    if (typeof target === "object") {
      const before = aliased;
      aliased += target.size;
      if (before <= maximumAliased && aliased > maximumAliased) {
        report(offset, {
          rule: "config/alias-expansion",
          summary: `With the alias ${shown(`*${anchor}`)} the aliases stand for more than ${maximumAliased.toLocaleString("en")} values.`,
          detail: "Anchors that hold aliases of anchors multiply: a few lines become millions of values.",
          fix: "Write out what is meant, without aliases of aliases.",
        });
      }
      return target;
    }
    const detail =
      target === "open" ? "It stands inside of what it stands for." : `No ${shown(`&${anchor}`)} comes before it.`;
    report(offset, {
      rule: "config/unknown-alias",
      summary: `The alias ${shown(`*${anchor}`)} leads nowhere.`,
      detail,
    });
    return { value: null, offset, keyOffset: offset, size: 1 };
  }

  function scalar(node: Node, { offset, keyOffset }: { offset: number; keyOffset: number }): Located {
    const end = node.range?.[1] ?? offset;
    // What is not there has no place of its own.
    const place = end === offset ? keyOffset : offset;
    return { value: isScalar(node) ? node.value : undefined, offset: place, keyOffset, span: [offset, end], size: 1 };
  }

  function list({ items, flow }: YAMLSeq, at: { offset: number; keyOffset: number }): Located {
    const children = (items as Node[]).map((item) => {
      const [start = 0, end = 0] = item.range ?? [];
      // An item that is empty has no place but its dash.
      return locate(item, start === end && !flow ? text.lastIndexOf("-", start) : start);
    });
    return {
      ...at,
      value: children.map(({ value }) => value),
      children: new Map(children.entries()),
      size: total(children),
    };
  }

  function mapping(pairs: readonly Pair[], at: { offset: number; keyOffset: number }): Located {
    const children = new Map<string, Located>();
    const merged: Located[] = [];
    for (const { key, value } of pairs as readonly Pair<Node, Node | null>[]) {
      const keyOffset = key?.range?.[0] ?? at.offset;
      const child = value ? locate(value, keyOffset) : { value: null, offset: keyOffset, keyOffset, size: 1 };
      const name = keyText(key);
      const first = name === undefined ? undefined : children.get(name);
      if (name === undefined) {
        report(keyOffset, {
          rule: "config/yaml-key",
          summary: "A key must be a plain word, not empty, a list or an alias.",
        });
      } else if (name === "<<" && (key as Scalar).type === "PLAIN") {
        if (aliased <= maximumAliased) merged.push(...mergeSources(child));
      } else if (first) {
        report(keyOffset, {
          rule: "config/duplicate-key",
          summary: `The key ${shown(name)} is there twice in one mapping.`,
          detail: `It is on line ${lineOf(first.keyOffset)} already.`,
          fix: "Keep one of the two.",
        });
      } else children.set(name, child);
    }
    // What is written goes before what is merged, and what is merged first before what is merged later.
    for (const source of merged) {
      for (const [name, child] of source.children ?? []) {
        if (typeof name === "string" && !children.has(name)) children.set(name, child);
      }
    }
    const value = Object.create(null);
    for (const [name, child] of children) value[name] = child.value;
    return { ...at, value, children, size: total(children.values()) };
  }

  function mergeSources(child: Located): Located[] {
    const isMapping = ({ value }: Located) => typeof value === "object" && value !== null && !Array.isArray(value);
    const sources = Array.isArray(child.value) ? [...(child.children?.values() ?? [])] : [child];
    const wrong = sources.find((source) => !isMapping(source));
    if (wrong) {
      report(wrong.offset, {
        rule: "config/merge-key",
        summary: "`<<` merges a mapping or a list of mappings; this is neither.",
        fix: "Write `<<: *anchor`, where the anchor is on a mapping.",
      });
    }
    return sources.filter(isMapping);
  }

  const located = locate(root);
  return aliased > maximumAliased ? undefined : located;
}

/** The text of a key; undefined for what is not a plain scalar, and for an empty one. */
function keyText(key: Node | null): string | undefined {
  if (!isScalar(key)) return undefined;
  return (typeof key.value === "string" ? key.value : key.source) || undefined;
}

function total(children: Iterable<Located>): number {
  let size = 1;
  for (const child of children) size += child.size;
  return size;
}
