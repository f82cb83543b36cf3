import { type LogqlNode, nodesIn, operationOf, parseLogql, textOf } from "../../loki/logql-tree.ts";
import { labelFilterEdits, lineFilterEdits, matcherEdits, stageEdits } from "./filters.ts";
import { filterLimitEdits, guardEdits, numberEdits, quantileEdits, thresholdEdits } from "./numbers.ts";
import {
  arithmeticEdits,
  boolEdits,
  clauseEdits,
  directionEdits,
  matchingEdits,
  setOperatorEdits,
  strictnessEdits,
  swapEdits,
} from "./operations.ts";
import { applied, type Edit, type Site, sitesOf } from "./site.ts";
import { aggregationEdits, functionEdits, groupingEdits, offsetEdits, unwrapEdits, windowEdits } from "./vectors.ts";

/** A LogQL expression with one small fault in it, of a kind that people make. */
export interface LogqlFault {
  /** As the same kind of fault is called in PromQL, where there is one. */
  operator: string;
  description: string;
  expr: string;
}

/** The kinds of faults, in the order in which they are reported. Each gives those that it finds at one place. */
const kinds: readonly (readonly [operator: string, editsOf: (site: Site) => Edit[]])[] = [
  ["threshold", thresholdEdits],
  ["guard value", guardEdits],
  ["quantile", quantileEdits],
  ["number", numberEdits],
  ["comparison strictness", strictnessEdits],
  ["comparison direction", directionEdits],
  ["bool", boolEdits],
  ["arithmetic", arithmeticEdits],
  ["operands swapped", swapEdits],
  ["set operator", setOperatorEdits],
  ["clause dropped", clauseEdits],
  ["vector matching", matchingEdits],
  ["aggregation", aggregationEdits],
  ["aggregation label", groupingEdits],
  ["function", functionEdits],
  ["window", windowEdits],
  ["offset", offsetEdits],
  ["matcher", matcherEdits],
  ["line filter", lineFilterEdits],
  ["label filter", labelFilterEdits],
  ["label filter", filterLimitEdits],
  ["pipeline stage", stageEdits],
  ["unwrap", unwrapEdits],
];

/**
 * Every small fault of an expression, on its parsed form: no two give the same expression, none gives the one that it
 * was, and the grammar understands all. Loki may still refuse some. Undefined where the grammar does not understand
 * the expression itself.
 */
export function logqlFaults(expr: string): LogqlFault[] | undefined {
  const root = parseLogql(expr);
  if (!root) return undefined;
  const idle = idleZeros(expr, root);
  const sites = sitesOf(expr, root).filter(({ node }) => node !== idle && !idle?.children.slice(1).some(within(node)));
  const known = new Set([bare(expr)]);
  return kinds.flatMap(([operator, editsOf]) =>
    sites.flatMap((site) =>
      editsOf(site).flatMap((edit) => {
        const changed = applied(expr, edit);
        if (known.has(bare(changed)) || !parseLogql(changed)) return [];
        known.add(bare(changed));
        return { operator, description: edit.description, expr: changed };
      }),
    ),
  );
}

const within =
  ({ from, to }: LogqlNode) =>
  (whole: LogqlNode): boolean =>
    whole.from <= from && to <= whole.to && whole.from < whole.to;

/**
 * What stands for nothing but a zero: `0 * b` in `(a or 0 * b) > 5`, which a graph needs and the comparison never lets
 * through. A fault in it, but for one of its 0, makes no difference to the alert: trying it would only cost time.
 */
function idleZeros(expr: string, root: LogqlNode): LogqlNode | undefined {
  const compared = operationOf(root);
  const either = compared && operationOf(withoutBrackets(compared.left));
  const product = either && withoutBrackets(either.right);
  const zeros = product && operationOf(product);
  if (!compared || !zeros || compared.modifier.to > compared.modifier.from) return undefined;
  const limit = compared.right.kind === "LiteralExpr" ? Number(textOf(expr, compared.right)) : Number.NaN;
  const isAbove = (compared.operator.kind === "Gtr" && limit >= 0) || (compared.operator.kind === "Gte" && limit > 0);
  const isZero = zeros.left.kind === "LiteralExpr" && Number(textOf(expr, zeros.left)) === 0;
  const isPlain = nodesIn(zeros.right).every(({ kind }) => kind !== "BinOpExpr");
  const isIdle = isAbove && isZero && isPlain && either.operator.kind === "Or" && zeros.operator.kind === "Mul";
  return isIdle ? product : undefined;
}

function withoutBrackets(node: LogqlNode): LogqlNode {
  const [inner] = node.children;
  return node.kind === "Paren" && inner ? withoutBrackets(inner) : node;
}

const bare = (expr: string): string => expr.replaceAll(/\s/g, "");
