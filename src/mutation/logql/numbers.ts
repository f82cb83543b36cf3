import { childOf, type LogqlNode, operationOf, textOf } from "../../loki/logql-tree.ts";
import { type Edit, replaced, type Site } from "./site.ts";

// Faults of numbers in LogQL. What a number is for decides which it can have.

type Role = "threshold" | "guard value" | "quantile" | "number";

const comparisons = new Set(["Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"]);

/** Too high or too low by a little and by much, and a minus forgotten. */
export const thresholdEdits = (site: Site): Edit[] => limitEdits("threshold", "threshold", site);
export const guardEdits = (site: Site): Edit[] => limitEdits("guard value", "guard", site);

function limitEdits(role: Role, name: string, site: Site): Edit[] {
  if (roleOf(site) !== role) return [];
  const value = numberAt(site);
  const isEquality = ["Eql", "Neq"].includes(comparisonAbove(site)?.kind ?? "");
  if (value === 0 || isEquality) return numbersInstead(name, site, [value - 1, value + 1]);
  return numbersInstead(name, site, [0.5 * value, 0.9 * value, 1.1 * value, 2 * value, ...(value < 0 ? [-value] : [])]);
}

export const quantileEdits = (site: Site): Edit[] =>
  roleOf(site) === "quantile" ? numbersInstead("quantile", site, [0.5, 0.9, 0.95, 0.99]) : [];

/** Factors and arguments; 100 → 1 is a conversion that was forgotten. */
export function numberEdits(site: Site): Edit[] {
  if (roleOf(site) !== "number") return [];
  const value = numberAt(site);
  return numbersInstead("number", site, value === 0 ? [1] : [0.5 * value, 2 * value, ...(value >= 10 ? [1] : [])]);
}

const numberAt = ({ text, node }: Site): number => Number(textOf(text, node).replaceAll(/\s/g, ""));

function numbersInstead(name: string, { text, node }: Site, values: readonly number[]): Edit[] {
  return values.map((exact) => {
    // So that 1.1 × 0.1 is not 0.11000000000000001.
    const value = `${Number(exact.toPrecision(6))}`;
    return replaced(node, `${name} ${textOf(text, node)} → ${value}`, value);
  });
}

/** Undefined: no number, or one whose faults another has already, as the second of `24 * 3600`. */
function roleOf({ text, node: number, above }: Site): Role | undefined {
  const direct = above.at(-1);
  if (number.kind === "Number") {
    if (direct?.kind === "RangeAggregationExpr") return "quantile";
    return direct?.kind === "VectorAggregationExpr" || direct?.kind === "VectorExpr" ? "number" : undefined;
  }
  if (number.kind !== "LiteralExpr") return undefined;
  let node = number;
  for (let at = above.length - 1; at >= 0; at -= 1) {
    const parent = above[at] as LogqlNode;
    const operation = operationOf(parent);
    if (operation && !isScalar(parent)) return roleInVector(text, parent, above.slice(0, at));
    if (operation ? operation.left !== node : parent.kind !== "Paren") return undefined;
    node = parent;
  }
  return undefined;
}

const isScalar = (node: LogqlNode): boolean =>
  node.kind === "LiteralExpr" ||
  (node.kind === "Paren" && node.children.every(isScalar)) ||
  (node.kind === "BinOpExpr" && [node.children[0], node.children[3]].every((side) => side && isScalar(side)));

/** What a number is to a vector with which an operator combines it. */
function roleInVector(text: string, operation: LogqlNode, above: readonly LogqlNode[]): Role {
  if (!comparisons.has(operation.children[1]?.kind ?? "")) return "number";
  let node = operation;
  for (const parent of above.toReversed()) {
    const set = operationOf(parent);
    if (set && ["and", "unless"].includes(textOf(text, set.operator)) && set.right === node) return "guard value";
    node = parent;
  }
  return "threshold";
}

/** The comparison that a number takes part in. */
function comparisonAbove({ above }: Site): LogqlNode | undefined {
  const found = above.map((node) => operationOf(node)?.operator).filter((operator) => operator !== undefined);
  return found.findLast(({ kind }) => comparisons.has(kind));
}

/** `| duration > 5s`: the limit of a filter, or which side of it passes. */
export function filterLimitEdits({ text, node }: Site): Edit[] {
  if (!["DurationFilter", "BytesFilter", "NumberFilter"].includes(node.kind)) return [];
  const limit = childOf(node, "Duration", "Bytes", "LiteralExpr");
  const [, amount, unit = ""] = /^(-?[\d.]+)(.*)$/s.exec(limit ? textOf(text, limit) : "") ?? [];
  if (!limit || amount === undefined || /\d/.test(unit)) return [];
  return [0.5, 2].map((factor) => {
    const changed = `${Number((factor * Number(amount)).toPrecision(6))}${unit}`;
    return replaced(limit, `limit ${textOf(text, limit)} → ${changed} in ${textOf(text, node)}`, changed);
  });
}
