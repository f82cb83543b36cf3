import { marks } from "./redaction.ts";

/** What is looked at: sixteen digits without anything between them that begin like a card's. */
const candidate = "[2-6]\\d{15}";
/** So many numbers of a line that are no card's are told apart; any more are masked as if they were. */
const rounds = 3;
const length = 16;
const digit = (index: number) => `d${index + 1}`;

/**
 * Statements of the collector's transformation language that mark the numbers of sixteen digits in a line's text by
 * whether their check digit (Luhn, ISO/IEC 7812-1) is right: where it is wrong they are of no card. A regular expression cannot compute it, so each digit
 * is taken by a name; of two that are next to each other, one counts double, less nine where that has two digits.
 *
 * @param text writes a literal of the language
 */
export function cardCheck(text: (value: string) => string) {
  const groups = Array.from({ length }, (_, index) => `(?P<${digit(index)}>\\d)`).join("");
  // The first digit tells a card's from other numbers, and is the first that counts double.
  const pattern = `(?:^|[^\\w.\\x01\\x02])(?P<number>${groups.replace("\\d", "[2-6]")})\\b`;
  const value = (index: number) => `Int(log.cache["card"]["${digit(index)}"])`;
  const sum = Array.from({ length }, (_, index) =>
    index % 2 === 0 ? `2 * ${value(index)} - 9 * (${value(index)} / 5)` : value(index),
  ).join(" + ");
  const found = 'log.cache["card"]["number"]';
  const remainder = 'log.cache["sum"] - 10 * (log.cache["sum"] / 10)';
  const mark = (by: string, condition: string) =>
    `replace_pattern(log.body, Concat([${text("(^|[^\\w.])(")}, ${found}, ${text(")\\b")}], ""), ${text(`\${1}${by}\${2}`)}) where ${found} != nil and ${condition}`;
  const round = [
    `set(log.cache["card"], ExtractPatterns(log.body, ${text(pattern)}))`,
    `set(log.cache["sum"], ${sum}) where ${found} != nil`,
    mark(marks.unlike, `${remainder} != 0`),
    mark(marks.like, `${remainder} == 0`),
  ];
  return {
    context: "log",
    conditions: [`IsString(log.body) and IsMatch(log.body, ${text(`\\b${candidate}\\b`)})`],
    statements: Array.from({ length: rounds }, () => round).flat(),
  };
}
