import { type Provocations, provocationOf } from "../boundaries/provocation.ts";
import { type Trouble, troubleOf } from "../boundaries/trouble.ts";
import { drillSubject, levelsOf, noon } from "../drills/drill-subject.ts";
import type { Engine } from "../engine/engine.ts";
import type { AlertInstance, EvaluateRequest } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { Severity } from "../model/conventions.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import type { Unit } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import { expose } from "../worlds/exposition.ts";
import { measurableTolerance } from "../worlds/measurable.ts";
import type { World } from "../worlds/world.ts";

/** How long trouble of one value took to be told, and how long the promise allows; seconds. */
export interface Detection {
  value: number;
  /** Undefined: it was never told. */
  seconds?: number;
  allowed: readonly [from: number, to: number];
}

/** What one level of an alert really does for one service; values are of the world, in the signal's unit. */
export interface Measurement {
  service: string;
  alert: string;
  severity: Severity;
  unit: Unit;
  direction: "above" | "below";
  declared: number;
  holdSeconds: number;
  /** The value next to the declared threshold's side of health at which it did not fire, and the first at which it did. */
  quietAt: number;
  /** Undefined: at no value at all. */
  firesAt?: number;
  /** How far off the declared threshold is all right, as a share of it: buckets and whole requests allow no better. */
  tolerance: number;
  /** `firesAt` as a share above (or below) the declared threshold. */
  deviation?: number;
  /** Just beyond the threshold, and at twice as far from the usual or the most there is. */
  detections: Detection[];
}

/** A difference of the declared threshold that is small enough not to be looked for. */
const precision = 0.0025;

/** Values that are tried at once in each round of the search. */
const candidates = 8;

/** What is measured of all levels of a service, with its rules, in a few evaluations for all of them together. */
export function measureService(
  service: Service,
  platform: Platform,
  { engine, ruleFiles, provocations }: { engine: Engine; ruleFiles: readonly RuleFile[]; provocations: Provocations },
): Measurement[] {
  const subject = drillSubject(service, platform);
  const troubles = [...service.promises.values()]
    .filter(({ alert }) => !isLogSignal(alert.signal))
    .flatMap(({ alert }) => levelsOf(alert, subject))
    .map((level) => troubleOf(level, provocationOf(level, provocations)));
  const bench = new Bench(engine, ruleFiles, platform);
  const searches = troubles.map((trouble) => new Search(trouble));
  for (let open = searches.filter((one) => !one.isOver); open.length > 0; open = open.filter((one) => !one.isOver)) {
    const tries = open.flatMap((search) => search.values().map((value) => ({ search, value })));
    const fired = bench.steady(tries.map(({ search: { trouble }, value }) => ({ trouble, value })));
    for (const search of open) search.learn(fired.filter((_, index) => tries[index]?.search === search));
  }
  const timed = troubles.flatMap((trouble) =>
    [...new Set([trouble.beyond, trouble.strong])].map((value) => ({ trouble, value })),
  );
  const detections = bench.detections(timed);
  return searches.map((search) =>
    search.measurement(detections.filter((_, index) => timed[index]?.trouble === search.trouble)),
  );
}

/** One value of one level's trouble, tried in an environment of its own so that many can be tried at once. */
interface Try {
  trouble: Trouble;
  value: number;
}

const environmentOf = (number: number): string => `measured-${number}`;

/** Evaluates the rules on many worlds at once. */
class Bench {
  constructor(
    private readonly engine: Engine,
    private readonly ruleFiles: readonly RuleFile[],
    private readonly platform: Platform,
  ) {}

  /** Whether each level is beyond its threshold, at every look for as long as a window, when the value never changes. */
  steady(tries: readonly Try[]): boolean[] {
    const startMs = clockMs(noon) ?? 0;
    const longest = Math.max(0, ...tries.map(windowSeconds));
    const endMs = Math.ceil((startMs + longest * 1000) / this.stepMs) * this.stepMs;
    const alerts = this.evaluate(
      tries.map(({ trouble, value }, number) => trouble.happens(trouble.world.in(environmentOf(number)), value)),
      { samplesFromMs: startMs - (longest + 2 * this.scrapeSeconds) * 1000, startMs, endMs },
    );
    return tries.map(({ trouble }, number) =>
      alertsOf(alerts, trouble, number).some(
        ({ phases }) => phases[0]?.fromMs === startMs && phases.at(-1)?.toMs === undefined && isUnbroken(phases),
      ),
    );
  }

