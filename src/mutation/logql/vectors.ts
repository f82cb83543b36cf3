import { childOf, type LogqlNode, operationOf, textOf } from "../../loki/logql-tree.ts";
import { formatDuration, parseQuantity, seconds } from "../../model/quantity.ts";
import { about, type Edit, fits, parentOf, removed, replaced, type Site } from "./site.ts";

// Faults of aggregations, functions, windows and offsets in LogQL.

/** What each aggregation is mistaken for. */
const otherAggregations: Readonly<Record<string, readonly string[]>> = {
  sum: ["avg", "max", "count"],
  avg: ["sum", "min", "max"],
  min: ["max", "avg"],
  max: ["min", "avg", "sum"],
  count: ["sum"],
  stddev: ["stdvar"],
  topk: ["bottomk"],
  bottomk: ["topk"],
};

/** They give what they take, in another order or fewer of it. */
const keepsSeries = new Set(["topk", "bottomk", "sort", "sort_desc"]);

export function aggregationEdits(site: Site): Edit[] {
  const { text, node } = site;
  const operator = childOf(node, "VectorOp");
  if (node.kind !== "VectorAggregationExpr" || !operator) return [];
  const name = textOf(text, operator);
  const mistaken = otherAggregations[name] ?? [];
  const others = onlyPresenceCounts(site)
    ? []
    : mistaken.map((other) => replaced(operator, about(`${name} → ${other}`, "of", text, node), other));
  const inner = node.children.find(({ kind }) => !["VectorOp", "Grouping", "Number"].includes(kind));
  if (!inner || mistaken.length === 0 || keepsSeries.has(name)) return others;
  return [...others, replaced(node, about(`${name} dropped`, "of", text, node), fits(site, textOf(text, inner)))];
}

/** To the right of `and` and `unless` it is only asked what is there, not which value it has. */
function onlyPresenceCounts({ text, node, above }: Site): boolean {
  const operation = operationOf(above.findLast(({ kind }) => kind === "BinOpExpr") ?? node);
  if (!operation || !["and", "unless"].includes(textOf(text, operation.operator))) return false;
  const isRight = operation.right.from <= node.from && node.to <= operation.right.to;
  return isRight && !above.some((one) => one.from >= operation.right.from && childOf(one, "Number"));
}

const oppositeGrouping: Readonly<Record<string, string>> = { by: "without", without: "by" };

/** A label too few, and `by` mistaken for `without`. */
export function groupingEdits(site: Site): Edit[] {
  const { text, node } = site;
  const parent = parentOf(site);
  const [word, labels] = node.children;
  if (node.kind !== "Grouping" || !parent || !word || !labels) return [];
  const written = textOf(text, word);
  const operator = childOf(parent, "VectorOp", "RangeOp");
  const of = (what: string, preposition: string) =>
    about(`${what} ${preposition} ${operator ? textOf(text, operator) : ""}`, "of", text, parent);
  const other = oppositeGrouping[written] ?? "";
  return [
    ...labels.children.map((label) => {
      const rest = labels.children.filter((one) => one !== label).map((one) => textOf(text, one));
      return replaced(labels, of(`${written}-label ${textOf(text, label)} dropped`, "from"), rest.join(", "));
    }),
    replaced(word, of(`${written} → ${other}`, "in"), other),
  ];
}

/** What each function over a window is mistaken for; Loki refuses those that do not suit what they are given. */
const otherFunctions: Readonly<Record<string, readonly string[]>> = {
  rate: ["count_over_time", "bytes_rate"],
  count_over_time: ["rate", "bytes_over_time"],
  bytes_rate: ["bytes_over_time", "rate"],
  bytes_over_time: ["bytes_rate", "count_over_time"],
  rate_counter: ["rate"],
  absent_over_time: ["count_over_time"],
  avg_over_time: ["max_over_time", "min_over_time"],
  max_over_time: ["avg_over_time", "min_over_time"],
  min_over_time: ["avg_over_time", "max_over_time"],
  sum_over_time: ["avg_over_time", "max_over_time"],
  first_over_time: ["last_over_time"],
  last_over_time: ["max_over_time", "min_over_time"],
  stddev_over_time: ["stdvar_over_time"],
};

export function functionEdits(site: Site): Edit[] {
  const { text, node } = site;
  const parent = parentOf(site);
  if (node.kind !== "RangeOp" || !parent || onlyPresenceCounts(site)) return [];
  const name = textOf(text, node);
  return (otherFunctions[name] ?? []).map((other) =>
    replaced(node, about(`${name} → ${other}`, "of", text, parent), other),
  );
}

/** Half and double; whole seconds where there are any. */
export function windowEdits(site: Site): Edit[] {
  const { text, node } = site;
  const range = parentOf(site);
  const lines = site.above.at(-2);
  if (node.kind !== "Duration" || range?.kind !== "Range" || !lines) return [];
  const window = parseQuantity("seconds", textOf(text, node));
  if (!window) return [];
  return [0.5, 2].map((factor) => {
    const scaled = factor * window.value;
    const other = formatDuration(seconds(scaled >= 1 ? Math.floor(scaled) : scaled));
    return replaced(node, about(`window ${textOf(text, node)} → ${other}`, "of", text, lines), other);
  });
}

export function offsetEdits(site: Site): Edit[] {
  const { text, node } = site;
  const lines = parentOf(site);
  if (node.kind !== "OffsetExpr" || !lines) return [];
  return [removed(text, node, about(`${textOf(text, node)} removed`, "from", text, lines))];
}

/** The conversion of what is unwrapped forgotten: `unwrap duration(x)` as `unwrap x`. */
export function unwrapEdits({ text, node }: Site): Edit[] {
  const conversion = childOf(node, "ConvOp");
  const label = node.children.find(({ kind, from }) => kind === "Identifier" && from > (conversion?.to ?? Infinity));
  if (node.kind !== "UnwrapExpr" || !conversion || !label) return [];
  const at: Pick<LogqlNode, "from" | "to"> = { from: conversion.from, to: text.indexOf(")", label.to) + 1 };
  return [{ description: `${textOf(text, conversion)} dropped in ${textOf(text, node)}`, at, by: textOf(text, label) }];
}
