import { promqlString } from "./promql.ts";

/** What must never stand in a log line. Exactly one of `contains` and `pattern` is given. */
export interface ForbiddenPattern {
  /** What messages call it: never what a line says. */
  name: string;
  /** A text that no line may contain; upper and lower case differ. */
  contains?: string;
  /** A regular expression (RE2) that must match no part of a line. */
  pattern?: string;
  /** A line in which `pattern` is found: drills log it. */
  example?: string;
  /** Lines that look like one, and are none. @default - none of a `pattern`; of `contains` made from its text */
  unlike?: readonly string[];
}

/** The stage of LogQL that keeps the lines in which it is found. */
export const forbiddenFilter = ({ contains, pattern = "" }: ForbiddenPattern): string =>
  contains === undefined ? `|~ ${logqlString(pattern)}` : `|= ${logqlString(contains)}`;

/** A line in which it is found. */
export const forbiddenLine = ({ contains, example }: ForbiddenPattern): string => contains ?? example ?? "";

/** Lines that are nearly one in which it is found: a letter too few, or upper case in place of lower case. */
export function nearMisses({ contains, unlike = [] }: ForbiddenPattern): readonly string[] {
  if (contains === undefined) return unlike;
  const characters = [...contains];
  const swapped = characters.map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()));
  return [characters.slice(0, -1).join(""), swapped.join("")].filter(
    (line) => line.trim() !== "" && !line.includes(contains),
  );
}

/**
 * A string literal of LogQL, which are those of Go. Grafana would put values in place of `$name` and `[[name]]` in a
 * panel's query, so these stand as escapes.
 */
const logqlString = (text: string): string =>
  promqlString(text).replaceAll("$", "\\x24").replaceAll("[[", "\\x5b\\x5b");
