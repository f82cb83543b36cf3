import { Composer, type Document, Lexer, Parser, type YAMLError } from "yaml";
import type { Fault, Report } from "./fault.ts";
import { shown } from "./seen.ts";
import { reportSyntax } from "./syntax-errors.ts";

/** Larger files are refused before they are parsed: a thousand services take about half of this. */
export const maximumBytes = 8 * 1024 * 1024;
/** Levels of lists and mappings; monitoring.yaml has eight. Deeper ones could exhaust the parser's stack. */
const maximumDepth = 40;
/** Tags that are told one by one. */
const maximumTags = 50;
/** Control characters that are told one by one: a file with more is no text. */
const maximumControlCharacters = 10;

/** Parses a text that must hold exactly one YAML document; undefined when it does not, and reports why. */
export function composeYaml(text: string, report: Report): Document | undefined {
  if (text.length > maximumBytes) return void report(0, tooLarge(text.length));
  if (hasControlCharacters(text, report)) return undefined;
  const { tokens, opened, tooDeepAt } = parseTokens(text);
  if (tooDeepAt !== undefined) {
    return void report(tooDeepAt, {
      rule: "config/too-deep",
      summary: `Lists and mappings are nested more than ${maximumDepth} deep here.`,
      detail: "No file that is read here needs more than eight levels.",
      fix: "Remove brackets or dashes that should not be there.",
    });
  }
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, schema: "core", resolveKnownTags: false });
  const documents: Document[] = [];
  for (const document of composer.compose(tokens)) if (documents.push(document) > 1) break;
  const { errors, warnings } = documents[0] ?? composer.streamInfo();
  reportTags(text, warnings, report);
  const [first, second] = tokens.filter(({ type }) => type === "document");
  if (errors.length > 0) return void reportSyntax(text, errors, opened, report);
  if (second) {
    return void report(second.offset, {
      rule: "config/documents",
      summary: "A second YAML document begins here.",
      detail: "`---` between two parts makes two documents of them; only one can be read.",
      fix: "Remove the `---` and what should not be there.",
    });
  }
  const document = documents[0];
  if (!first || !document?.contents || document.contents.range?.[0] === document.contents.range?.[1]) {
    return void report(0, {
      rule: "config/empty",
      summary: "The file holds nothing, or only comments.",
      detail: "It must at least say `platform`, `links`, `environments`, `teams` and `services`.",
      fix: "Begin with a copy of an example: docs/monitoring-yaml.md tells of every key.",
    });
  }
  return document;
}

/** A file that is refused for its size, in bytes. */
export const tooLarge = (bytes: number): Fault => ({
  rule: "config/too-large",
  summary: `The file has ${bytes.toLocaleString("en")} bytes; at most ${maximumBytes.toLocaleString("en")} are read.`,
  detail: "Ten thousand services take about half of that: this is probably another file.",
});

function hasControlCharacters(text: string, report: Report): boolean {
  let seen = 0;
  // Tab, line feed and carriage return are the only control characters of a text file.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  for (const { index, 0: character } of text.matchAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g)) {
    if (++seen > maximumControlCharacters) break;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    report(index, {
      rule: "config/control-character",
      summary: `The control character U+${code} is in the file.`,
      detail: "It should be plain text; a program may have written into it, or it is no text at all.",
      fix: "Remove it.",
    });
  }
  return seen > 0;
}

/** What the lexer gives where a bracket ends without being closed. */
const brokenOff = "\u0018";

/** Parses without building the document, so that a text too deep for that is noticed before. */
function parseTokens(text: string) {
  const parser = new Parser();
  const tokens = [];
  /** Where each quote and bracket that is never closed was opened, by where the parser notices. */
  const opened = new Map<number, number>();
  const brackets: number[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document itself is on the stack, too.
    if (parser.stack.length > maximumDepth + 1) return { tokens, opened, tooDeepAt: start };
    const [first] = lexeme;
    if (lexeme === "[" || lexeme === "{") brackets.push(start);
    else if (lexeme === "]" || lexeme === "}") brackets.pop();
    else if (lexeme === brokenOff) opened.set(start, brackets.splice(0).at(-1) ?? start);
    else if ((first === '"' || first === "'") && (lexeme.length === 1 || lexeme.at(-1) !== first)) {
      opened.set(start + lexeme.length, start);
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const last = brackets.at(-1);
  // A quote that is never closed takes every bracket behind it.
  if (last !== undefined && !opened.has(text.length)) opened.set(text.length, last);
  return { tokens, opened };
}

/** Unknown tags are warnings to the parser, which then reads on as if they were not there. */
function reportTags(text: string, warnings: readonly YAMLError[], report: Report): void {
  for (const { code, pos } of warnings.slice(0, maximumTags)) {
    if (code !== "TAG_RESOLVE_FAILED" && code !== "BAD_COLLECTION_TYPE") continue;
    const tag = /^[^\s,[\]{}]*/.exec(text.slice(pos[0], pos[0] + 100))?.[0] ?? "";
    report(pos[0], {
      rule: "config/tag",
      summary: `The tag ${shown(tag)} means nothing here.`,
      detail: "It should be plain data: no tag can compute or load anything.",
      fix: "Leave the tag out.",
    });
  }
}
