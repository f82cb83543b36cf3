import { clockText } from "../drills/clock.ts";
import type { AlertInstance, AlertPhase } from "../engine/engine.ts";

/** The first alert that came out otherwise, in words: `HttpLatencyHigh {…} was firing from 12:06, not from 12:05:30`. */
export function alertDifference(usual: readonly AlertInstance[], faulty: readonly AlertInstance[]): string {
  const byLabels = (all: readonly AlertInstance[]) => new Map(all.map((one) => [identity(one), one]));
  const [before, after] = [byLabels(usual), byLabels(faulty)];
  for (const [key, one] of before) {
    const other = after.get(key);
    if (!other) return `${name(one)} ${phasesText(one)}; with the fault it does not exist`;
    if (phasesText(one) !== phasesText(other)) return `${name(one)} ${phasesText(one)}; with the fault ${phasesText(other)}`;
  }
  for (const [key, one] of after) if (!before.has(key)) return `${name(one)} ${phasesText(one)} only with the fault`;
  return "its value or its texts differ";
}

const identity = ({ labels }: AlertInstance): string => JSON.stringify(Object.entries(labels).sort());

const name = ({ alert, labels: { alertname: _, ...labels } }: AlertInstance): string =>
  `${alert} {${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(", ")}}`;

const phasesText = ({ phases }: AlertInstance): string => phases.map(phaseText).join(", ");

const phaseText = ({ state, fromMs, toMs }: AlertPhase): string =>
  `is ${state} from ${clockText(fromMs)} ${toMs === undefined ? "on" : `to ${clockText(toMs)}`}`;
