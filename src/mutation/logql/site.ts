import { type LogqlNode, type LogqlOperation, nodesIn, textOf } from "../../loki/logql-tree.ts";

/** A place in a LogQL expression: the node, and those above it from the root down. */
export interface Site {
  /** The whole expression. */
  text: string;
  node: LogqlNode;
  above: readonly LogqlNode[];
}

/** One fault at a place: what is to stand there instead. */
export interface Edit {
  /** `window 5m → 10m of {service="a"}[5m]` */
  description: string;
  /** exclusive of `to` */
  at: { from: number; to: number };
  by: string;
}

/** Every place, a node before those below it. */
export function sitesOf(text: string, root: LogqlNode): Site[] {
  const visit = (node: LogqlNode, above: readonly LogqlNode[]): Site[] => [
    { text, node, above },
    ...node.children.flatMap((child) => visit(child, [...above, node])),
  ];
  return visit(root, []);
}

export const applied = (text: string, { at, by }: Edit): string => text.slice(0, at.from) + by + text.slice(at.to);

export const replaced = (node: LogqlNode, description: string, by: string): Edit => ({ description, at: node, by });

/** Nothing in place of a node, and of the blanks before it. */
export function removed(text: string, { from, to }: Edit["at"], description: string): Edit {
  return { description, at: { from: text.slice(0, from).trimEnd().length, to }, by: "" };
}

export const parentOf = ({ above }: Site): LogqlNode | undefined => above.at(-1);

/** An operation in brackets: whatever else it is moved next to does not bind to a part of it. */
export const bracketed = (text: string, node: LogqlNode): string =>
  node.kind === "BinOpExpr" ? `(${textOf(text, node)})` : textOf(text, node);

/** What is to stand at a place, in brackets where its operator could bind to its neighbours. */
export const fits = (site: Site, by: string): string => (parentOf(site)?.kind === "BinOpExpr" ? `(${by})` : by);

const longest = 70;

/** In one line, the middle of a long text left out. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest / 2)} … ${line.slice(-longest / 2)}`;
}

/** Which lines an expression is about, so that a description says which of several places it means. */
function subjectOf(text: string, node: LogqlNode): string | undefined {
  const [first] = nodesIn(node).filter(({ kind }) => kind === "LogRangeExpr");
  return first && shortened(textOf(text, first));
}

/** Appends what an expression is about: `sum → avg of {service="a"}[5m]`. */
export function about(what: string, preposition: string, text: string, node: LogqlNode): string {
  const subject = subjectOf(text, node);
  return subject === undefined ? what : `${what} ${preposition} ${subject}`;
}

const longOperand = 30;

/** Of a long operand only what it is about. */
export function operandOutline(text: string, operand: LogqlNode): string {
  const whole = textOf(text, operand);
  return whole.length <= longOperand ? whole : (subjectOf(text, operand) ?? "…");
}

/** Which operation is meant: `a / b`. */
export const outline = (text: string, { left, operator, right }: LogqlOperation): string =>
  [operandOutline(text, left), textOf(text, operator), operandOutline(text, right)].join(" ");
