import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLSeq } from "yaml";
import type { Report } from "./fault.ts";
import { type At, type Located, locatedList, locatedMapping, locatedScalar } from "./located.ts";
import { shown } from "./seen.ts";
import { composeYaml } from "./yaml-syntax.ts";

/** Values that all aliases together may stand for. A thousand services that share their settings are far below. */
const maximumAliased = 100_000;

/** Reads any YAML text of one document. Undefined where nothing in it can be trusted; what was reported says why. */
export function readWholeYaml(text: string, report: Report, lineOf: (offset: number) => number): Located | undefined {
  const contents = composeYaml(text, report)?.contents;
  return contents ? locateAll(contents, text, report, lineOf) : undefined;
}

/**
 * Turns the parser's nodes into located values. Resolves aliases and merge keys itself: the parser searches the
 * whole document for each alias and would copy what it stands for. Undefined when aliases stand for too much.
 */
function locateAll(root: Node, text: string, report: Report, lineOf: (offset: number) => number): Located | undefined {
  const anchors = new Map<string, Located | "open">();
  let aliased = 0;
  /** Where aliases stand that lead nowhere: that is told of them, and nothing else. */
  const dead = new Set<number>();

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
    dead.add(offset);
    report(offset, {
      rule: "config/unknown-alias",
      summary: `The alias ${shown(`*${anchor}`)} leads nowhere.`,
      detail,
      fix: "Write out what is meant, or put the anchor in front of what it stands for, further up.",
    });
    return { value: null, offset, keyOffset: offset, size: 1 };
  }

  function scalar(node: Node, { offset, keyOffset }: At): Located {
    const end = node.range?.[1] ?? offset;
    // What is not there has no place of its own.
    const place = end === offset ? keyOffset : offset;
    return locatedScalar(isScalar(node) ? node.value : undefined, { offset: place, keyOffset }, [offset, end]);
  }

  function list({ items, flow }: YAMLSeq, at: At): Located {
    const children = (items as Node[]).map((item) => {
      const [start = 0, end = 0] = item.range ?? [];
      // An item that is empty has no place but its dash.
      return locate(item, start === end && !flow ? text.lastIndexOf("-", start) : start);
    });
    return locatedList(children, at);
  }

  function mapping(pairs: readonly Pair[], at: At): Located {
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
          fix: "Write the word, or put what stands here in quotes.",
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
    return locatedMapping(children, at);
  }

  function mergeSources(child: Located): Located[] {
    const isMapping = ({ value }: Located) => typeof value === "object" && value !== null && !Array.isArray(value);
    const sources = Array.isArray(child.value) ? [...(child.children?.values() ?? [])] : [child];
    const wrong = sources.find((source) => !isMapping(source) && !dead.has(source.offset));
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
