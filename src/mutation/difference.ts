import type { AlertInstance, AlertPhase } from "../engine/evaluation.ts";
import { clockText } from "../worlds/clock.ts";

/** Values nearer to each other than this share of them differ by the order of additions only. */
const rounding = 1e-9;

/** An alert that came out otherwise with a fault in its rule. */
export interface AlertDifference {
  /** `ApiDown {instance="a", severity="critical"}` */
  subject: string;
  labels: Readonly<Record<string, string>>;
  /** What it does with the rules as they are, and with the fault: `pending from 12:05 to 12:10, firing from 12:10 on`. */
  usual: string;
  faulty: string;
  /** The first moment at which it is in another state; undefined where it only tells something else. */
  atMs?: number;
}

/**
 * The first alert that came out otherwise with a fault in its rule; undefined when all are the same but for the last
 * digits of their values: a factor that is divided out again changes those and nothing else.
 *
 * @param limits what values are compared with: a value that only its last digits put beyond one of them is not beyond it
 */
export function alertDifference(
  usual: readonly AlertInstance[],
  faulty: readonly AlertInstance[],
  limits: readonly number[] = [],
): AlertDifference | undefined {
  // Most are the very same: those of rules that the fault does not reach.
  const told = (all: readonly AlertInstance[], others: ReadonlySet<AlertInstance>) =>
    new Map(all.filter((one) => !others.has(one) && !isRounded(one, limits)).map((one) => [identity(one), one]));
  const [before, after] = [told(usual, new Set(faulty)), told(faulty, new Set(usual))];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(key), after.get(key)];
    const known = one ?? other;
    const words = known && differenceOf(one, other);
    if (words) return { subject: nameOf(known), labels: known.labels, ...words };
  }
  return undefined;
}

type Words = Pick<AlertDifference, "usual" | "faulty" | "atMs">;

function differenceOf(one: AlertInstance | undefined, other: AlertInstance | undefined): Words | undefined {
  const [usual, faulty] = [phasesText(one), phasesText(other)];
  if (usual !== faulty) return { usual, faulty, atMs: firstDifferenceMs(one?.phases ?? [], other?.phases ?? []) };
  if (!one || !other) return undefined;
  const values = [[one.value, other.value] as const, [one.lastValue, other.lastValue] as const];
  const differing = values.find(([a, b]) => !near(a, b));
  if (differing) return { usual: `tells ${differing[0]}`, faulty: `tells ${differing[1]}` };
  return textDifference(one, other);
}

const near = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= rounding * Math.max(Math.abs(a), Math.abs(b));

/** Only the last digits of its value, at the first look and the last, put it on this side of a limit. */
const isRounded = ({ value, lastValue }: AlertInstance, limits: readonly number[]): boolean =>
  limits.some((limit) => [value, lastValue].every((one) => one !== limit && near(one, limit)));

const identity = ({ labels }: AlertInstance): string => JSON.stringify(Object.entries(labels).sort());

/** A text tells the value, so that the last digits of one may show in the other: where they differ they are no fault. */
function textDifference(one: AlertInstance, other: AlertInstance): Words | undefined {
  const pairs = [
    ...(Object.is(one.value, other.value) ? [[one.annotations, other.annotations] as const] : []),
    ...(Object.is(one.lastValue, other.lastValue) ? [[one.lastAnnotations, other.lastAnnotations] as const] : []),
  ];
  for (const [before, after] of pairs) {
    const key = Object.keys({ ...before, ...after }).find((name) => before[name] !== after[name]);
    if (key !== undefined) return { usual: saysText(key, before[key]), faulty: saysText(key, after[key]) };
  }
  return undefined;
}

const saysText = (annotation: string, text: string | undefined): string =>
  text === undefined ? `has no ${annotation}` : `has the ${annotation} ${JSON.stringify(text)}`;

const nameOf = ({ alert, labels: { alertname: _, ...labels } }: AlertInstance): string =>
  `${alert} {${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(", ")}}`;

const phasesText = (instance: AlertInstance | undefined): string =>
  instance?.phases.map(phaseText).join(", ") || "quiet";

const phaseText = ({ state, fromMs, toMs }: AlertPhase): string =>
  `${state} from ${clockText(fromMs)} ${toMs === undefined ? "on" : `to ${clockText(toMs)}`}`;

function firstDifferenceMs(one: readonly AlertPhase[], other: readonly AlertPhase[]): number | undefined {
  const stateAt = (phases: readonly AlertPhase[], ms: number) =>
    phases.find(({ fromMs, toMs = Infinity }) => fromMs <= ms && ms < toMs)?.state;
  const times = [...one, ...other].flatMap(({ fromMs, toMs }) => [fromMs, ...(toMs === undefined ? [] : [toMs])]);
  return times.sort((a, b) => a - b).find((ms) => stateAt(one, ms) !== stateAt(other, ms));
}
