import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from "yaml";
import type { RuleFile } from "../engine/rules.ts";
import { operationOf, parseLogql, textOf } from "./logql-tree.ts";

/** What Loki is asked in place of a rule's expression, and the name of the series that its answer becomes. */
export interface LogQuestion {
  /** The alert whose rule it is. */
  alert: string;
  series: string;
  logql: string;
  /** Where the expression stands; lines from 1. */
  file: string;
  line: number;
}

/** LogQL rules for an engine that knows PromQL only: the same rules, in the same lines, on what Loki answers. */
export interface LogRules {
  ruleFiles: RuleFile[];
  questions: LogQuestion[];
}

/** Names of the series that an alert's rules read, as a regular expression. */
export const logSeriesPattern = (alert: string): string => `logql:${alert}:.+`;

/** A LogQL rule as a file has it. */
export interface WrittenLogRule {
  alert: string;
  expr: string;
  severity: string | undefined;
  /** Of the expression, from 1. */
  line: number;
  /** Where the expression stands in the text of the file. */
  range: readonly [from: number, to: number];
}

/** The rules of a file that have an expression, in order; none where it is no YAML. */
export function writtenLogRules(yaml: string): WrittenLogRule[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter });
  if (document.errors.length > 0) return [];
  return itemsOf(document.get("groups")).flatMap((group) =>
    itemsOf(isMap(group) && group.get("rules")).flatMap((rule) => {
      const expr = isMap(rule) ? rule.get("expr", true) : undefined;
      if (!isMap(rule) || !isScalar(expr) || !expr.range) return [];
      const [from, to] = expr.range;
      const severity = rule.getIn(["labels", "severity"]);
      return {
        alert: String(rule.get("alert") ?? ""),
        expr: String((expr as Scalar).value),
        severity: severity === undefined ? undefined : String(severity),
        line: lineCounter.linePos(from).line,
        range: [from, to] as const,
      };
    }),
  );
}

const itemsOf = (node: unknown): unknown[] => (isSeq(node) ? node.items : []);

/**
 * Splits every LogQL rule into what only Loki can answer and what the engine does with the answer: the comparison
 * with the threshold, `for`, labels, annotations. Rules that compare the same thing share a question.
 */
export function logRules(files: readonly RuleFile[]): LogRules {
  const questions = new Map<string, LogQuestion>();
  const ruleFiles = files.map(({ name: file, yaml }): RuleFile => {
    let rewritten = "";
    let done = 0;
    for (const { alert, expr, line, range } of writtenLogRules(yaml)) {
      const { signal, compare } = splitComparison(expr);
      const key = JSON.stringify([alert, signal]);
      const question = questions.get(key) ?? {
        alert,
        series: `logql:${alert}:${questions.size}`,
        logql: signal,
        file,
        line,
      };
      questions.set(key, question);
      const [from, to] = range;
      rewritten += yaml.slice(done, from) + inPlaceOf(yaml.slice(from, to), `${question.series}${compare}`);
      done = to;
    }
    return { name: file, yaml: rewritten + yaml.slice(done) };
  });
  return { ruleFiles, questions: [...questions.values()] };
}

/** A text as YAML has it, on as many lines as what it stands for: so that what comes after keeps its line. */
const inPlaceOf = (written: string, text: string): string =>
  JSON.stringify(text) + "\n".repeat(written.split("\n").length - 1);

const comparisons = new Set(["Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"]);

/**
 * `(…) > 2` as `…` and ` > 2`. What is not compared with a number, at the very top, is for Loki as a whole: an alert
 * fires for every value that such an expression has. So is what the grammar does not understand.
 */
export function splitComparison(expr: string): { signal: string; compare: string } {
  const text = expr.trim();
  const whole = { signal: text, compare: "" };
  const root = parseLogql(text);
  const operation = root && operationOf(root);
  if (!operation) return whole;
  const { left, operator, modifier, right } = operation;
  const isPlain = modifier.from === modifier.to && right.kind === "LiteralExpr" && left.kind !== "LiteralExpr";
  if (!isPlain || !comparisons.has(operator.kind)) return whole;
  const signal = left.kind === "Paren" ? text.slice(left.from + 1, left.to - 1) : textOf(text, left);
  return { signal, compare: ` ${textOf(text, operator)} ${textOf(text, right)}` };
}
