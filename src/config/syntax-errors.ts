import type { YAMLError } from "yaml";
import { lookAlikeNote } from "./did-you-mean.ts";
import type { Fault, Report } from "./fault.ts";

/** Errors that are told one by one: what follows is mostly their consequence. */
const maximumErrors = 50;

/**
 * Tells each fault once: one error a line, one indentation error a block, and nothing between a quote or bracket that
 * is never closed and where the parser notices, since all of that is a consequence. `opened` has, by the offset at
 * which the parser notices, where such a quote or bracket was opened.
 */
export function reportSyntax(
  text: string,
  errors: readonly YAMLError[],
  opened: ReadonlyMap<number, number>,
  report: Report,
): void {
  let told = 0;
  /** End of the line of the last error. */
  let lineEnd = -1;
  /** Up to here the parser took everything for part of what was not closed. */
  let lostUntil = -1;
  /** How deep the block is indented in which the parser has lost its way. */
  let block: number | undefined;
  let hasLostDocument = false;
  for (const { error, words, offset } of placed(text, errors, opened)) {
    if (offset <= lineEnd) continue;
    const start = text.lastIndexOf("\n", offset - 1) + 1;
    const end = text.indexOf("\n", offset);
    const line = text.slice(start, end < 0 ? undefined : end);
    const between = text.slice(lineEnd + 1, start) + line;
    lineEnd = start + line.length;
    if (block !== undefined && leavesBlock(between, block)) block = undefined;
    const { isConsequence, isLost } = effects(error, words);
    const isOld = (isConsequence && block !== undefined) || offset <= lostUntil || (isLost && hasLostDocument);
    if (isConsequence || words === noKey) block ??= blockAround(text, start, line);
    lostUntil = Math.max(lostUntil, opened.has(error.pos[0]) ? error.pos[0] : -1);
    hasLostDocument ||= isLost;
    if (isOld && error.code !== "TAB_AS_INDENT") continue;
    const detail = [words.detail, lookAlikeNote(line)].filter(Boolean).join(" ");
    report(offset, { rule: "config/yaml-syntax", ...words, ...(detail && { detail }) });
    if (++told === maximumErrors) return;
  }
}

/** Whether an error may follow from an earlier one in its block, and whether everything behind it follows from it. */
const effects = ({ code, message }: YAMLError, words: Words) => ({
  isConsequence: words.detail === indentation.detail || code === "TAB_AS_INDENT" || code === "BLOCK_AS_IMPLICIT_KEY",
  isLost: / in YAML (stream|document)| at node end/.test(message),
});

