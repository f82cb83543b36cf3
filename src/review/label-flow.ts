import type { ExprNode, ParsedExpr, Selector } from "../engine/parsed-expr.ts";

/** Names of the labels that a series may have; undefined where nobody can know. */
export type LabelNames = ReadonlySet<string> | undefined;

/** A label that a clause names although what it works on has none of this name. */
export interface MissingLabel {
  label: string;
  /** `by`, `on`, `group_left`, `label_replace`, `histogram_quantile` */
  clause: string;
  /** What it works on. */
  of: string;
  has: readonly string[];
}

/** What comes out of an expression, and which labels it asks for in vain. */
export interface LabelFlow {
  labels: LabelNames;
  missing: MissingLabel[];
}

/**
 * Follows the labels of series through an expression, step by step as Prometheus' engine computes them
 * (promql/engine.go: aggregation, VectorBinop, resultMetric). `without` and `ignoring` may name any label.
 *
 * @param labelsOf labels of the series that a selector gives
 */
export function labelFlow(
  { tree, selectors = [] }: ParsedExpr,
  labelsOf: (selector: Selector) => LabelNames,
): LabelFlow {
  const missing: MissingLabel[] = [];

  /** Notes which of the labels a clause names are not there. */
  function need(labels: readonly string[], clause: string, of: ExprNode, has: LabelNames): void {
    for (const label of labels) {
      if (has && !has.has(label)) missing.push({ label, clause, of: of.text, has: [...has].sort() });
    }
  }

  function flow(node: ExprNode): LabelNames {
    const { kind, args = [] } = node;
    if (kind === "selector") return labelsOf(selectors[node.selector ?? 0] ?? { matchers: [] });
    if (kind === "aggregation") return aggregation(node, args);
    if (kind === "call") return call(node, args);
    return kind === "operation" ? operation(node, args) : new Set();
  }

  function aggregation({ op = "", mode, labels = [] }: ExprNode, [inner, parameter]: ExprNode[]): LabelNames {
    if (!inner) return new Set();
    const has = flow(inner);
    if (parameter) flow(parameter);
    if (mode === "by") need(labels, "by", inner, has);
    // These pick series and leave them as they are.
    if (/^(topk|bottomk|limitk|limit_ratio)$/.test(op)) return has;
    const kept = mode === "by" ? both(new Set(labels), has) : without(has, labels);
    return op === "count_values" ? plus(kept, [parameter?.value ?? ""]) : kept;
  }

  function call({ op = "" }: ExprNode, args: ExprNode[]): LabelNames {
    const inner = args.find(({ type }) => type === "vector" || type === "matrix");
    if (!inner) return new Set();
    const has = flow(inner);
    const texts = args.filter(({ kind }) => kind === "text").map(({ value = "" }) => value);
    if (op === "label_replace") {
      need([texts[2] ?? ""].filter(Boolean), op, inner, has);
      return plus(has, texts.slice(0, 1));
    }
    if (op === "label_join") {
      need(texts.slice(2), op, inner, has);
      return plus(has, texts.slice(0, 1));
    }
    if (op === "absent" || op === "absent_over_time") {
      const { matchers = [] } = selectors[inner.selector ?? -1] ?? {};
      return new Set(matchers.filter((one) => one.op === "=").map(({ name }) => name));
    }
    if (op.startsWith("histogram_quantile") || op === "histogram_fraction") {
      need(["le"], op, inner, has);
      return op === "histogram_quantiles" ? plus(without(has, ["le"]), texts) : without(has, ["le"]);
    }
    return has;
  }

  function operation(node: ExprNode, [left, right]: ExprNode[]): LabelNames {
    if (!left || !right) return new Set();
    const { op, mode, labels = [], side, include = [] } = node;
    const [ofLeft, ofRight] = [flow(left), flow(right)];
    if (left.type !== "vector" || right.type !== "vector") return left.type === "vector" ? ofLeft : ofRight;
    if (mode === "on") {
      need(labels, "on", left, ofLeft);
      need(labels, "on", right, ofRight);
    }
    if (op === "or") return ofLeft && ofRight && plus(ofLeft, [...ofRight]);
    if (op === "and" || op === "unless") return ofLeft;
    if (side) {
      const [many, one, ofOne] = side === "left" ? [ofLeft, right, ofRight] : [ofRight, left, ofLeft];
      need(include, `group_${side}`, one, ofOne);
      return plus(many, include);
    }
    return mode === "on" ? both(new Set(labels), ofLeft) : without(ofLeft, labels);
  }

  return { labels: tree && flow(tree), missing };
}

const both = (some: ReadonlySet<string>, all: LabelNames): LabelNames =>
  all ? new Set([...some].filter((one) => all.has(one))) : some;
const without = (all: LabelNames, names: readonly string[]): LabelNames =>
  all && new Set([...all].filter((one) => !names.includes(one)));
const plus = (all: LabelNames, names: readonly string[]): LabelNames => all && new Set([...all, ...names]);
