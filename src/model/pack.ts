import type { Severity } from "./conventions.ts";
import type { Exporter } from "./exporter.ts";
import type { Indicator } from "./indicator.ts";
import type { HttpInstrumentation, RequestDetail } from "./instrumentation.ts";
import type { Platform, Service } from "./platform.ts";
import type { PlatformFeature, PlatformProps } from "./platform-props.ts";
import type { Duration, Quantity, Unit } from "./quantity.ts";

/** One measured quantity: alerts compare it, panels draw it, reports quote it. It comes from metrics or from logs. */
export type Signal<U extends Unit = Unit> = RecordedSignal<U> | LogSignal<U>;

interface SignalHead<U extends Unit> {
  /** Stable id in snake case. */
  name: string;
  /** What a panel's title says. */
  title: string;
  /** What it means, for the engineer who sees the panel for the first time. */
  description: string;
  unit: U;
  /** Labels that its values have. */
  labels: readonly string[];
  /** Whether a platform asks for it: it is nowhere in one that does not. @default - every platform does */
  isWanted?: (platform: Pick<PlatformProps, "logs" | "services" | "thresholds">) => boolean;
  /** It also has those of the signals that it is made from, which differ. @default false */
  hasMoreLabels?: boolean;
  /**
   * How far back the query looks: until that much time has passed, the value also tells of what was before.
   * @default - none: it tells of this instant
   */
  window?: Duration;
  /**
   * How long before an instant it reads samples or lines at all, where that is longer than its window: it compares with
   * what was before. @default - its window
   */
  reach?: Duration;
  /**
   * So much of its window it reads from recorded series: rules must have run for as long before it tells all of it.
   * @default - none: it reads samples
   */
  history?: Duration;
}

/** A signal of metrics: whoever wants it reads the one series that is recorded, so what is drawn is what alerts. */
export interface RecordedSignal<U extends Unit = Unit> extends SignalHead<U> {
  /** Name of the recorded series. */
  series: string;
  /** Which quantile of the service's latency histogram it is; only latency signals have it. */
  quantile?: number;
  /**
   * The fact of the pack's exporters that it tells; drills bring it about, and where no exporter in use shows it there is
   * no signal. @default - the pack's provocations say how
   */
  fact?: string;
  /**
   * What a service must show of its requests for it; it is there where an alert on it is on. @default - what every HTTP
   * instrumentation shows
   */
  needs?: RequestDetail;
  /** How often it is recorded; at most every 4 minutes, for after 5 it is gone. @default - as rules are evaluated */
  every?: Duration;
  /** Series between which it usually is, drawn with it: they are recorded once an hour. @default - none */
  band?: { low: string; high: string };
  source: SignalSource;
}

/** A signal of log lines: nothing records it, so its rules and panels each ask Loki for it. */
export interface LogSignal<U extends Unit = Unit> extends SignalHead<U> {
  /** The LogQL expression over the streams of a selector, which the caller makes with `streamSelector`. */
  logql: (streams: string, platform: Pick<PlatformProps, "logs" | "services">) => string;
  history?: never;
  quantile?: never;
  fact?: never;
  needs?: never;
}

/** The labels by which one finds the place of a value: all but the team, which follows from the service. */
export const placeLabels = ({ labels }: Pick<Signal, "labels">): string[] => labels.filter((label) => label !== "team");

/** Whether a signal comes from logs: Loki evaluates its rules, not Prometheus. */
export const isLogSignal = (signal: Signal): signal is LogSignal => "logql" in signal;

/**
 * How a signal is recorded: once, or once per instrumentation in use, each writing the same series name, so that
 * everything behind it need not know which instrumentation a service has. What services choose themselves, such as
 * their objectives, follows from the platform.
 */
export type SignalSource =
  | { once: string }
  | { perPlatform: (platform: Platform) => string }
  | { perInstrumentation: (http: HttpInstrumentation) => string }
  | { perExporter: (exporter: Exporter) => string }
  /** One of the groups records it that come before the pack's own. */
  | "groups";

/** The value beyond which an alert of a severity fires; a severity that is left out does not exist. */
export type Levels<U extends Unit> = Partial<Record<Severity, Quantity<U>>>;

export type Direction = "above" | "below";

