import { type KeyFamily, secretFamilies } from "./redaction-key-families.ts";
import { peopleFamilies } from "./redaction-people.ts";
import { anyMark, mark, markPattern, mask, type RedactedKind, type RedactionRule } from "./redaction-rule.ts";

/**
 * Between a name and its value: `=`, `: `, ` => `, `%3D`, `>` of XML, the end of quotes, brackets or escaped quotes
 * before it, and `value=` where name and value have names of their own.
 */
const quote = `\\\\*["']`;
const between = `(?:[\\\\"'\\])]*(?:[ \\t]*(?:=>|={1,3}|:=?|%3[ad])[ \\t]*[\\[(]?|>)|(?:${quote})?[ ,]+(?:${quote})?value(?:${quote})?[ ]?[=:][ ]?)`;

/** Marks of two families stand beside each other where a name is of both. */
const moreMarks = `${anyMark}*`;

/** A value without quotes, up to what ends one in the formats of log lines. */
const word = `[^\\s"'&,;}\\])<>|\\\\:=\\[({][^\\s"'&,;}\\])<>|\\\\]*`;

export const keyFamilies: readonly KeyFamily[] = [...secretFamilies, ...peopleFamilies];

interface Marked {
  family: KeyFamily;
  before: string;
  found: string;
}
/** The first two marks are not of families. */
const marked: readonly Marked[] = keyFamilies.map((family, index) => ({
  family,
  before: mark(index + 2),
  found: markPattern(mark(index + 2)),
}));

/** Marks what stands behind a name. */
export const keyRules: readonly RedactionRule[] = marked.map(({ family, before }) => ({
  name: family.name,
  kind: family.kind,
  meaning: family.meaning,
  example: family.example,
  pattern: `(?i)(?:${family.names})${between}`,
  by: `\${0}${before}`,
  words: family.words,
}));

/** Words with which a sentence goes on: `password: must not be empty`. */
const sentence =
  "is|are|was|were|has|have|had|will|would|must|cannot|can|could|may|should|does|did|do|not|too|no|invalid|incorrect|wrong|missing|required|expired|expires|expiring|mismatch|changed|updated|reset|rejected|accepted|empty|unknown|failed|please|the|an|for|of|in|on|to|from|by|at|and|or|with|without|needs?|been|new|old|both|verified|valid|ok|sent|found|lookup|provided|supplied|set|given|used|more|less|at least";
/** What says that there is no value, or that it is not shown. */
const nothing =
  "null|nil|none|undefined|true|false|yes|no|on|off|n/a|empty|missing|required|optional|invalid|expired|unknown|disabled|enabled|hidden|masked|redacted|filtered|removed|present|absent|unset|provided|\\*{2,}|x{3,}|•+|-|\\.{3}|%[sdv]|\\[[a-z-]+\\]|<[\\w -]+>|\\$\\{?\\w+\\}?|\\{\\{[^}]*\\}\\}";

/** Takes the mark from what is no value. */
export const nothingSaid: readonly Pick<RedactionRule, "pattern" | "by" | "words">[] = marked.flatMap(
  ({ family: { words, isWord }, found }) => [
    { pattern: `(?i)${found}(${moreMarks}["'\\\\]*(?:${nothing})(?:["'\\\\\\s,;)}\\]&<]|$))`, by: "${1}", words },
    ...(isWord ? [{ pattern: `(?i)${found}(${moreMarks}(?:${sentence})(?:[ .!,:]|$))`, by: "${1}", words }] : []),
    // `token: expired`: of these, a word alone is none.
    ...(isWord === "not alone"
      ? [{ pattern: `(:[ \\t]+)${found}(${moreMarks}[A-Za-z]?[a-z]*(?:[\\s.,;!)]|$))`, by: "${1}${2}", words }]
      : []),
  ],
);

interface ValueRule {
  kind: RedactedKind;
  pattern: string;
  by: string;
  words: readonly string[];
}

/** Masks what is marked: of any look where a family has no shapes, else only what looks like it. */
export const valueRules: readonly ValueRule[] = marked.flatMap(({ family, found }) => {
  const { kind, words, shapes, numbers, bare = word } = family;
  const value = mask(kind);
  const one = (pattern: string, by: string): ValueRule => ({ kind, pattern, by, words });
  return [
    // A number of JSON becomes a text, with quotes as its name has them.
    ...(numbers
      ? [one(`((\\\\*)":[ \\t]*\\[?)${found}${moreMarks}(?:${numbers})(\\s*[,}\\]])`, `\${1}\${2}"${value}\${2}"\${3}`)]
      : []),
    ...(shapes
      ? shapes.map((shape) => one(`${found}${moreMarks}((?:${quote})?)${shape}`, `\${1}${value}\${2}`))
      : [
          one(`${found}${moreMarks}"(?:[^"\\\\]|\\\\.)+"`, `"${value}"`),
          one(`${found}${moreMarks}'[^']+'`, `'${value}'`),
          one(`${found}${moreMarks}(\\\\+["'])[^"']*?(\\\\+["'])`, `\${1}${value}\${2}`),
          one(`${found}${moreMarks}${bare}`, `${value}\${1}`),
        ]),
  ];
});
