import { like, marks, unlike } from "./redaction-rule.ts";
import { cardNumber } from "./redaction-shapes.ts";

/** So many numbers of a line are looked at; any more are masked if they look like a card's. */
const rounds = 3;

/**
 * Statements of the collector's transformation language that mark the numbers in a line that look like a card's by
 * whether their check digit (Luhn, ISO/IEC 7812-1) is right: where it is wrong they are of no card.
 *
 * @param cache where statements keep what they know of one line
 * @param all where the cache has the line and what stands beside it
 * @param text writes a literal of the language
 * @param replace writes the statements that replace a pattern by something, of both the expressions
 */
export function cardCheck(
  cache: string,
  all: string,
  text: (value: string) => string,
  replace: (pattern: string, by: string) => string[],
): string[] {
  const candidate = `(?:^|[^\\w.${unlike}${like}])(?P<number>${cardNumber})\\b`;
  const number = `${cache}["card"]["number"]`;
  const digits = `${cache}["digits"]`;
  const isFound = `where ${number} != nil`;
  const pattern = `Concat([${text("(^|[^\\w.])(\\Q")}, ${number}, ${text("\\E)\\b")}], "")`;
  const by = `Concat([${text("${1}")}, ${cache}["mark"], ${text("${2}")}], "")`;
  const mark = replace(pattern, by).map((statement) => `${statement} ${isFound}`);
  const round = [
    `set(${cache}["card"], ExtractPatterns(${all}, ${text(candidate)}))`,
    `set(${digits}, ${number}) ${isFound}`,
    `replace_pattern(${digits}, ${text("\\D")}, "") ${isFound}`,
    `set(${cache}["mark"], ${text(marks.unlike)}) ${isFound}`,
    `set(${cache}["mark"], ${text(marks.like)}) ${isFound} and IsValidLuhn(${digits})`,
    `replace_pattern(${all}, ${pattern}, ${by}) ${isFound}`,
    ...mark,
  ];
  return Array.from({ length: rounds }, () => round).flat();
}
