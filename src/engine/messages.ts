import type { JsonNumber } from "./ask.ts";
import type { AlertInstance, EvaluateRequest, EvaluateResult, Trial } from "./evaluation.ts";
import type { UnitTestRequest } from "./unit-test.ts";

// The messages to and from engine/messages.go.

/** One takes 24 bytes of the engine's memory while it is loaded. */
const mostSamples = 10_000_000;

/** A request as the engine reads it: JSON, and the bytes of all timestamps and all values. */
export function packed({ series, ...rest }: EvaluateRequest) {
  const samples = series.reduce((sum, { values }) => sum + values.length, 0);
  if (samples > mostSamples) {
    throw new Error(`the series hold ${samples} samples, the engine takes ${mostSamples} at most: cut them shorter`);
  }
  const head = series.map(({ labels, timestampsMs, values, staleAtMs }) => {
    if (timestampsMs.length !== values.length) {
      throw new Error(`series ${JSON.stringify(labels)}: ${timestampsMs.length} timestamps, ${values.length} values`);
    }
    return { labels, count: values.length, staleAtMs: Array.from(staleAtMs ?? []) };
  });
  return {
    text: JSON.stringify({ ...rest, series: head }),
    timestamps: concatenate(series.map((s) => s.timestampsMs)),
    values: concatenate(series.map((s) => s.values)),
  };
}

function concatenate(parts: Float64Array[]): Uint8Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(whole.buffer);
}

/** Reads rule files as the engine asks for them: patterns in, files or an error out, as JSON. */
export const ruleFileReply =
  (read: UnitTestRequest["readRuleFiles"]) =>
  (patterns: string): string => {
    try {
      return JSON.stringify({ files: read(JSON.parse(patterns) as string[]) });
    } catch (error) {
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
  };

/** JSON has no NaN and no infinities; the engine writes them as strings that `Number` reads. */
export function withNumbers(result: EvaluateResult): EvaluateResult {
  result.alerts.forEach(alertWithNumbers);
  for (const query of result.queries) {
    for (const series of query.series) series.values = series.values.map(toNumber);
  }
  return result;
}

/** What a trial came to: of the rules that came out otherwise, by number, the alerts. Writing and reading all takes longer than the trial. */
export type TrialReply = { same: true } | (Extract<Trial, { same: false }> & { changed: number[] });

/** With the alerts of all other rules, as they are without the changes. */
export function wholeTrial(
  { changed, alerts, errors }: Extract<TrialReply, { same: false }>,
  usual: readonly AlertInstance[],
): Trial {
  const others = new Set(changed);
  const whole = [...usual.filter(({ rule }) => !others.has(rule)), ...alerts.map(alertWithNumbers)];
  return { same: false, alerts: whole.sort((a, b) => a.rule - b.rule), errors };
}

function alertWithNumbers(alert: AlertInstance): AlertInstance {
  alert.value = toNumber(alert.value);
  alert.lastValue = toNumber(alert.lastValue);
  return alert;
}

export function toNumber(value: JsonNumber): number {
  return typeof value === "number" ? value : Number(value.replace("Inf", "Infinity"));
}
