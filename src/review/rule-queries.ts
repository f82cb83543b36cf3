import { isMap, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { ExprNode, ParsedExpr } from "../engine/parsed-expr.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { Place } from "../model/finding.ts";

/** The expression of one rule. */
export interface RuleQuery {
  kind: "record" | "alert";
  /** Name of the series or of the alert. */
  name: string;
  expr: string;
  parsed: ParsedExpr;
  /** Labels that the rule adds. */
  labels: readonly string[];
  /** Where the rule's expression begins. */
  place: Place;
}

/** Every rule of rule files that Prometheus accepts, in order. */
export function ruleQueries(files: readonly RuleFile[], engine: Pick<Engine, "parse">): RuleQuery[] {
  return files.flatMap(({ name: file, yaml }) => {
    const lines = new LineCounter();
    const document = parseDocument(yaml, { lineCounter: lines });
    return itemsOf(document.get("groups")).flatMap((group) =>
      itemsOf(group.get("rules")).map((rule): RuleQuery => {
        const kind = rule.has("record") ? "record" : "alert";
        const expr = String(rule.get("expr"));
        const labels = rule.get("labels");
        const offset = rule.get("expr", true)?.range?.[0] ?? rule.range?.[0] ?? 0;
        return {
          kind,
          name: String(rule.get(kind)),
          expr,
          parsed: engine.parse(expr),
          labels: isMap(labels) ? labels.items.map(({ key }) => String(key)) : [],
          place: { file, line: lines.linePos(offset).line },
        };
      }),
    );
  });
}

const itemsOf = (list: unknown): YAMLMap[] => (isSeq(list) ? list.items.filter(isMap) : []);

/**
 * What an alert's expression compares: the signals without the comparisons, and without what `unless` takes away.
 * They must have values when all is well, or the alert could never fire.
 */
export function comparedSignals(node: ExprNode | undefined): string[] {
  if (node?.kind !== "operation") return node?.type === "vector" ? [node.text] : [];
  const [left, right] = node.args ?? [];
  if (node.filters) return [left, right].filter((side) => side?.type === "vector").map((side) => side?.text ?? "");
  if (node.op === "unless") return comparedSignals(left);
  return node.op === "and" || node.op === "or" ? [left, right].flatMap(comparedSignals) : [node.text];
}