/** Errors with our words, where a reader would look for the fault, in the order of these places. */
function placed(text: string, errors: readonly YAMLError[], opened: ReadonlyMap<number, number>) {
  const offsets = (code: string) => new Set(errors.filter((error) => error.code === code).map(({ pos }) => pos[0]));
  const nested = offsets("BLOCK_AS_IMPLICIT_KEY");
  const multiline = offsets("MULTILINE_IMPLICIT_KEY");
  const all = errors.flatMap((error) => {
    const [at] = error.pos;
    // A key that takes the line above it for its own begin: that line is all right.
    const runsOn = nested.has(at) && multiline.has(at);
    if (runsOn && error.code === "MULTILINE_IMPLICIT_KEY") return [];
    if (runsOn) return [{ error, words: tooDeep, offset: text.indexOf("\n", at) + 1 }];
    return [{ error, words: syntaxWords(error), offset: opened.get(at) ?? Math.min(at, text.length) }];
  });
  return all.sort((a, b) => a.offset - b.offset);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Lines that have something in them but a comment. */
const linesOf = (text: string): string[] => text.split("\n").filter((line) => /^\s*[^\s#]/.test(line));

/** Whether a line of the text is indented no deeper than a block's begin. */
const leavesBlock = (text: string, block: number): boolean => linesOf(text).some((line) => indentOf(line) <= block);

/** How far back the begin of a block is looked for. */
const farBack = 4000;

/** Indentation of the line that begins the block in which a line stands. */
function blockAround(text: string, lineStart: number, line: string): number {
  const before = linesOf(text.slice(Math.max(0, lineStart - farBack), lineStart));
  // A tab has no width that one could compare.
  const own = line.startsWith("\t") ? indentOf(before.at(-1) ?? "") : indentOf(line);
  return indentOf(before.findLast((earlier) => indentOf(earlier) < own) ?? "");
}

type Words = Pick<Fault, "summary" | "detail" | "fix">;

const indentation = {
  detail: "What belongs together must begin in the same column; two spaces deeper is one level deeper.",
  fix: "Move it to the column of those to which it belongs.",
};

const noKey: Words = {
  summary: "This is no `key: value`.",
  fix: "Write a colon and a space between the key and its value.",
};

const tooDeep: Words = {
  summary: "This line is indented deeper than the key above it, which has its value already.",
  ...indentation,
};

const nowhere: Words = {
  summary: "What stands here belongs to nothing above it.",
  detail: "The value above is complete.",
  fix: "Put a text with a colon or a quote in it in quotes as a whole, or move this to a line of its own.",
};

const neverClosed: Words = {
  summary: "The bracket that is opened here is never closed.",
  fix: "Close it before the next key.",
};

/** In our words what the parser's codes mean; by code, or by code and begin of the message. */
const syntaxTexts: readonly (readonly [code: string, message: string, words: Words])[] = [
  [
    "TAB_AS_INDENT",
    "",
    { summary: "This line is indented with a tab.", detail: "YAML takes only spaces.", fix: "Use two spaces instead." },
  ],
  [
    "MISSING_CHAR",
    "Missing closing",
    { summary: "The quote that begins here is never closed.", fix: "Close it on the same line." },
  ],
  ["MISSING_CHAR", "Implicit map keys", noKey],
  [
    "MISSING_CHAR",
    "Sequence item without",
    { summary: "This line belongs neither to the list above it nor to its last item.", ...indentation },
  ],
  [
    "MISSING_CHAR",
    "Missing ,",
    {
      summary: "Between two items in brackets a comma is missing, or a colon with a space.",
      fix: "Write the comma, or a colon and a space.",
    },
  ],
  [
    "MISSING_CHAR",
    "Comments must",
    { summary: "A comment needs a space before its #.", fix: "Add the space, or put the text in quotes." },
  ],
  [
    "UNEXPECTED_TOKEN",
    "Unexpected flow-seq-end",
    { summary: "This bracket closes nothing.", fix: "Remove it, or open it." },
  ],
  [
    "UNEXPECTED_TOKEN",
    "Unexpected flow-map-end",
    { summary: "This bracket closes nothing.", fix: "Remove it, or open it." },
  ],
  ["UNEXPECTED_TOKEN", "Unexpected scalar", nowhere],
  ["UNEXPECTED_TOKEN", "Unexpected map-value-ind", nowhere],
  ["UNEXPECTED_TOKEN", "Unexpected seq-item-ind", nowhere],
  ["MISSING_CHAR", "Flow", neverClosed],
  ["BAD_INDENT", "Flow", neverClosed],
  ["MULTILINE_IMPLICIT_KEY", "", noKey],
  ["BAD_INDENT", "", { summary: "This line is indented differently from those it belongs to.", ...indentation }],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    "",
    {
      summary: "A value cannot be a mapping on the same line as its key.",
      fix: "Put a text with a colon in it in quotes; begin a mapping on the next line, two spaces deeper.",
    },
  ],
  [
    "BAD_SCALAR_START",
    "",
    { summary: "A text cannot begin with this character unless it is in quotes.", fix: "Put the text in quotes." },
  ],
  [
    "BAD_DQ_ESCAPE",
    "",
    {
      summary: "This backslash begins no escape that YAML knows.",
      fix: "Use single quotes: in them a backslash is only a backslash.",
    },
  ],
];

function syntaxWords({ code, message }: YAMLError): Words {
  const known = syntaxTexts.find(([of, begin]) => of === code && message.startsWith(begin));
  // Behind a colon the parser quotes the text, which may hold a secret.
  return (
    known?.[2] ?? {
      summary: `This is not YAML: ${message.replace(/: .*$/s, "").slice(0, 100)}.`,
      fix: "Put texts with special characters in quotes, and compare with the lines around it.",
    }
  );
}
