import { createHash } from "node:crypto";

/**
 * A name of letters, digits, `-` and `_`: what every construct id and AWS name may have. A text with other characters,
 * or longer than `maximumLength`, ends in a hash of the whole, so that two texts never share a name.
 */
export function plainName(text: string, maximumLength = 200): string {
  const plain = text.replace(/[^A-Za-z0-9_-]+/g, "-");
  if (plain === text && text !== "" && text.length <= maximumLength) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${plain.slice(0, maximumLength - 9)}-${hash}`;
}
