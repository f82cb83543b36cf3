import { judgedEvery, recordedAs } from "../src/derived/anomaly-rules.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import { called, firesFor, type Level } from "../src/drills/drill-subject.ts";
import { identityLabels } from "../src/model/conventions.ts";
import type { RecordedSignal } from "../src/model/pack.ts";
import { type Duration, days, formatDuration, seconds } from "../src/model/quantity.ts";
import { clockMs, later } from "../src/worlds/clock.ts";
import { spread } from "../src/worlds/spread.ts";
import type { World } from "../src/worlds/world.ts";

/** A watched signal, and the severity that is drilled with it. */
export interface Case {
  level: Level;
  signal: RecordedSignal;
}

/** A value at a moment, ms since the epoch; undefined where nothing was recorded. */
export type Curve = (ms: number) => number | undefined;

export const dayMs = 86_400_000;
/** The least and the most that a day sees. */
export const [low, high] = [50, 150];

/** From 50 at midnight to 150 at noon, every day, and never quite the same: 2 more or less. */
export const everyDay = (ms: number): number => {
  const wave = Math.sin((2 * Math.PI * ((ms % dayMs) - dayMs / 4)) / dayMs);
  return 100 + 50 * wave + 4 * spread(Math.floor(ms / 60_000) % 10_007) - 2;
};

/** One value by day, another by night: the bands are known to the last bit. */
export const dayAndNight: Curve = (ms) => ((ms % dayMs) / dayMs >= 0.25 && (ms % dayMs) / dayMs < 0.75 ? high : low);

/** Another value between two times of day, that many days ago. */
export const during = (
  from: string,
  to: string,
  value: number | undefined,
  other: Curve = everyDay,
  daysAgo = 0,
): Curve => {
  const fromMs = (clockMs(from) ?? Infinity) - daysAgo * dayMs;
  const toMs = (clockMs(to) ?? Infinity) - daysAgo * dayMs;
  return (ms) => (ms >= fromMs && ms < toMs ? value : other(ms));
};

/** Far enough outside the band of four weeks for the level, whatever it is: four times as far as it asks for. */
export const tooMuch = ({ threshold }: Level): number => high + 60 * threshold;

/** Enough to know this day of the week. */
export const week = days(9);
/** In so many values, half an hour is too little to be learned as usual at once. */
export const fourWeeks = days(28);

/** What a signal was for a time, and from when to when its alert is looked at. */
export interface History {
  curve: Curve;
  past?: Duration;
  since?: string;
  until?: string;
}

/** A drill of a history: nothing comes of it, unless something is expected. */
export function historyDrill(one: Case, what: string, history: History, expected?: Expectation): Drill {
  const { curve, past, since = "09:30", until = "13:00" } = history;
  const { promise, severity } = one.level;
  return drill(`${one.signal.name}: ${what} is ${expected ? "" : "not "}${called[severity]}`, {
    world: lived(one, curve, past).until(until),
    expect: [expected ?? quiet(promise.alert, severity)],
    since,
  });
}

/**
 * A service of which Prometheus has recorded the signal for some time, and goes on to record it; what the service exposes
 * is left out, since rules would record it a second time. How the signal comes about is drilled by its own pack.
 */
export const lived = ({ level, signal }: Case, curve: Curve, past = week, world = level.subject.world): World =>
  livedWith(world, signal, {
    curve,
    past,
    every: level.subject.platform.intervals.scrape,
    words: `all the time, and for ${formatDuration(past)} before: ${signal.name} of ${world.service.name} as recorded`,
  });

/** @param every how often the signal is recorded  @param words what is said of it */
export function livedWith(
  world: World,
  signal: RecordedSignal,
  { curve, past, every, words }: { curve: Curve; past: Duration; every: Duration; words: string },
): World {
  const labels = placeOf(signal, world);
  const named = { ...labels, signal: signal.name };
  const hourMean: Curve = (ms) => mean(Array.from({ length: 12 }, (_, index) => curve(ms - index * 300_000)));
  return world.removed().remembers(
    {
      words,
      labels: { ...labels, __name__: signal.series },
      everySeconds: every.value,
      beforeSeconds: 600,
      goesOn: true,
      at: curve,
    },
    { labels: { ...named, __name__: recordedAs.value }, everySeconds: 300, beforeSeconds: past.value, at: curve },
    {
      labels: { ...named, __name__: recordedAs.hourMean },
      everySeconds: 300,
      beforeSeconds: past.value,
      at: hourMean,
    },
  );
}

/** Of what is known; undefined where nothing is. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** One of the signal's places: every label that it has besides the service's. */
export function placeOf({ labels }: RecordedSignal, { service: { routes, places }, instances }: World) {
  const known: Readonly<Record<string, string | undefined>> = { route: routes[0], instance: instances[0] };
  const own = labels.filter((label) => !identityLabels.some((common) => common === label));
  return Object.fromEntries(own.map((label) => [label, known[label] ?? places[0] ?? label]));
}

/** Values are judged every five minutes, the first time at once or five minutes later. */
export function firesSoon(one: Case, from: string) {
  const { level } = one;
  const every = judgedEvery.value;
  const hold = seconds(Math.ceil(level.promise.for.value / every) * every);
  return fires(
    one,
    later(from, hold),
    later(from, seconds(hold.value + every + level.subject.platform.intervals.scrape.value)),
  );
}

export const fires = ({ level, signal }: Case, from: string, to: string) =>
  firesFor(level, { ...placeOf(signal, level.subject.world), signal: signal.name }, [from, to]);
