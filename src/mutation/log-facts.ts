import type { RuleFile } from "../engine/rules.ts";
import { writtenLogRules } from "../loki/log-rules.ts";
import { childOf, nodesIn, parseLogql, textOf } from "../loki/logql-tree.ts";
import { severities } from "../model/conventions.ts";
import { parseQuantity, seconds } from "../model/quantity.ts";
import type { Timeline } from "../worlds/exposition.ts";
import { lets, type RuleFacts } from "./rule-readers.ts";

/** What is known of LogQL rules without asking Loki; see `ruleFacts`. */
export const logRuleFacts = (files: readonly RuleFile[]): RuleFacts[] =>
  files
    .flatMap(({ name: file, yaml }) => writtenLogRules(yaml).map((rule) => ({ ...rule, file })))
    .map(({ file, alert, severity, expr }): RuleFacts => {
      const matchers = streamMatchers(expr);
      return {
        file,
        name: alert,
        isAlert: true,
        severity: severities.find((one) => one === severity),
        selects: (service) => matchers.every((one) => lets(one, service)),
        alerts: new Set([alert]),
      };
    });

/** Every matcher of every stream selector of an expression. */
function streamMatchers(expr: string): Parameters<typeof lets>[0][] {
  const root = parseLogql(expr);
  const lists = root ? nodesIn(root).filter(({ kind }) => kind === "Matchers") : [];
  return lists.flatMap(({ children }) =>
    children.flatMap((matcher) => {
      const [name = "", op = "", value = ""] = matcher.children.map((part) => textOf(expr, part));
      return { name, op: op as Parameters<typeof lets>[0]["op"], value: value.slice(1, -1) };
    }),
  );
}

/**
 * Between which times expressions read lines when they are looked at during a span of time: one part for each window
 * and its offset, with as much before it as a window that is doubled reads. In order, none touching another.
 */
export function readSpans(expressions: readonly string[], { startMs, endMs }: Timeline): Timeline[] {
  const spans = expressions.flatMap((expr) => {
    const root = parseLogql(expr);
    const lines = root ? nodesIn(root).filter(({ kind }) => kind === "LogRangeExpr") : [];
    return lines.flatMap((node) => {
      const msOf = (kind: string): number => {
        const duration = childOf(childOf(node, kind) ?? node, "Duration");
        return 1000 * (parseQuantity("seconds", duration ? textOf(expr, duration) : "") ?? seconds(0)).value;
      };
      const [windowMs, offsetMs] = [msOf("Range"), msOf("OffsetExpr")];
      // Without its offset, it reads what is there now.
      return [offsetMs, 0].map((ms) => ({ startMs: startMs - ms - 2 * windowMs, endMs: endMs - ms }));
    });
  });
  const merged: Timeline[] = [];
  for (const span of spans.sort((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1);
    if (last && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
    else merged.push({ ...span });
  }
  return merged;
}
