/** A PromQL string literal: text from users goes into a query only through here. */
export const promqlString = (text: string): string => JSON.stringify(text);

/** Escapes what has a meaning in RE2, so that the text matches itself and nothing else. */
export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/**
 * `label=~"a|b"`, or `label!~"a|b"` to exclude; plain equality for one value, nothing for no values. Values are
 * escaped for RE2 and then for PromQL, whose matchers LogQL shares.
 */
export function anyOf(label: string, values: readonly string[], mode: "include" | "exclude" = "include"): string {
  const [first] = values;
  if (first === undefined) return "";
  const negate = mode === "exclude" ? "!" : "";
  if (values.length === 1) return `${label}${negate}=${promqlString(first)}`;
  return `${label}${negate || "="}~${promqlString(values.map(escapeRegex).join("|"))}`;
}
