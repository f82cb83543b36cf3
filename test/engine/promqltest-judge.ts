import type { Answer, JsonNumber, NativeHistogram, NotedPoint, NotedSeries } from "../../src/engine/ask.ts";
import { toNumber } from "../../src/engine/messages.ts";
import type { Evaluation } from "./promqltest.ts";

/** What is wrong with an answer; undefined where it is as expected. */
export function judgeAnswer(answer: Answer, expected: Evaluation): string | undefined {
  const { error, type, series = [] } = answer;
  const fails = expected.expects.filter(({ kind }) => kind === "fail");
  if (fails.length > 0) {
    if (error === undefined) return "it should fail";
    return fails.every(({ matches }) => matches(error)) ? undefined : `it fails otherwise: ${error}`;
  }
  if (error !== undefined) return `it fails: ${error}`;
  return annotationFault(answer, expected) ?? resultFault(answer, type, series, expected);
}

function annotationFault({ warnings = [], infos = [] }: Answer, { expects }: Evaluation): string | undefined {
  for (const [kind, seen] of [
    ["warn", warnings],
    ["info", infos],
  ] as const) {
    const wanted = expects.filter((one) => one.kind === kind);
    if (expects.some((one) => one.kind === `no_${kind}`) && seen.length > 0) return `unexpected ${kind}: ${seen[0]}`;
    if (wanted.length === 0) continue;
    if (seen.length === 0) return `no ${kind}`;
    const missing = wanted.some(({ matches }) => !seen.some(matches));
    const surplus = seen.find((text) => !wanted.some(({ matches }) => matches(text)));
    if (missing || surplus !== undefined) return `other ${kind}: ${seen.join("; ")}`;
  }
  return undefined;
}

const keyOf = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort());

function resultFault(
  { text = "" }: Answer,
  type: Answer["type"],
  series: readonly NotedSeries[],
  expected: Evaluation,
): string | undefined {
  if (type === "string") return text === expected.text ? undefined : `the text is ${JSON.stringify(text)}`;
  if (type === "scalar") {
    const value = series[0]?.points[0]?.value;
    if (expected.scalar === undefined) return "a scalar where series are expected";
    return sameNumber(expected.scalar, value) ? undefined : `the scalar is ${value}`;
  }
  if (expected.scalar !== undefined) return `a ${type} where a scalar is expected`;
  const wanted = new Map(expected.series.map((one) => [keyOf(one.labels), one]));
  const seen = new Set<string>();
  for (const [position, one] of series.entries()) {
    const key = keyOf(one.labels);
    const match = wanted.get(key);
    seen.add(key);
    if (!match) return `unexpected ${key}`;
    if (expected.ordered && expected.series[position] !== match) return `${key} is out of order`;
    const fault = pointsFault(one, match, type, expected.steps);
    if (fault !== undefined) return `${key}: ${fault}`;
  }
  const missing = [...wanted.keys()].find((key) => !seen.has(key));
  return missing === undefined ? undefined : `${missing} is missing`;
}

function pointsFault(
  seen: NotedSeries,
  wanted: NotedSeries,
  type: Answer["type"],
  steps: Evaluation["steps"],
): string | undefined {
  const points = wanted.points.map((point, index) => ({
    ...point,
    t: (steps?.startMs ?? 0) + index * (steps?.stepMs ?? 0),
  }));
  const there = (type === "matrix" ? points : points.slice(0, 1)).filter(({ omitted }) => !omitted);
  if (there.length !== seen.points.length) return `${seen.points.length} points instead of ${there.length}`;
  for (const [index, point] of there.entries()) {
    const one = seen.points[index];
    if (!one || (type === "matrix" && one.t !== point.t)) return `no point at ${point.t}`;
    const fault = pointFault(one, point);
    if (fault !== undefined) return `at ${one.t}: ${fault}`;
  }
  return undefined;
}

function pointFault(seen: NotedPoint, wanted: NotedPoint): string | undefined {
  if (seen.histogram && wanted.histogram) {
    return sameHistogram(wanted.histogram, seen.histogram)
      ? undefined
      : `${seen.histogram.text} instead of ${wanted.histogram.text}`;
  }
  if (seen.histogram || wanted.histogram) return "a histogram for a number, or the reverse";
  return sameNumber(toNumber(wanted.value ?? Number.NaN), seen.value)
    ? undefined
    : `${seen.value} instead of ${wanted.value}`;
}

/** Relative error that is allowed (defaultEpsilon; util/almost). */
const epsilon = 1e-6;
const smallest = 2.2250738585072014e-308;

function sameNumber(a: number, written: JsonNumber | undefined): boolean {
  const b = toNumber(written ?? Number.NaN);
  if ((Number.isNaN(a) && Number.isNaN(b)) || a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < smallest) return difference < epsilon * smallest;
  return difference / Math.min(sum, Number.MAX_VALUE) < epsilon;
}

const sameNumbers = (a: readonly JsonNumber[], b: readonly JsonNumber[]): boolean =>
  a.length === b.length && a.every((one, index) => sameNumber(toNumber(one), b[index]));

function sameHistogram(a: NativeHistogram, b: NativeHistogram): boolean {
  return (
    a.schema === b.schema &&
    sameNumbers([a.count, a.sum, a.zeroCount], [b.count, b.sum, b.zeroCount]) &&
    a.zeroThreshold === b.zeroThreshold &&
    JSON.stringify(a.customValues) === JSON.stringify(b.customValues) &&
    sameNumbers(a.positive.flat(), b.positive.flat()) &&
    sameNumbers(a.negative.flat(), b.negative.flat()) &&
    (!a.hintGiven || a.hint === b.hint)
  );
}
