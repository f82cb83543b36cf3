import { isMap, isScalar, isSeq, LineCounter, Parser, parseDocument } from "yaml";
import { nestsTooDeeply } from "./yaml-depth.ts";

/** What the engine does not say of a test file, since promtool does not look at it. */

/** A case under `promql_expr_test`, as it is written. */
export interface WrittenQuery {
  line: number;
  expr: string;
  /** labels of each expected sample, in Prometheus' notation */
  samples: string[];
}

/** The lines of a file's items under `rule_files`. What cannot be read has none: whoever runs the file says why. */
export function ruleFileLines(text: string): Map<string, number> {
  const { document, lineOf } = read(text);
  const patterns = document?.get("rule_files");
  if (!isSeq(patterns)) return new Map();
  return new Map(
    patterns.items.flatMap((item) => (isScalar(item) ? [[`${item.value}`, lineOf(item.range?.[0])]] : [])),
  );
}

/** The cases under `promql_expr_test` of each test. */
export function writtenQueries(text: string): WrittenQuery[][] {
  const { document, lineOf } = read(text);
  const tests = document?.get("tests");
  return itemsOf(tests).map((test) =>
    itemsOf(isMap(test) ? test.get("promql_expr_test") : undefined).flatMap((item): WrittenQuery[] => {
      if (!isMap(item)) return [];
      const samples = itemsOf(item.get("exp_samples")).map((sample) =>
        textOf(isMap(sample) ? sample.get("labels") : ""),
      );
      return [{ line: lineOf(item.range?.[0]), expr: textOf(item.get("expr")), samples }];
    }),
  );
}

/** The line on which a second YAML document begins: Prometheus and promtool read the first one only. */
export function secondDocumentLine(text: string): number | undefined {
  // Hardly any file has one; looking closer takes longer than running most tests.
  if (!/^(---|\.\.\.)/m.test(text)) return undefined;
  const lines = new LineCounter();
  const documents: number[] = [];
  try {
    for (const { type, offset } of tokensOf(text, lines)) if (type === "document") documents.push(offset);
  } catch {
    return undefined;
  }
  return documents[1] === undefined ? undefined : lines.linePos(documents[1]).line;
}

const tokensOf = (text: string, lines: LineCounter) => new Parser(lines.addNewLine).parse(text);

const itemsOf = (node: unknown): unknown[] => (isSeq(node) ? node.items : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function read(text: string) {
  const lineCounter = new LineCounter();
  const lineOf = (offset = 0): number => lineCounter.linePos(offset).line;
  if (nestsTooDeeply(text)) return { document: undefined, lineOf };
  return { document: parseDocument(text, { lineCounter, logLevel: "silent" }), lineOf };
}
