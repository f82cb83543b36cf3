import { parser } from "@grafana/lezer-logql";
import type { SyntaxNode } from "@lezer/common";

/**
 * A place in a LogQL expression: what it is, in the words of Grafana's grammar (`RangeAggregationExpr`, `Matcher`, …),
 * where it stands in the text, and what is below it. A list (`Labels`, `Matchers`, `PipelineExpr`, `LineFilters`) has its
 * members as children; a pair of brackets is a `Paren`; a `BinOpExpr` has four children: operand, operator,
 * modifier (`bool`, `on (…)`, …; mostly empty), operand.
 */
export interface LogqlNode {
  kind: string;
  from: number;
  /** exclusive */
  to: number;
  children: readonly LogqlNode[];
}

/** The whole of an expression as a tree; undefined where the grammar does not understand it. */
export function parseLogql(text: string): LogqlNode | undefined {
  const top = parser.parse(text).topNode;
  const [only, ...more] = childrenOf(top);
  if (!only || more.length > 0 || hasError(top)) return undefined;
  return convert(only);
}

/** A node and everything below it, a node before what is below it. */
export const nodesIn = (node: LogqlNode): LogqlNode[] => [node, ...node.children.flatMap(nodesIn)];

export const childOf = (node: LogqlNode, ...kinds: string[]): LogqlNode | undefined =>
  node.children.find(({ kind }) => kinds.includes(kind));

export const textOf = (text: string, { from, to }: Pick<LogqlNode, "from" | "to">): string => text.slice(from, to);

/** What an operation consists of. */
export interface LogqlOperation {
  left: LogqlNode;
  operator: LogqlNode;
  modifier: LogqlNode;
  right: LogqlNode;
}

/** Undefined where a node is no operation between two operands. */
export function operationOf({ kind, children }: LogqlNode): LogqlOperation | undefined {
  const [left, operator, modifier, right] = children;
  if (kind !== "BinOpExpr" || !left || !operator || !modifier || !right) return undefined;
  return { left, operator, modifier, right };
}

/** Comments are left out. */
function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== "LineComment") found.push(child);
  }
  return found;
}

function hasError(node: SyntaxNode): boolean {
  return node.type.isError || childrenOf(node).some(hasError);
}

/** They only say what stands there, and have it as their only child. */
const wrappers = new Set(["Expr", "MetricExpr", "LogExpr"]);
/** The grammar writes `a, b, c` as a list of a list and an element. */
const lists = new Set(["Labels", "GroupingLabelList", "Matchers", "PipelineExpr", "LineFilters", "UnwrapExpr"]);

function convert(node: SyntaxNode): LogqlNode {
  const { name: kind, from, to } = node;
  const children = childrenOf(node);
  const [only] = children;
  if (wrappers.has(kind) && only && children.length === 1) {
    const inner = convert(only);
    return only.from === from ? inner : { kind: "Paren", from, to, children: [inner] };
  }
  if (kind === "BinOpExpr") return chain(node);
  const members = children.flatMap((child) => {
    const converted = convert(child);
    return lists.has(kind) && child.name === kind ? converted.children : [converted];
  });
  return { kind, from, to, children: members };
}

/** How strongly Loki's operators bind (its expr.y), the weakest first. */
const binding = [
  ["Or"],
  ["And", "Unless"],
  ["Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"],
  ["Add", "Sub"],
  ["Mul", "Div", "Mod"],
  ["Pow"],
];
const strengthOf = (operator: LogqlNode): number => binding.findIndex((kinds) => kinds.includes(operator.kind));

type Link = Pick<LogqlOperation, "operator" | "modifier">;

/**
 * A row of operands with an operator between each two. The grammar reads their order right, but not which of them bind
 * more strongly: to it `a or 0 * b` is `(a or 0) * b`. So they are put together anew, as Loki does it.
 */
function chain(node: SyntaxNode): LogqlNode {
  const { operands, links } = flat(node);
  let at = 0;
  function climb(weakest: number): LogqlNode {
    let left = operands[at] as LogqlNode;
    for (let link = links[at]; link && strengthOf(link.operator) >= weakest; link = links[at]) {
      at += 1;
      const strength = strengthOf(link.operator);
      const right = climb(link.operator.kind === "Pow" ? strength : strength + 1);
      const children = [left, link.operator, link.modifier, right];
      left = { kind: "BinOpExpr", from: left.from, to: right.to, children };
    }
    return left;
  }
  return climb(0);
}

function flat(node: SyntaxNode): { operands: LogqlNode[]; links: Link[] } {
  const parts = childrenOf(node);
  const [left, operator] = parts;
  const [modifier, right] = parts.slice(-2);
  if (!left || !operator || !modifier || !right) return { operands: [], links: [] };
  const sides = [left, right].map((side) => {
    const inner = unwrapped(side);
    return inner.name === "BinOpExpr" ? flat(inner) : { operands: [convert(side)], links: [] };
  });
  const [before, after] = sides.map(({ links }) => links);
  return {
    operands: sides.flatMap(({ operands }) => operands),
    links: [...(before ?? []), { operator: convert(operator), modifier: convert(modifier) }, ...(after ?? [])],
  };
}

/** What a wrapper stands for, unless that is in brackets. */
function unwrapped(node: SyntaxNode): SyntaxNode {
  const [only, ...more] = childrenOf(node);
  if (!wrappers.has(node.name) || !only || more.length > 0 || only.from !== node.from) return node;
  return unwrapped(only);
}
