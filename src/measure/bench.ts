import type { Trouble } from "../boundaries/trouble.ts";
import { noon } from "../drills/drill-subject.ts";
import type { Engine } from "../engine/engine.ts";
import type { AlertInstance } from "../engine/evaluation.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { hours, minutes, seconds } from "../model/quantity.ts";
import { clockMs, later } from "../worlds/clock.ts";
import type { World } from "../worlds/world.ts";
import type { Exposed, LookTimeline } from "./exposed.ts";
import type { Detection } from "./measurement.ts";

/** One value of one level's trouble, tried in an environment of its own so that many can be tried at once. */
export interface Try {
  trouble: Trouble;
  value: number;
}

/** Evaluates the rules on many worlds at once. */
export class Bench {
  constructor(
    private readonly engine: Engine,
    private readonly platform: Platform,
    private readonly exposed: Exposed,
  ) {}

  /** Whether each level is beyond its threshold, at every look for as long as a window, when the value never changes. */
  steady(tries: readonly Try[]): Promise<boolean[]> {
    return apart(tries, (some) => this.steadyOf(some));
  }

  private async steadyOf(tries: readonly Try[]): Promise<boolean[]> {
    const timeline = steadyTimeline(tries, this.platform);
    const alerts = await this.evaluate(tries.map(steadyWorld), timeline);
    return tries.map(({ trouble }, number) =>
      alertsOf(alerts, trouble, number).some(
        ({ phases }) =>
          phases[0]?.fromMs === timeline.startMs && phases.at(-1)?.toMs === undefined && isUnbroken(phases),
      ),
    );
  }

  /**
   * How long it takes until each level fires, from the moment at which the value sets in. What looks back on days of what
   * was recorded is tried by itself: it would make all others last as long.
   */
  async detections(tries: readonly Try[]): Promise<Detection[]> {
    const found = new Map<Try, Detection>();
    for (const history of new Set(tries.map(historySeconds))) {
      const some = tries.filter((one) => historySeconds(one) === history);
      const detected = await apart(some, (few) => this.detectionsAtOnce(few));
      some.forEach((one, number) => {
        const detection = detected[number];
        if (detection) found.set(one, detection);
      });
    }
    return tries.flatMap((one) => found.get(one) ?? []);
  }

  private async detectionsAtOnce(tries: readonly Try[]): Promise<Detection[]> {
    const alerts = await this.evaluate(tries.map(troubledWorld), detectionTimeline(tries, this.platform));
    return tries.map(({ trouble, value }, number) => {
      const start = startOf({ trouble, value });
      const sinceMs = clockMs(start) ?? 0;
      const fired = alertsOf(alerts, trouble, number)
        .flatMap(({ phases }) => phases.filter(({ state }) => state === "firing").map(({ fromMs }) => fromMs))
        .sort((a, b) => a - b)[0];
      const [from = 0, to = 0] = times(trouble.time(value).fires(start)).map((ms) => (ms - sinceMs) / 1000);
      return { value, ...(fired !== undefined && { seconds: (fired - sinceMs) / 1000 }), allowed: [from, to] };
    });
  }

  private async evaluate(worlds: readonly World[], timeline: LookTimeline): Promise<AlertInstance[]> {
    const { startMs, endMs } = timeline;
    const { alerts, errors } = this.engine.evaluate({
      ...(await this.exposed(worlds, timeline)),
      startMs,
      endMs,
      evaluationIntervalMs: this.platform.intervals.evaluation.value * 1000,
    });
    const [error] = errors;
    if (error) throw new Error(`${error.file}: ${error.rule ?? "a rule"}: ${error.message}`);
    return alerts;
  }
}

/**
 * Asks for those that are compared with what was before by themselves: these need a longer history than all others, in
 * which other things could not stay as they are. So do those that look at hours: the samples of all of them over such a
 * time are more than the engine can hold.
 */
async function apart<T>(tries: readonly Try[], ask: (some: readonly Try[]) => Promise<T[]>): Promise<T[]> {
  const groups = [true, false].flatMap((compared) =>
    [true, false].map((long) => tries.filter((each) => isCompared(each) === compared && isLong(each) === long)),
  );
  const answers = new Map<Try, T>();
  for (const group of groups.filter(({ length }) => length > 0)) {
    const found = await ask(group);
    group.forEach((one, index) => void answers.set(one, found[index] as T));
  }
  return tries.map((one) => answers.get(one) as T);
}

