import { isScalar, LineCounter, parse, parseDocument, stringify, visit } from "yaml";
import type { RuleFile } from "../engine/rules.ts";

/** What Loki is asked in place of a rule's expression, and the name of the series that its answer becomes. */
export interface LogQuestion {
  series: string;
  logql: string;
  /** Where the expression stands; lines from 1. */
  file: string;
  line: number;
}

/** LogQL rules for an engine that knows PromQL only: the same rules, in the same order, on what Loki answers. */
export interface LogRules {
  ruleFiles: RuleFile[];
  questions: LogQuestion[];
}

interface Groups {
  groups?: { rules?: { alert?: string; expr?: string }[] }[];
}

/** Names of the series that an alert's rules read, as a regular expression. */
export const logSeriesPattern = (alert: string): string => `logql:${alert}:.+`;

/**
 * Splits every LogQL rule into what only Loki can answer and what the engine does with the answer: the comparison
 * with the threshold, `for`, labels, annotations. Rules that compare the same thing share a question.
 */
export function logRules(files: readonly RuleFile[]): LogRules {
  const questions = new Map<string, LogQuestion>();
  const ruleFiles = files.map(({ name: file, yaml }): RuleFile => {
    const content = parse(yaml) as Groups | null;
    const rules = content?.groups?.flatMap((group) => group.rules ?? []) ?? [];
    const lines = expressionLines(yaml);
    rules.forEach((rule, index) => {
      const { signal, compare } = splitComparison(rule.expr ?? "");
      const key = JSON.stringify([rule.alert, signal]);
      const question = questions.get(key) ?? {
        series: `logql:${rule.alert}:${questions.size}`,
        logql: signal,
        file,
        line: lines[index] ?? 1,
      };
      questions.set(key, question);
      rule.expr = `${question.series}${compare}`;
    });
    return { name: file, yaml: stringify(content) };
  });
  return { ruleFiles, questions: [...questions.values()] };
}

/** Lines of the `expr` of every rule of a file, in order. */
function expressionLines(yaml: string): number[] {
  const counter = new LineCounter();
  const found: number[] = [];
  visit(parseDocument(yaml, { lineCounter: counter }), {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === "expr" && isScalar(value)) {
        found.push(counter.linePos(value.range?.[0] ?? 0).line);
      }
    },
  });
  return found;
}

const comparison = /^\s*(?:==|!=|>=|<=|>|<)\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;

/**
 * `(…) > 2` as `…` and ` > 2`. Whatever is not all in one pair of brackets and then compared with a number is for
 * Loki as a whole: an alert fires for every value that such an expression has.
 */
export function splitComparison(expr: string): { signal: string; compare: string } {
  const text = expr.trim();
  const end = closingBracket(text);
  const compare = text.slice(end + 1);
  return end > 0 && comparison.test(compare) ? { signal: text.slice(1, end), compare } : { signal: text, compare: "" };
}

/** Strings, in which brackets mean nothing, and comments, which have none that count. */
const opaque = /"(?:\\.|[^"\\])*"|`[^`]*`|#.*/g;

/** Where the bracket that a text begins with is closed; -1 where it does not begin with one, or it stays open. */
function closingBracket(text: string): number {
  if (!text.startsWith("(")) return -1;
  const plain = text.replace(opaque, (found) => " ".repeat(found.length));
  let depth = 0;
  for (let at = 0; at < plain.length; at += 1) {
    if (plain[at] === "(") depth += 1;
    if (plain[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
