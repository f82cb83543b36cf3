import type { Engine } from "../engine/engine.ts";
import type { EvaluateRequest, QueryResult } from "../engine/evaluation.ts";
import { logSeriesPattern } from "../loki/log-rules.ts";
import { identityLabels, severities } from "../model/conventions.ts";
import type { Place } from "../model/finding.ts";
import { type Alert, isLogSignal } from "../model/pack.ts";
import type { AlertPromise, Platform } from "../model/platform.ts";
import { promqlString } from "../model/promql.ts";
import { clockMs, clockText } from "../worlds/clock.ts";
import { measurabilityProblem } from "../worlds/measurable.ts";
import { worldLine } from "../worlds/world.ts";
import { firstChange } from "./check-drill.ts";
import type { Drill, Expectation, ExpectedLabels } from "./drill.ts";
import type { DrillFailure, SignalValues } from "./drill-result.ts";
import type { Verdict } from "./judge-drill.ts";

/** An expectation that was not met, with what it is about. */
export interface Missed {
  expected: string;
  expectation: Expectation;
  verdict: Verdict;
  promise: AlertPromise | undefined;
}

interface EvidenceContext {
  engine: Engine;
  /** The evaluation in which it was seen. */
  request: EvaluateRequest;
  drill: Drill;
  platform: Platform;
  placeOf?: (path: readonly (string | number)[]) => Place;
}

/** How many values of a signal are shown. */
const shownValues = 5;

/**
 * Makes an explanation of each missed expectation: what the signal was, what was true, and the cause where it is
 * known. Evaluates a second time, with queries: only what fails pays for it.
 */
export function gatherEvidence(missed: readonly Missed[], context: EvidenceContext): DrillFailure[] {
  if (missed.length === 0) return [];
  const { engine, request, drill, platform } = context;
  const queries = missed.map(({ verdict }, index) => ({
    id: `${index}`,
    expr: signalQuery(alertOf(verdict, platform), verdict.subject.labels, drill),
    startMs: request.startMs,
    endMs: request.endMs,
    stepMs: request.evaluationIntervalMs,
  }));
  const answers = engine.evaluate({ ...request, queries }).queries;
  return missed.map((one, index) => failure(one, answers[index], context));
}

function failure(missed: Missed, answer: QueryResult | undefined, context: EvidenceContext): DrillFailure {
  const { expected, expectation, verdict, promise } = missed;
  const { drill, platform, placeOf, request } = context;
  const { happened, details, firstFiredMs, subject } = verdict;
  const severity = subject.severity ?? severities.find((one) => promise?.levels[one]);
  const problem = promise && severity && measurabilityProblem(promise, severity);
  const { signal } = alertOf(verdict, platform);
  const values: SignalValues = {
    title: signal.title,
    unit: signal.unit,
    threshold: severity && promise?.levels[severity]?.value,
    points: points(answer, shownTimes(expectation, firstFiredMs, drill, request), request.evaluationIntervalMs),
  };
  const index = platform.services.findIndex(({ name }) => name === promise?.service.name);
  return {
    expected,
    happened,
    ...(details && { details }),
    ...(firstFiredMs !== undefined && { firstFiredAt: clockText(firstFiredMs) }),
    values,
    world: drill.world.all.flatMap((one) => [
      ...one.memory.flatMap(({ words }) => words ?? []),
      ...one.events.map((event) => worldLine(one, event)),
    ]),
    ...(problem
      ? { cause: problem.cause, fix: problem.fix }
      : firstFiredMs === undefined &&
        values.points.every(({ value }) => value === undefined) && {
          cause: isLogSignal(signal)
            ? "Loki has no value of it at these times."
            : `The rules recorded no value of ${signal.series} at these times.`,
        }),
    places: [...(problem && placeOf ? [placeOf(["services", index, "instrumentation"])] : []), drill.place],
  };
}

const alertOf = ({ subject }: Verdict, platform: Platform): Alert => {
  const alert = platform.packs.flatMap(({ alerts }) => alerts).find(({ name }) => name === subject.alert);
  if (!alert) throw new Error(`${subject.alert} is not on this platform, and yet its drill was run`);
  return alert;
};

/** The signal as the rules recorded it or as Loki answered: of several series the one nearest to the threshold, or furthest beyond it. */
function signalQuery({ name: alert, signal, direction }: Alert, labels: ExpectedLabels, { world }: Drill): string {
  const wanted = Object.entries({ [identityLabels[1]]: world.service.name, ...labels });
  const matchers = wanted
    .filter(([name]) => signal.labels.includes(name))
    .map(([name, value]) => `${name}=${promqlString(value)}`);
  const series = isLogSignal(signal)
    ? `{${[`__name__=~${promqlString(logSeriesPattern(alert))}`, ...matchers].join(", ")}}`
    : `${signal.series}{${matchers.join(", ")}}`;
  return `${direction === "above" ? "max" : "min"}(${series})`;
}

/** Whole minutes, evenly from the first change to the end of what matters, and the moment at which it fired. */
function shownTimes(
  expectation: Expectation,
  firstFiredMs: number | undefined,
  { world }: Drill,
  { startMs, endMs, evaluationIntervalMs }: EvaluateRequest,
): number[] {
  const from = clockMs(firstChange(world) ?? "") ?? startMs;
  const windowEnd = expectation.kind === "fires" ? clockMs(expectation.to) : undefined;
  const to = Math.min(endMs, Math.max(windowEnd ?? 0, firstFiredMs ?? 0, from + 60_000));
  const unit = Math.max(60_000, evaluationIntervalMs);
  const step = Math.ceil((to - from) / (shownValues - 1) / unit) * unit;
  const even = Array.from({ length: shownValues }, (_, index) => from + index * step).filter((ms) => ms <= endMs);
  return [...new Set([...even, ...(firstFiredMs === undefined ? [] : [firstFiredMs])])].sort((a, b) => a - b);
}

/** The value at the last evaluation up to each of these times. */
function points(
  answer: QueryResult | undefined,
  times: readonly number[],
  evaluationIntervalMs: number,
): SignalValues["points"] {
  const { timestampsMs = [], values = [] } = answer?.series[0] ?? {};
  return times.map((ms) => {
    const at = timestampsMs.findLastIndex((timestamp) => timestamp <= ms);
    const fresh = at >= 0 && ms - (timestampsMs[at] ?? 0) < evaluationIntervalMs;
    return { at: clockText(ms), ...(fresh && { value: values[at] }) };
  });
}
