import { Lexer, Parser } from "yaml";

/** Levels of lists and mappings; a file of tests has eight. */
const maximumDepth = 100;

/** Whether a text is nested so deeply that composing a document of it could end the whole process. */
export function nestsTooDeeply(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) if (parser.stack.length > maximumDepth) return true;
    if (parser.stack.length > maximumDepth) return true;
  }
  return false;
}
