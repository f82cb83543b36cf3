import { type KeyFamily, secretFamilies } from "./redaction-key-families.ts";
import { peopleFamilies } from "./redaction-people.ts";
import { anyMark, mark, markPattern, mask, named, type RedactedKind, type RedactionRule } from "./redaction-rule.ts";

/**
 * Between a name and its value: `=`, `: `, ` => `, `%3D`, `>` of XML, the end of quotes, brackets or escaped quotes
 * before it, and `value=` where name and value have names of their own.
 */
const quote = `\\\\*["']`;
const between = `(?:[\\\\"'\\])]*(?:[ \\t]*(?:=>|={1,3}|:=?|%3[ad])[ \\t]*(?:(?:string|int|float)\\(\\d+\\)[ ]*|[\\[(])?|>)|(?:${quote})?[ ,]+(?:${quote})?value(?:${quote})?[ ]?[=:][ ]?)`;

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
/** The first three marks are not of families. */
const marked: readonly Marked[] = keyFamilies.map((family, index) => ({
  family,
  before: `${named}${mark(index + 3)}`,
  found: `${markPattern(named)}${markPattern(mark(index + 3))}`,
}));

const needs = ({ words, looks }: KeyFamily) => ({ ...(words && { words }), ...(looks && { looks }) });

/** Marks what stands behind a name. */
export const keyRules: readonly RedactionRule[] = marked.map(({ family, before }) => ({
  name: family.name,
  kind: family.kind,
  meaning: family.meaning,
  example: family.example,
  pattern: `(?i)(?:${family.names})${between}`,
  by: `\${0}${before}`,
  ...needs(family),
}));

/** Words with which a sentence goes on: `password: must not be empty`. */
const sentence =
  "is|are|was|were|has|have|had|will|would|must|cannot|can|could|may|should|does|did|do|not|too|no|invalid|incorrect|wrong|missing|required|expired|expires|expiring|mismatch|changed|updated|reset|rejected|accepted|empty|unknown|failed|please|the|an|for|of|in|on|to|from|by|at|and|or|with|without|needs?|been|new|old|both|verified|valid|ok|sent|found|lookup|provided|supplied|set|given|used|more|less|at least";
/** What says that there is no value, or that it is not shown. */
const nothing =
  "null|nil|none|undefined|true|false|yes|no|on|off|n/a|empty|missing|required|optional|invalid|expired|unknown|disabled|enabled|hidden|masked|redacted|filtered|removed|present|absent|unset|provided|\\*{2,}|x{3,}|•+|-|\\.{3}|/[a-z]{2,}(?:/[\\w.-]*)*|%[sdv]|\\[[a-z-]+\\]|<[\\w -]+>|\\$\\{?\\w+\\}?|\\{\\{[^}]*\\}\\}";

type Step = Pick<RedactionRule, "pattern" | "by" | "words" | "looks">;

/** Takes the mark from what is no value. */
export const nothingSaid: readonly Step[] = marked.flatMap(({ family, found }) => {
  const one = (pattern: string, by: string): Step => ({ pattern, by });
  return [
    one(`${found}((?i:${moreMarks}["'\\\\]*(?:${nothing})(?:["'\\\\\\s,;)}\\]&<]|$)))`, "${1}"),
    ...(family.except ? [one(`${found}(${moreMarks}${quote}?[\\p{L} .&-]*\\b(?:${family.except})\\b)`, "${1}")] : []),
    ...(family.isWord ? [one(`${found}((?i:${moreMarks}(?:${sentence})(?:[ .!,:]|$)))`, "${1}")] : []),
    // `token: expired`: of these, a word alone is none.
    ...(family.isWord === "not alone"
      ? [one(`(:[ \\t]+)${found}(${moreMarks}[A-Za-z]?[a-z]*(?:[\\s.,;!)]|$))`, "${1}${2}")]
      : []),
  ];
});

/** Masks what is marked: of any look where a family has no shapes, else only what looks like it. */
export const valueRules: readonly (Step & { kind: RedactedKind })[] = marked.flatMap(({ family, found }) => {
  const { kind, shapes, numbers, bare = word } = family;
  const value = mask(kind);
  const one = (pattern: string, by: string) => ({ kind, pattern, by });
  return [
    // A number of JSON becomes a text, with quotes as its name has them.
    ...(numbers
      ? [one(`((\\\\*)":[ \\t]*\\[?)${found}${moreMarks}(?:${numbers})(\\s*[,}\\]])`, `\${1}\${2}"${value}\${2}"\${3}`)]
      : []),
    ...(shapes
      ? shapes.map((shape) => one(`${found}${moreMarks}((?:${quote})?)${shape}`, `\${1}${value}\${2}`))
      : [
          one(`${found}${moreMarks}"(?:[^"\\\\]|\\\\.)+"`, `"${value}"`),
          one(`${found}${moreMarks}'[^']+(?:'\\p{L}[^']*)*'`, `'${value}'`),
          one(
            `${found}${moreMarks}(\\\\+["'])(?:[^"'\\\\]|\\\\{3}["']|\\\\{1,4}[^"'\\\\])+(\\\\+["'])`,
            `\${1}${value}\${2}`,
          ),
          one(`${found}${moreMarks}${bare}`, `${value}\${1}`),
        ]),
  ];
});
