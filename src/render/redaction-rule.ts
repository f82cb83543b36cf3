import type { PersonalKind } from "../model/platform-props.ts";

export type RedactedKind = PersonalKind | "card" | "secret";

/** One form of what is masked. */
export interface RedactionRule {
  name: string;
  kind: RedactedKind;
  /** What it finds, where the name does not say it. */
  meaning?: string;
  /** A line in which it finds something. */
  example: string;
  /** RE2. */
  pattern: string;
  /** What stands in its place; `$1` is the first group, which is kept. */
  by: string;
  /**
   * In lower case: each line in which it could find something has one of these. Looking for a text takes a tenth of the
   * time that a pattern takes, and most lines have none.
   */
  words?: readonly string[];
  /** RE2, cheap to look for: each line in which it could find something has this as well. */
  looks?: string;
}

/** What it is called in a line in place of what it was: `[email]`. JSON stays JSON, and a second look finds nothing. */
export const mask = (kind: RedactedKind): string => `[${kind}]`;

/**
 * Stand for a moment in a line, before what is known not to be personal (`unlike`), what is known to be a card's number
 * (`like`), and what stands behind a name that tells its kind. No line keeps them: Unicode sets these characters aside
 * for use within a program.
 */
const firstMark = 0xfdd0;
export const mark = (index: number): string => String.fromCodePoint(firstMark + index);
export const marks = { unlike: mark(0), like: mark(1) } as const;
/** Finds every mark. */
export const anyMark = "[\\x{fdd0}-\\x{fdef}]";
/** A mark as RE2 has it. */
export const markPattern = (one: string): string => `\\x{${one.codePointAt(0)?.toString(16)}}`;
export const unlike = markPattern(marks.unlike);
export const like = markPattern(marks.like);
/** Stands before each mark of a name, so that a line without one is known at once. */
export const named = mark(2);

/** Kept of what was found: what stood before it, or both before and behind it. */
export const keeps = { before: { before: "${1}" }, both: { before: "${1}", after: "${2}" } } as const;

export const rule = (
  name: string,
  kind: RedactedKind,
  example: string,
  pattern: string,
  {
    before = "",
    after = "",
    words,
    looks,
  }: { before?: string; after?: string; words?: readonly string[]; looks?: string } = {},
): RedactionRule => ({
  name,
  kind,
  example,
  pattern,
  by: `${before}${mask(kind)}${after}`,
  ...(words && { words }),
  ...(looks && { looks }),
});

/** Looks like an IPv4 address, or a version. */
export const fourNumbers = "\\d[.-]\\d{1,3}[.-]\\d{1,3}[.-]\\d";
/** Looks like a key: long, without blanks. */
export const longWord = "[\\w.-]{20}";
