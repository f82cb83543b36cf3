import type { Matcher } from "../engine/parsed-expr.ts";
import { childOf, type LogqlNode, nodesIn, operationOf, textOf } from "../loki/logql-tree.ts";
import type { LabelNames, MissingLabel } from "./label-flow.ts";

/** What a query takes of the log: the streams, and what their lines must have. */
export interface LogSelection {
  streams: Matcher[];
  /** Of labels that no stage of the pipeline has made; all of them must hold. */
  lines: Matcher[];
}

/** What a LogQL expression asks of labels. */
export interface LogqlLabels {
  selections: LogSelection[];
  /** Labels that a stage or a clause names although what it works on has none of this name. */
  missing: MissingLabel[];
}

/** Stages after which a line may have any label: what is in it. */
const parsers = new Set([
  "LabelParser",
  "JsonExpressionParser",
  "LogfmtParser",
  "LogfmtExpressionParser",
  "UnpackExpr",
]);

/**
 * Follows the labels of lines through an expression, stage by stage and clause by clause, as Loki does (pkg/logql).
 *
 * @param known labels that lines have before any stage
 */
export function logqlLabels(text: string, tree: LogqlNode, known: ReadonlySet<string>): LogqlLabels {
  const selections: LogSelection[] = [];
  const missing: MissingLabel[] = [];

  function need(names: readonly string[], clause: string, of: string, has: LabelNames): void {
    for (const label of names) if (has && !has.has(label)) missing.push({ label, clause, of, has: [...has].sort() });
  }

  function lines(node: LogqlNode, selector: LogqlNode): LabelNames {
    const selection: LogSelection = { streams: matchersIn(text, selector), lines: [] };
    selections.push(selection);
    const of = textOf(text, selector);
    let has: LabelNames = known;
    const made = new Set<string>();
    for (const stage of stagesOf(node)) {
      const written = namesIn(text, stage);
      if (parsers.has(stage.kind)) has = undefined;
      if (stage.kind === "LabelFilter") {
        // Of several, joined by `or`, none need hold.
        const [matcher, ...more] = written.length === 1 ? matchersIn(text, stage) : [];
        const isOwn = matcher && has?.has(matcher.name) && !made.has(matcher.name);
        if (isOwn && more.length === 0) selection.lines.push(matcher);
        need(
          written.filter((name) => !isAbsence(matcher, name)),
          "filter",
          of,
          has,
        );
      }
      if (stage.kind === "LabelFormatExpr") {
        const pairs = nodesIn(stage).filter(({ kind }) => kind === "LabelFormatMatcher");
        for (const [name = "", ...read] of pairs.map((one) => namesIn(text, one))) {
          need(read, "label_format", of, has);
          made.add(name);
        }
        has = has && new Set([...has, ...made]);
      }
      // What is dropped need not be there.
      if (stage.kind === "DropLabelsExpr") has = has && new Set([...has].filter((name) => !written.includes(name)));
      if (stage.kind === "KeepLabelsExpr") {
        need(written, "keep", of, has);
        has = has && new Set([...has].filter((name) => written.includes(name)));
      }
      if (stage.kind === "UnwrapExpr") need(written, "unwrap", of, has);
    }
    return has;
  }

  function flow(node: LogqlNode): LabelNames {
    const selector = node.kind === "Selector" ? node : childOf(node, "Selector");
    if (selector) return lines(node, selector);
    const operation = operationOf(node);
    if (operation) {
      const { left, modifier, right } = operation;
      const [ofLeft, ofRight] = [flow(left), flow(right)];
      const on = nodesIn(modifier).some(({ kind }) => kind === "On");
      const names = namesIn(text, childOf(modifier, "OnOrIgnoringModifier") ?? modifier);
      if (on) need(names, "on", textOf(text, left), ofLeft);
      if (on) need(names, "on", textOf(text, right), ofRight);
      return ofLeft && ofRight && new Set([...ofLeft, ...ofRight]);
    }
    const inner = node.children.map(flow);
    // What rewrites labels may give them any name.
    if (node.kind === "LabelReplaceExpr") return undefined;
    const has: LabelNames = inner.includes(undefined) ? undefined : new Set(inner.flatMap((one) => [...(one ?? [])]));
    const grouping = childOf(node, "Grouping");
    const vectorOp = childOf(node, "VectorOp");
    if (!grouping) return vectorOp && !/^(topk|bottomk|sort|sort_desc)$/.test(textOf(text, vectorOp)) ? new Set() : has;
    const names = namesIn(text, grouping);
    if (childOf(grouping, "Without")) return has && new Set([...has].filter((name) => !names.includes(name)));
    const grouped = node.children.find((one) => nodesIn(one).some(({ kind }) => kind === "Selector")) ?? node;
    need(names, "by", textOf(text, grouped), has);
    return has ? new Set(names.filter((name) => has.has(name))) : new Set(names);
  }

  flow(tree);
  return { selections, missing };
}

/** Stages of the pipeline behind a selector, in order; what is unwrapped comes last. */
const stagesOf = (node: LogqlNode): LogqlNode[] =>
  node.children.flatMap((child) => {
    if (child.kind === "PipelineExpr") return child.children.flatMap(stageIn);
    if (child.kind === "PipelineStage") return stageIn(child);
    return child.kind === "UnwrapExpr" ? [child] : [];
  });

const stageIn = ({ children }: LogqlNode): LogqlNode[] => children.filter(({ kind }) => kind !== "Pipe");

/** `{pod=""}` takes what has no such label, on purpose. */
const isAbsence = (matcher: Matcher | undefined, name: string): boolean =>
  matcher?.name === name && matcher.op === "=" && matcher.value === "";

/** Labels that are named below a node; Loki's own (`__error__`) are always there. */
const namesIn = (text: string, node: LogqlNode): string[] =>
  nodesIn(node)
    .filter(({ kind }) => kind === "Identifier" || kind === "LabelName")
    .map((one) => textOf(text, one))
    .filter((name) => !/^__error(_details)?__$/.test(name));

const matchersIn = (text: string, node: LogqlNode): Matcher[] =>
  nodesIn(node)
    .filter(({ kind }) => kind === "Matcher")
    .map(({ children: [name, op, value] }) => ({
      name: name ? textOf(text, name) : "",
      op: (op ? textOf(text, op) : "=") as Matcher["op"],
      value: value ? stringOf(textOf(text, value)) : "",
    }));

/** The value of a string literal of LogQL, which are those of Go. */
function stringOf(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1, -1);
  }
}
