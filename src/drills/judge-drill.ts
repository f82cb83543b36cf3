import type { AlertInstance, AlertPhase } from "../engine/evaluation.ts";
import { identityLabels, type Severity, severities } from "../model/conventions.ts";
import type { AlertPromise, Platform } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";
import { clockMs, clockText, spanText } from "../worlds/clock.ts";
import type { World } from "../worlds/world.ts";
import type { Expectation, ExpectedLabels, FiresExpectation, QuietExpectation } from "./drill.ts";
import { messageFaults } from "./message-check.ts";

/** What an expectation found instead of what it asked for. */
export interface Verdict {
  happened: string;
  details?: string[];
  firstFiredMs?: number;
  /** Whose signal is worth showing. */
  subject: { alert: string; severity?: Severity; labels: ExpectedLabels };
}

export interface JudgeContext {
  alerts: readonly AlertInstance[];
  receiversFor: (labels: Readonly<Record<string, string>>) => string[];
  world: World;
  platform: Platform;
  /** Undefined when the service has no promise of the alert. */
  promise: AlertPromise | undefined;
}

const [, serviceLabel] = identityLabels;
const dropped = ["alertname", "severity", "pack", "team", "environment"];

/** `HttpLatencyHigh critical {service="orders-api", route="/orders"} should fire between 12:05 and 12:11.` */
export function expectationText(expectation: Expectation, world: World): string {
  const { alert, severity, labels } = expectation;
  const who = `${[alert, severity].filter(Boolean).join(" ")} ${labelsText({ [serviceLabel]: world.service.name, ...labels })}`;
  if (expectation.kind === "quiet") return `${who} should stay quiet.`;
  const { from, to, receivers, resolvedFrom, resolvedBy } = expectation;
  const reach = receivers.length === 0 ? "" : `, reach ${receivers.join(" and ")}`;
  const over = resolvedFrom === undefined ? `by ${resolvedBy}` : spanOfTime(resolvedFrom, resolvedBy ?? "");
  const end = resolvedBy === undefined ? "" : `, be over ${over}`;
  return `${who} should fire ${spanOfTime(from, to)}${reach}${end}.`;
}

const spanOfTime = (from: string, to: string): string => (from === to ? `at ${from}` : `between ${from} and ${to}`);

