import type { Finding, Place } from "../model/finding.ts";
import type { Report } from "./fault.ts";
import type { Located } from "./located.ts";
import { readQuickly } from "./quick-yaml.ts";
import { readWholeYaml } from "./whole-yaml.ts";

/** Keys and list indexes from the top of the file. */
export type Path = readonly (string | number)[];

/** A YAML text as data, with the place of everything in it. */
export interface YamlSource {
  /**
   * What the text says, in objects without a prototype: no key can be mistaken for something that every object
   * has. Undefined when nothing in it can be trusted; `findings` then say why.
   */
  data: unknown;
  findings: Finding[];
  /** Place of the value at a path, or of the nearest thing around it that exists. */
  placeOf: (path: Path) => Place;
  /** Place of the key that leads to the value at a path; of list items, the item. */
  keyPlaceOf: (path: Path) => Place;
  /** The value as it stands in the text; undefined for mappings, lists and what does not exist. */
  writtenAt: (path: Path) => string | undefined;
  /** The whole line of a place. */
  lineAt: (place: Place) => string;
}

/** Reads a YAML text of one document. Never throws, whatever the text is. */
export function readYaml(source: string, file: string): YamlSource {
  const text = linesOf(source);
  // Where there is nothing to tell, nobody asks for a place.
  const quick = readQuickly(text);
  let careful: YamlSource | undefined;
  const whole = (): YamlSource => {
    careful ??= readCarefully(text, file);
    return careful;
  };
  if (quick === undefined) return whole();
  return {
    data: quick,
    findings: [],
    placeOf: (path) => whole().placeOf(path),
    keyPlaceOf: (path) => whole().keyPlaceOf(path),
    writtenAt: (path) => whole().writtenAt(path),
    lineAt: (place) => whole().lineAt(place),
  };
}

/** A lone carriage return ends a line, too, but not for the parsers. Offsets stay as they are. */
const linesOf = (source: string): string => source.replace(/^\uFEFF/, "").replace(/\r(?!\n)/g, "\n");

/** The same with the parser that knows the place of everything and says what is wrong. */
export function readCarefully(source: string, file: string): YamlSource {
  const text = linesOf(source);
  const starts = lineStarts(text);
  const place = (offset: number): Place => {
    const line = lastAtMost(starts, offset);
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
  const findings: Finding[] = [];
  const report: Report = (offset, fault) => findings.push({ severity: "error", ...fault, place: place(offset) });
  const root = readWholeYaml(text, report, (offset) => lastAtMost(starts, offset) + 1);
  const find = (path: Path): { located?: Located; found: boolean } => {
    let located = root;
    for (const step of path) {
      const child = located?.children?.get(step) ?? located?.children?.get(`${step}`);
      if (!child) return { located, found: false };
      located = child;
    }
    return { located, found: true };
  };
  return {
    data: root?.value,
    findings,
    placeOf: (path) => place(find(path).located?.offset ?? 0),
    keyPlaceOf: (path) => {
      const { located, found } = find(path);
      return place((found ? located?.keyOffset : located?.offset) ?? 0);
    },
    writtenAt: (path) => {
      const { located, found } = find(path);
      return found && located?.span ? text.slice(...located.span) : undefined;
    },
    lineAt: ({ line = 1 }) => text.slice(starts[line - 1], starts[line]).trimEnd(),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** Index of the last number that is not above the limit, in an ascending list that begins with 0. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