  /** How long it takes until each level fires, from the moment at which the value sets in. */
  detections(tries: readonly Try[]): Detection[] {
    const starts = tries.map(({ trouble, value }) => trouble.time(value).start(noon));
    const ranges = tries.map(({ trouble, value }, index) => trouble.time(value).fires(starts[index] ?? noon));
    const times = (texts: readonly string[]) => texts.map((text) => clockMs(text) ?? 0);
    const [first, last] = [Math.min(...times(starts)), Math.max(...times(ranges.map(([, to]) => to)))];
    const longest = Math.max(0, ...tries.map(windowSeconds));
    // Half as long again as is promised: what has not been told by then is as good as never told.
    const endMs = Math.ceil((first + 1.5 * (last - first)) / this.stepMs) * this.stepMs;
    const startMs = Math.floor(first / this.stepMs) * this.stepMs - this.stepMs;
    const alerts = this.evaluate(
      tries.map(({ trouble, value }, number) =>
        trouble.happens(trouble.world.in(environmentOf(number)), value, starts[number]),
      ),
      { samplesFromMs: startMs - (longest + 2 * this.scrapeSeconds) * 1000, startMs, endMs },
    );
    return tries.map(({ trouble, value }, number) => {
      const sinceMs = clockMs(starts[number] ?? "") ?? 0;
      const fired = alertsOf(alerts, trouble, number)
        .flatMap(({ phases }) => phases.filter(({ state }) => state === "firing").map(({ fromMs }) => fromMs))
        .sort((a, b) => a - b)[0];
      const [from = 0, to = 0] = times(ranges[number] ?? []).map((ms) => (ms - sinceMs) / 1000);
      return { value, ...(fired !== undefined && { seconds: (fired - sinceMs) / 1000 }), allowed: [from, to] };
    });
  }

  private get stepMs(): number {
    return this.platform.intervals.evaluation.value * 1000;
  }
  private get scrapeSeconds(): number {
    return this.platform.intervals.scrape.value;
  }

  private evaluate(
    worlds: readonly World[],
    { samplesFromMs, startMs, endMs }: Pick<EvaluateRequest, "startMs" | "endMs"> & { samplesFromMs: number },
  ): AlertInstance[] {
    const { alerts, errors } = this.engine.evaluate({
      ruleFiles: [...this.ruleFiles],
      series: worlds.flatMap((world) => expose(world, { startMs: samplesFromMs, endMs }, this.scrapeSeconds)),
      startMs,
      endMs,
      evaluationIntervalMs: this.stepMs,
    });
    const [error] = errors;
    if (error) throw new Error(`${error.file}: ${error.rule ?? "a rule"}: ${error.message}`);
    return alerts;
  }
}

const windowSeconds = ({ trouble }: Try): number => trouble.level.promise.alert.signal.window?.value ?? 0;

const alertsOf = (alerts: readonly AlertInstance[], { level }: Trouble, number: number): AlertInstance[] =>
  alerts.filter(
    ({ alert, labels }) =>
      alert === level.promise.alert.name &&
      labels.severity === level.severity &&
      labels.environment === environmentOf(number),
  );

const isUnbroken = (phases: AlertInstance["phases"]): boolean =>
  phases.every(({ fromMs }, index) => index === 0 || phases[index - 1]?.toMs === fromMs);

/** The search for the value at which one level begins to fire: ever finer steps between one that is quiet and one that fires. */
class Search {
  private quietAt: number;
  private firesAt: number | undefined;
  private tried: number[] = [];
  private round = 0;

  constructor(readonly trouble: Trouble) {
    this.quietAt = trouble.usual;
    // That there are no samples is true or not: there is nothing between, and nothing steady about it.
    if (trouble.isAbsence) this.firesAt = trouble.most;
  }

  get isOver(): boolean {
    if (this.trouble.isAbsence) return true;
    if (this.round > 0 && this.firesAt === undefined) return true;
    const { level, step = 0 } = this.trouble;
    const width = Math.abs((this.firesAt ?? Infinity) - this.quietAt);
    return width <= Math.max(step * 1.001, precision * level.threshold) || this.round > 8;
  }

  /** What to try next: first the most there is and values around the threshold, then evenly in between. */
  values(): number[] {
    const { usual, most, level, step } = this.trouble;
    const [low, high] = [this.quietAt, this.firesAt ?? most];
    const share = (part: number) => low + part * (high - low);
    const even = Array.from({ length: candidates - 1 }, (_, index) => share((index + 1) / candidates));
    const near = [0.5, 0.9, 0.98, 1.02, 1.1, 2].map((factor) => factor * level.threshold);
    const all = this.round === 0 ? [...near, most] : even;
    const snapped = step ? all.map((value) => Math.round(value / step) * step) : all;
    const inside = (value: number) => (value - usual) * (value - most) <= 0 && value !== usual;
    this.tried = [...new Set(snapped.filter(inside))].sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
    return this.tried;
  }

  /** Whether each of the values that were tried fired. */
  learn(fired: readonly boolean[]): void {
    const first = fired.indexOf(true);
    this.round += 1;
    const quiet = first === -1 ? this.tried : this.tried.slice(0, first);
    this.quietAt = quiet.at(-1) ?? this.quietAt;
    this.firesAt = this.tried[first] ?? this.firesAt;
  }

  measurement(detections: Detection[]): Measurement {
    const { level, step = 0, blur = 0, isAbsence } = this.trouble;
    const { promise, severity, threshold } = level;
    const { alert, service } = promise;
    return {
      service: service.name,
      alert: alert.name,
      severity,
      unit: alert.signal.unit,
      direction: alert.direction,
      declared: threshold,
      holdSeconds: promise.for.value,
      quietAt: this.quietAt,
      ...(this.firesAt !== undefined && { firesAt: this.firesAt }),
      tolerance: threshold === 0 ? 0 : Math.max(measurableTolerance, step / threshold, blur / threshold),
      ...(this.firesAt !== undefined && !isAbsence && { deviation: this.firesAt / threshold - 1 }),
      detections,
    };
  }
}
