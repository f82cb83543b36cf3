import type { Answer, AskedQuery, NotedLoad, NotedSeries } from "../../src/engine/ask.ts";
import type { Engine } from "../../src/engine/engine.ts";

/** The language of Prometheus' own tests of PromQL (promql/promqltest/README.md), read and judged as its test.go does. */

/** One `eval`: a query, the series that are there, and what must come out. */
export interface Evaluation {
  line: number;
  loads: NotedLoad[];
  query: AskedQuery;
  /** Whether `@st` lines gave its series start timestamps. */
  startTimestamps: boolean;
  ordered: boolean;
  scalar?: number;
  text?: string;
  series: NotedSeries[];
  /** Of a range, and of the range vector that an instant query gives. */
  steps?: { startMs: number; endMs: number; stepMs: number };
  expects: { kind: ExpectKind; matches: (text: string) => boolean }[];
}

type ExpectKind = "fail" | "warn" | "no_warn" | "info" | "no_info";

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (text === "0") return 0;
  if (parts.map(([part]) => part).join("") !== text) throw new Error(`${text} is no duration`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? Number.NaN), 0);
}

/** Reads a whole file; comments end a block, as an empty line does. */
export function readEvaluations(text: string, engine: Pick<Engine, "readNotation">): Evaluation[] {
  const lines = text.split("\n").map((line) => line.trim().replace(/^#.*$/, ""));
  const found: Evaluation[] = [];
  let loads: NotedLoad[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const block: string[] = [];
    const first = at;
    if (line === "clear") {
      loads = [];
      continue;
    }
    while (lines[at + 1]) block.push(lines[++at] ?? "");
    const [, native, step] = /^load(?:_(with_nhcb))?\s+(.+)$/.exec(line) ?? [];
    if (step !== undefined) {
      loads = [...loads, { intervalMs: durationMs(step), lines: block, classicToNative: native !== undefined }];
    } else found.push(readEvaluation(line, first + 1, block, loads, engine));
  }
  return found;
}

const instantPattern = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/;
const rangePattern = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;
const expectPattern = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;

function readEvaluation(
  head: string,
  line: number,
  block: readonly string[],
  loads: NotedLoad[],
  engine: Pick<Engine, "readNotation">,
): Evaluation {
  const [, mode, at, instant] = instantPattern.exec(head) ?? [];
  const [, rangeMode, from = "", to = "", step = "", range] = rangePattern.exec(head) ?? [];
  const expr = instant ?? range;
  if (expr === undefined) throw new Error(`line ${line}: ${head} is no command`);
  const steps = range === undefined ? undefined : stepsOf(from, to, step);
  const evaluation: Evaluation = {
    line,
    loads,
    query: steps ? { expr, ...steps } : { expr, atMs: durationMs(at ?? "") },
    startTimestamps: loads.some(({ lines }) => lines.some((one) => /^\S*@st\s/.test(one))),
    ordered: mode === "ordered",
    series: [],
    steps,
    expects: [],
  };
  const oldMode = mode ?? rangeMode;
  if (oldMode === "fail" || oldMode === "warn" || oldMode === "info") {
    evaluation.expects.push({ kind: oldMode, matches: () => true });
  }
  for (const one of block) readExpectation(one, evaluation, engine);
  return evaluation;
}

const stepsOf = (from: string, to: string, step: string) => ({
  startMs: durationMs(from),
  endMs: durationMs(to),
  stepMs: durationMs(step),
});

function readExpectation(line: string, evaluation: Evaluation, engine: Pick<Engine, "readNotation">): void {
  const [, from, to, step] = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/.exec(line) ?? [];
  const [, literal] = /^expect string (.*)$/.exec(line) ?? [];
  const [, kind, form, pattern = ""] = expectPattern.exec(line) ?? [];
  const [, oldForm, oldPattern = ""] = /^expected_fail_(message|regexp)\s+(.*)$/.exec(line) ?? [];
  if (from !== undefined) evaluation.steps = stepsOf(from, to ?? "", step ?? "");
  else if (literal !== undefined) evaluation.text = unquote(literal);
  else if (oldForm !== undefined) evaluation.expects.push({ kind: "fail", matches: matcher(oldForm, oldPattern) });
  else if (kind === "ordered") evaluation.ordered = true;
  else if (kind !== undefined) {
    evaluation.expects.push({ kind: kind as ExpectKind, matches: matcher(form, pattern.trim()) });
  } else if (/^expect /.test(line)) throw new Error(`line ${evaluation.line}: ${line} is no expectation`);
  else if (isNumber(line)) evaluation.scalar = readNumber(line);
  else evaluation.series.push(...engine.readNotation([line]));
}

/** Go's literals: quotes with escapes, or backquotes as they are. */
const unquote = (literal: string): string =>
  literal.startsWith("`")
    ? literal.slice(1, -1)
    : (JSON.parse(`"${literal.slice(1, -1).replace(/\\'/g, "'").replace(/^'|'$/g, "")}"`) as string);

/** Warnings name the metric only where names are removed late. */
const withoutName = (message: string): string => message.replace(/ for metric name "[^"]*"/, "");

function matcher(form: string | undefined, pattern: string): (text: string) => boolean {
  if (form === "msg" || form === "message") return (text) => text === pattern || text === withoutName(pattern);
  if (form === undefined) return () => true;
  // The part of Go's syntax that is not JavaScript's and is used there.
  const regex = new RegExp(pattern.replace(/\(\?P</g, "(?<"));
  return (text) => regex.test(text);
}

/** The same query over a minute to either side: in the middle a range query must give what the instant one does. */
export function inRangeMode({ query, ordered, steps, text, expects }: Evaluation): AskedQuery | undefined {
  if (!("atMs" in query) || ordered || steps || text !== undefined || expects.some(({ kind }) => kind === "fail")) {
    return undefined;
  }
  // These tell of the range itself.
  if (/(start|end|range|step)\(\)/.test(query.expr)) return undefined;
  return { expr: query.expr, startMs: query.atMs - 60_000, endMs: query.atMs + 60_000, stepMs: 60_000 };
}

/** What a range query gives at one of its moments, as an instant query would. */
export function momentOf({ type, series = [], ...rest }: Answer, atMs: number, isScalar: boolean): Answer {
  const there = series.map(({ labels, points }) => ({ labels, points: points.filter(({ t }) => t === atMs) }));
  const found = there.filter(({ points }) => points.length > 0);
  return { ...rest, type: type === "matrix" ? (isScalar ? "scalar" : "vector") : type, series: found };
}

const isNumber = (text: string): boolean =>
  /^[+-]?(\d[\d_]*(\.\d*)?([eE][+-]?\d+)?|\.\d+|0x[\da-fA-F]+|inf|nan)$/i.test(text);
const readNumber = (text: string): number =>
  /inf/i.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