/** The value has always been so; where it is compared with what was before, for as long as its window is long. */
export function steadyWorld(one: Try, number = 0): World {
  const { trouble, value } = one;
  const since = isCompared(one) ? later(noon, seconds(-2 * windowSeconds(one))) : undefined;
  return trouble.happens(trouble.world.in(environmentOf(number)), value, since);
}

/** The value sets in at about noon. */
export const troubledWorld = ({ trouble, value }: Try, number = 0): World =>
  trouble.happens(trouble.world.in(environmentOf(number)), value, startOf({ trouble, value }));

export function steadyTimeline(tries: readonly Try[], { intervals }: Platform): LookTimeline {
  const stepMs = intervals.evaluation.value * 1000;
  const startMs = clockMs(noon) ?? 0;
  const endMs = Math.ceil((startMs + longest(tries, lookedAtSeconds) * 1000) / stepMs) * stepMs;
  return { samplesFromMs: samplesFromMs(startMs, tries), startMs, endMs };
}

export function detectionTimeline(tries: readonly Try[], { intervals }: Platform): LookTimeline {
  const stepMs = intervals.evaluation.value * 1000;
  const first = Math.min(...times(tries.map(startOf)));
  const last = Math.max(...times(tries.map((one) => one.trouble.time(one.value).fires(startOf(one))[1])));
  // Half as long again as is promised: what has not been told by then is as good as never told.
  const endMs = Math.ceil((first + 1.5 * (last - first)) / stepMs) * stepMs;
  const startMs = Math.floor((first - longest(tries, historySeconds) * 1000) / stepMs) * stepMs - stepMs;
  return { samplesFromMs: samplesFromMs(startMs, tries), startMs, endMs };
}

const samplesFromMs = (startMs: number, tries: readonly Try[]): number =>
  startMs - (longest(tries, reachSeconds) + 2 * longest(tries, scrapeSeconds)) * 1000;

const startOf = ({ trouble, value }: Try): string => trouble.time(value).start(noon);
const times = (texts: readonly string[]): number[] => texts.map((text) => clockMs(text) ?? 0);
const longest = (tries: readonly Try[], secondsOf: (one: Try) => number): number =>
  Math.max(0, ...tries.map(secondsOf));
/** What is silent now is compared with nothing: it reaches back to whether there was anything. */
const isCompared = ({ trouble: { level, isAbsence } }: Try): boolean =>
  !isAbsence && level.promise.alert.signal.reach !== undefined;
const isLong = (one: Try): boolean => windowSeconds(one) > hours(1).value;
const scrapeSeconds = ({ trouble }: Try): number => trouble.level.subject.service.scrapeInterval.value;
const windowSeconds = ({ trouble }: Try): number => trouble.level.promise.alert.signal.window?.value ?? 0;

const historySeconds = ({ trouble }: Try): number => trouble.level.promise.alert.signal.history?.value ?? 0;

/** What looks back on what was recorded tells the same from the beginning of a world that never changes. */
const lookedAtSeconds = (one: Try): number =>
  historySeconds(one) > 0 ? Math.min(minutes(15).value, windowSeconds(one)) : windowSeconds(one);

/** A rate of lines is their number by the length of its window: twice that is full even where a rule looks too far back. */
function reachSeconds(one: Try): number {
  const { signal } = one.trouble.level.promise.alert;
  const window = windowSeconds(one);
  if (isLogSignal(signal)) return Math.max(signal.reach?.value ?? 0, 2 * window);
  return Math.max(signal.reach?.value ?? 0, historySeconds(one) > 0 ? minutes(10).value : window);
}

/** As many values as can be tried at once. */
export const mostTries = 1000;

/** The environment in which a value is tried. */
export function environmentOf(number: number): string {
  if (number >= mostTries) throw new Error(`more than ${mostTries} values cannot be tried at once`);
  return `measured-${number}`;
}

const alertsOf = (alerts: readonly AlertInstance[], { level }: Trouble, number: number): AlertInstance[] =>
  alerts.filter(
    ({ alert, labels }) =>
      alert === level.promise.alert.name &&
      labels.severity === level.severity &&
      labels.environment === environmentOf(number),
  );

const isUnbroken = (phases: AlertInstance["phases"]): boolean =>
  phases.every(({ fromMs }, index) => index === 0 || phases[index - 1]?.toMs === fromMs);
