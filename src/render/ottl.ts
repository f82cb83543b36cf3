/** `$` starts an expansion in the collector's files; two of them are one. */
export const plain = (value: string): string => value.replaceAll("$", "$$$$");

/** A string literal of the transformation language. */
export const text = (value: string): string =>
  plain(JSON.stringify(value)).replace(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