const labelsText = (labels: ExpectedLabels): string =>
  `{${Object.entries(labels)
    .filter(([name]) => !dropped.includes(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;

/** Undefined when the expectation is met. */
export const judge = (expectation: Expectation, context: JudgeContext): Verdict | undefined =>
  expectation.kind === "quiet" ? judgeQuiet(expectation, context) : judgeFires(expectation, context);

function judgeQuiet({ alert, severity, labels }: QuietExpectation, { alerts }: JudgeContext): Verdict | undefined {
  const loud = firings(alerts.filter((one) => is(one, alert, severity) && carries(one.labels, labels)));
  const [first] = loud;
  if (!first) return undefined;
  const seen = first.instance.labels;
  const also = loud.filter(({ instance }) => instance !== first.instance).length;
  const others = also > 0 ? `, and ${also} more` : "";
  return {
    happened: `It fired at ${clockText(first.fromMs)} as ${seen.severity} ${labelsText(readable(seen))}${others}.`,
    firstFiredMs: first.fromMs,
    subject: { alert, severity: asSeverity(seen.severity), labels: seen },
  };
}

function judgeFires(expectation: FiresExpectation, context: JudgeContext): Verdict | undefined {
  const { alert, severity, labels, receivers, resolvedFrom, resolvedBy } = expectation;
  const [fromMs, toMs] = [clockMs(expectation.from) ?? Number.NaN, clockMs(expectation.to) ?? Number.NaN];
  const fitting = context.alerts.filter((one) => is(one, alert, severity) && carries(one.labels, labels));
  const fired = firings(fitting);
  const [first] = fired;
  const subject = { alert, severity, labels: first?.instance.labels ?? labels };
  if (!first) return { ...neverFired(expectation, fitting, context), subject };
  const verdict = (happened: string): Verdict => ({ happened, firstFiredMs: first.fromMs, subject });
  const at = `It fired at ${clockText(first.fromMs)}`;
  if (first.fromMs < fromMs) return verdict(`${at}, ${spanText(first.fromMs, fromMs)} too early.`);
  if (first.fromMs > toMs) return verdict(`${at}, ${spanText(first.fromMs, toMs)} too late.`);
  const reached = context.receiversFor(first.instance.labels);
  if (receivers.some((name) => !reached.includes(name))) {
    return verdict(`${at}, but reached ${reached.join(" and ") || "nobody"}.`);
  }
  if (resolvedBy !== undefined) {
    const last = fired.reduce((latest, phase) => Math.max(latest, phase.toMs ?? Number.POSITIVE_INFINITY), 0);
    const late = Number.isFinite(last) ? `was over at ${clockText(last)}` : "was not over when the drill ended";
    const soon = resolvedFrom !== undefined && last < (clockMs(resolvedFrom) ?? Number.NaN);
    if (soon || last > (clockMs(resolvedBy) ?? Number.NaN)) return verdict(`${at} and ${late}.`);
  }
  if (!context.promise) return undefined;
  const { promise } = context;
  // Every one of them is sent: a rule that is meant for another service would give a second one, with its threshold.
  const instances = new Set(fired.map(({ instance }) => instance));
  const details = [...instances].flatMap((instance) => messageFaults(instance, { ...context, promise, expectation }));
  return details.length === 0 ? undefined : { ...verdict(`${at}, but its message is not what it should be.`), details };
}

/** Tells the nearest thing that did happen: another severity, other labels, pending only, or nothing at all. */
function neverFired(
  { alert, severity, labels }: FiresExpectation,
  fitting: readonly AlertInstance[],
  { alerts, promise }: JudgeContext,
): Omit<Verdict, "subject"> {
  const other = severities.find((one) => one !== severity);
  const [milder] = firings(alerts.filter((one) => is(one, alert, other) && carries(one.labels, labels)));
  const also = milder ? ` It fired as ${other} only, at ${clockText(milder.fromMs)}.` : "";
  const [elsewhere] = firings(alerts.filter((one) => is(one, alert, severity)));
  if (elsewhere) {
    return {
      happened: `It fired at ${clockText(elsewhere.fromMs)} with other labels.`,
      details: labelDifference(labels, elsewhere.instance.labels),
      firstFiredMs: elsewhere.fromMs,
    };
  }
  const pending = fitting.flatMap(({ phases }) => phases).sort((a, b) => length(b) - length(a))[0];
  if (!pending) return { happened: `It never did.${also}` };
  const until = pending.toMs === undefined ? "the end" : clockText(pending.toMs);
  const must = promise ? `; it must hold for ${formatDuration(promise.for)}` : "";
  return { happened: `It was pending from ${clockText(pending.fromMs)} to ${until}, but never fired${must}.${also}` };
}

const length = ({ fromMs, toMs = Number.POSITIVE_INFINITY }: AlertPhase): number => toMs - fromMs;

/** `route: expected "/orders", fired with "/items"`, for each label that differs. */
const labelDifference = (expected: ExpectedLabels, seen: ExpectedLabels): string[] =>
  Object.entries(expected)
    .filter(([name, value]) => seen[name] !== value)
    .map(([name, value]) => {
      const actual = seen[name];
      return `${name}: expected ${JSON.stringify(value)}, fired ${actual === undefined ? "without it" : `with ${JSON.stringify(actual)}`}`;
    });

const is = ({ alert: name, labels }: AlertInstance, alert: string, severity: Severity | undefined): boolean =>
  name === alert && (severity === undefined || labels.severity === severity);

const carries = (actual: ExpectedLabels, wanted: ExpectedLabels): boolean =>
  Object.entries(wanted).every(([name, value]) => actual[name] === value);

/** Every time one of the instances fired, in order. */
const firings = (instances: readonly AlertInstance[]) =>
  instances
    .flatMap((instance) =>
      instance.phases.filter(({ state }) => state === "firing").map(({ fromMs, toMs }) => ({ instance, fromMs, toMs })),
    )
    .sort((a, b) => a.fromMs - b.fromMs);

const asSeverity = (text: string | undefined): Severity | undefined => severities.find((one) => one === text);

/** The service first, then the rest by name, as a reader looks for them. */
const readable = ({ [serviceLabel]: service = "", ...rest }: ExpectedLabels): ExpectedLabels => ({
  [serviceLabel]: service,
  ...rest,
});
