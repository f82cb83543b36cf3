import type { AlertInstance, AlertPhase } from "../engine/evaluation.ts";
import { clockText } from "../worlds/clock.ts";

/** Values nearer to each other than this share of them differ by the order of additions only. */
const rounding = 1e-9;

/**
 * The first alert that came out otherwise with a fault in its rule, in words; undefined when all are the same but for
 * the last digits of their values: a factor that is divided out again changes those and nothing else.
 */
export function alertDifference(usual: readonly AlertInstance[], faulty: readonly AlertInstance[]): string | undefined {
  const byLabels = (all: readonly AlertInstance[]) => new Map(all.map((one) => [identity(one), one]));
  const [before, after] = [byLabels(usual), byLabels(faulty)];
  for (const [key, one] of before) {
    const other = after.get(key);
    if (!other) return `${name(one)} ${phasesText(one)}; with the fault it is not there`;
    if (phasesText(one) !== phasesText(other)) {
      return `${name(one)} ${phasesText(one)}; with the fault it ${phasesText(other)}`;
    }
    if (!near(one.value, other.value) || !near(one.lastValue, other.lastValue)) {
      return `${name(one)} tells ${one.value}; with the fault it tells ${other.value}`;
    }
    if (differInText(one, other)) return `${name(one)} says something else with the fault`;
  }
  for (const [key, one] of after) if (!before.has(key)) return `${name(one)} ${phasesText(one)} with the fault only`;
  return undefined;
}

const near = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= rounding * Math.max(Math.abs(a), Math.abs(b));

const identity = ({ labels }: AlertInstance): string => JSON.stringify(Object.entries(labels).sort());

/** A text tells the value, so that the last digits of one may show in the other: where they differ they are no fault. */
const differInText = (one: AlertInstance, other: AlertInstance): boolean =>
  (Object.is(one.value, other.value) && text(one.annotations) !== text(other.annotations)) ||
  (Object.is(one.lastValue, other.lastValue) && text(one.lastAnnotations) !== text(other.lastAnnotations));

const text = (annotations: AlertInstance["annotations"]): string => JSON.stringify(Object.entries(annotations).sort());

const name = ({ alert, labels: { alertname: _, ...labels } }: AlertInstance): string =>
  `${alert} {${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(", ")}}`;

const phasesText = ({ phases }: AlertInstance): string => phases.map(phaseText).join(", ");

const phaseText = ({ state, fromMs, toMs }: AlertPhase): string =>
  `is ${state} from ${clockText(fromMs)} ${toMs === undefined ? "on" : `to ${clockText(toMs)}`}`;
