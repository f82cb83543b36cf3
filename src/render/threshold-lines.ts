import { type Severity, severities } from "../model/conventions.ts";
import type { Direction, Signal } from "../model/pack.ts";
import type { AlertPromise } from "../model/platform.ts";
import { formatDuration, formatThreshold } from "../model/quantity.ts";
import { palette } from "./palette.ts";

/** Where a colour begins; `null` is below every value. Grafana's threshold step. */
export interface ThresholdStep {
  value: number | null;
  color: string;
}

/** The promises whose lines a dashboard draws, by alert name. */
export type Promises = ReadonlyMap<string, Pick<AlertPromise, "alert" | "levels" | "for">>;

export const promisesOn = (signal: Signal, promises: Promises): Pick<AlertPromise, "alert" | "levels" | "for">[] =>
  [...promises.values()].filter(({ alert }) => alert.signal.name === signal.name);

interface Level {
  value: number;
  severity: Severity;
  direction: Direction;
}

/** The very numbers that the rules compare with, ascending. */
const levelsOn = (signal: Signal, promises: Promises): Level[] =>
  promisesOn(signal, promises)
    .flatMap(({ alert: { direction }, levels }) =>
      severities.flatMap((severity) => {
        const value = levels[severity]?.value;
        return value === undefined ? [] : [{ value, severity, direction }];
      }),
    )
    .sort((a, b) => a.value - b.value);

/** A line at each threshold, in its severity's colour. */
export const thresholdLines = (signal: Signal, promises: Promises): { value: number; color: string }[] =>
  levelsOn(signal, promises).map(({ value, severity }) => ({ value, color: palette[severity] }));

/** Colours of the ranges between the thresholds: of the worst severity that a value there is beyond. */
export function thresholdRegions(signal: Signal, promises: Promises): ThresholdStep[] {
  const levels = levelsOn(signal, promises);
  const colorFrom = (value: number): string => {
    const beyond = levels.filter((level) => (level.direction === "above" ? value >= level.value : value < level.value));
    if (beyond.some(({ severity }) => severity === "critical")) return palette.critical;
    return beyond.length > 0 ? palette.warning : palette.ok;
  };
  return [
    { value: null, color: colorFrom(Number.NEGATIVE_INFINITY) },
    ...levels.map(({ value }) => ({ value, color: colorFrom(value) })),
  ];
}

/** A promise's lines in words, as Markdown: `**HttpLatencyHigh**: warning above 1.5 s, critical above 2 s, for 5m`. */
export function lineText({ alert, levels, for: held }: Pick<AlertPromise, "alert" | "levels" | "for">): string {
  const parts = severities.flatMap((severity) => {
    const level = levels[severity];
    return level ? [`${severity} ${alert.direction} ${formatThreshold(level)}`] : [];
  });
  return `**${alert.name}**: ${parts.join(", ")}, for ${formatDuration(held)}`;
}