/** A signal with thresholds and words: the promise that drills hold it to. */
export interface Alert<S extends Signal = Signal> {
  /** In Pascal case; the runbook is `runbooks/<pack>/<name>.md`. */
  name: string;
  pack: string;
  signal: S;
  direction: Direction;
  levels: Levels<S["unit"]>;
  /** How long the signal must stay beyond the threshold, without a break. */
  for: Duration;
  /** Speaks only while this other signal is above a value: a ratio of next to nothing says nothing. Metrics only. */
  guard?: { signal: RecordedSignal; above: Quantity };
  /**
   * Speaks of the scrape itself: a service that sends its metrics has none, so the alert does not exist for it.
   * @default false
   */
  scrapedOnly?: boolean;
  /** Off unless `features` switches it on, for all or for a service. @default false */
  optIn?: boolean;
  /** While it is critical, the pack's other alerts of the same place follow from it and are held back. @default false */
  explainsOthers?: boolean;
  /** Names of alerts that follow from it, of whatever severity, and are held back in the same place. @default - none */
  explains?: readonly string[];
  /** Whether its signal can get so far for a service at all. @default - it can */
  canReach?: (service: Pick<Service, "slos" | "forbidden">) => boolean;
  /** One line with the service, the route and the value; Prometheus template, `$labels` and `$value`. */
  summary: string;
  /** What it means for users, in one or two sentences; Prometheus template. */
  impact: string;
  /**
   * What is known of why, as a Prometheus template that may ask for recorded series, and of which services anything is: a
   * line of its own in messages. @default - nothing is known
   */
  cause?: { text: string; isToldOf: (service: Pick<Service, "components">) => boolean };
}

type AlertProps<S extends Signal> = Omit<Alert<S>, "direction" | "levels"> &
  ({ above: Levels<S["unit"]>; below?: never } | { below: Levels<S["unit"]>; above?: never });

/** Declares a signal of metrics; exists so that the unit is checked where it is written. */
export const signal = <U extends Unit>(props: RecordedSignal<U>): RecordedSignal<U> => props;

/** Declares a signal of log lines. */
export const logSignal = <U extends Unit>(props: LogSignal<U>): LogSignal<U> => props;

/** Declares an alert that fires `above` or `below` its levels; both comparisons are strict. */
export function alert<S extends Signal>({ above, below, ...rest }: AlertProps<S>): Alert<S> {
  return { ...rest, direction: above ? "above" : "below", levels: above ?? below ?? {} };
}

/** A rule that records a series, and rules that are evaluated together, in this order. */
export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}
export interface RuleGroup {
  name: string;
  interval: Duration;
  rules: readonly RecordingRule[];
}

/** What follows from the signals of other packs. */
export interface Derivation {
  /** How often its own signals and alerts are evaluated. @default - as often as those of other packs */
  interval?: Duration;
  /** What is recorded before these are. @default - nothing */
  groups?: (platform: Platform) => RuleGroup[];
  /**
   * The platform feature with which it is there: it speaks of all services at once, and reads what the alerts of the
   * packs before it come to. @default - none: it is there for services that ask for it
   */
  feature?: PlatformFeature;
}

/** Everything that is known about one kind of thing that is monitored. */
export interface Pack {
  name: string;
  title: string;
  /**
   * What shows its signals: the instrumentations of HTTP services, or exporters of its own.
   * @default - none is needed: it speaks of logs, or is derived
   */
  shownBy?: "http" | readonly Exporter[];
  /** Series that its signals compare with what they were a day or weeks ago. @default - none */
  learnsFrom?: readonly string[];
  /** What of it can be held to an objective. @default - nothing */
  indicators?: readonly Indicator[];
  /**
   * It is made from signals of other packs, for the services that ask for it under a key of its own: nobody lists it
   * under `packs`. @default - it is not
   */
  derived?: Derivation;
  /** In the order in which they are recorded: a signal of metrics may read those before it. */
  signals: readonly Signal[];
  alerts: readonly Alert[];
}

/** Whether a signal is about the scrape: nothing tells it of a service that sends its metrics. */
export function isOfScrape({ name }: Signal, pack: Pack): boolean {
  const alerts = pack.alerts.filter(({ signal }) => signal.name === name);
  return alerts.length > 0 && alerts.every(({ scrapedOnly }) => scrapedOnly);
}

/** The names of packs that a service can list. */
export const listedPacks = (packs: Readonly<Record<string, Pack>>): string[] =>
  Object.values(packs).flatMap((pack) => (isDerived(pack) ? [] : [pack.name]));

/** The signals of packs that a service can list whose values Prometheus records: what is derived is made from these. */
export const recordedSignals = (packs: Readonly<Record<string, Pack>>): RecordedSignal[] =>
  listedPacks(packs).flatMap((name) => (packs[name]?.signals ?? []).flatMap((one) => (isLogSignal(one) ? [] : [one])));

/** Every exporter that shows signals of these packs. */
export const exportersOf = (packs: readonly Pack[]): Exporter[] =>
  packs.flatMap(({ shownBy }) => (typeof shownBy === "object" ? shownBy : []));

/** The exporter of an instrumentation; undefined for what is none. Every service asks: they are listed once. */
export function exporterOf(kind: string | undefined, packs: Readonly<Record<string, Pack>>): Exporter | undefined {
  const byId = exportersById.get(packs) ?? new Map(exportersOf(Object.values(packs)).map((one) => [one.id, one]));
  exportersById.set(packs, byId);
  return byId.get(kind ?? "");
}

const exportersById = new WeakMap<object, ReadonlyMap<string, Exporter>>();

/** Whether a pack speaks of what other packs show: nobody names it, and it is drilled by itself. */
export const isDerived = ({ derived }: Pack): boolean => derived !== undefined;
