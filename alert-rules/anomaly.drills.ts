import type { Provocations } from "../src/boundaries/provocation.ts";
import { judgedEvery, levelShare, recordedAs, seasonDays, seasonShare } from "../src/derived/anomaly-rules.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import { called, type DrillSubject, firesFor, type Level, levelsOf, those } from "../src/drills/drill-subject.ts";
import { identityLabels } from "../src/model/conventions.ts";
import type { RecordedSignal } from "../src/model/pack.ts";
import { type Duration, days, formatDuration, hours, seconds } from "../src/model/quantity.ts";
import { clockMs, later } from "../src/worlds/clock.ts";
import { spread } from "../src/worlds/spread.ts";
import { healthy, type World } from "../src/worlds/world.ts";
import { SignalAnomaly, unusualness, watchedBy } from "./anomaly.ts";

/** What adapts has no value at which it fires: what is unusual depends on weeks. */
export const anomalyProvocations: Provocations = {
  [unusualness.name]: {
    reason: "its threshold is learned from weeks of history: drills of such histories are written by hand",
  },
};

/** Every watched signal has its spike; what is the same for all is drilled with the first. */
export const anomalyDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(SignalAnomaly, subject).flatMap((level) => {
    const [first, ...others] = watchedBy(subject.service, subject.platform);
    if (!first) return [];
    const rest = others.map((signal) => spike({ level, signal }));
    return [...those(drillsOf({ level, signal: first })), ...rest];
  });

interface Case {
  level: Level;
  signal: RecordedSignal;
}

/** A value at a moment, ms since the epoch. */
type Curve = (ms: number) => number;

const dayMs = 86_400_000;
const most = 150;

/** From 50 at midnight to 150 at noon, every day, and never quite the same: 2 more or less. */
const everyDay: Curve = (ms) => {
  const wave = Math.sin((2 * Math.PI * ((ms % dayMs) - dayMs / 4)) / dayMs);
  return 100 + 50 * wave + 4 * spread(Math.floor(ms / 60_000) % 10_007) - 2;
};

const during =
  (from: string, to: string, value: Curve, other: Curve = everyDay): Curve =>
  (ms) =>
    ms >= (clockMs(from) ?? Infinity) && ms < (clockMs(to) ?? Infinity) ? value(ms) : other(ms);

/** Far enough outside the band of four weeks for the level, whatever it is: four times as far as it asks for. */
const tooMuch = ({ threshold }: Level): number => most + 60 * threshold;

function drillsOf(one: Case): (Drill | false)[] {
  const { level } = one;
  const { threshold, severity, promise } = level;
  const noon = "12:00";
  const silent: Expectation[] = [quiet(promise.alert, severity)];
  const told = (name: string, world: World, expect: Expectation[], since = "09:30"): Drill =>
    drill(`${one.signal.name}: ${name}`, { world, expect, since });
  const spiked = during(noon, "12:30", () => tooMuch(level));
  const monthAgoMs = (clockMs(noon) ?? 0) - 14 * dayMs;
  const muchWorse: Curve = (ms) => (ms >= monthAgoMs && ms < monthAgoMs + 1_800_000 ? 5 * most : spiked(ms));
  return [
    spike(one),
    threshold < 2 &&
      told(
        `a fall to nothing at the busiest time is ${called[severity]}`,
        lived(
          one,
          during(noon, "13:00", () => 0),
        ).until("13:00"),
        [firesSoon(one, noon)],
      ),
    threshold < 2 &&
      told(
        `what is usual at noon is ${called[severity]} at night`,
        lived(
          one,
          during("02:00", "06:00", () => most),
        ).until("03:00"),
        [fires(one, "02:10", "02:55")],
        "00:30",
      ),
    told(
      `half an hour that was far worse two weeks ago does not hide a spike: it is ${called[severity]}`,
      lived(one, muchWorse, fourWeeks).until("13:00"),
      [firesSoon(one, noon)],
    ),
    ...edges(one),
    ...seenBefore(one),
    ...ofLittle(one),
    told(
      "what has come for half an hour every week is nothing unusual when it comes again",
      lived(one, (ms) => (weekly(ms) ? 3 * most : everyDay(ms)), fourWeeks).until("14:00"),
      silent,
    ),
    told("the peak of every day is nothing unusual", lived(one, everyDay).until("16:00"), silent),
    told(
      "steady growth by a hundredth every day is nothing unusual",
      lived(one, (ms) => everyDay(ms) * 1.01 ** ((ms - (clockMs(noon) ?? 0)) / dayMs)).until("16:00"),
      silent,
    ),
    told(
      "with six hours of history nothing is said yet, not of a spike either",
      lived(one, spiked, hours(6)).until("14:00"),
      silent,
    ),
  ];
}

/** The first half hour of an afternoon, on this day of every week. */
const weekly = (ms: number): boolean => {
  const since = (ms - (clockMs("12:00") ?? 0)) % (7 * dayMs);
  const inWeek = since < 0 ? since + 7 * dayMs : since;
  return inWeek < 1_800_000;
};

const [low, high] = [50, 150];
/** One value by day, another by night: the bands are known to the last bit. */
const dayAndNight: Curve = (ms) => ((ms % dayMs) / dayMs >= 0.25 && (ms % dayMs) / dayMs < 0.75 ? high : low);

/**
 * Just beyond each limit, just short of it, and at it where numbers are so kind: outside the band of four weeks at noon,
 * and within that band at night, when such values have not been seen.
 */
function edges(one: Case): (Drill | false)[] {
  const { level } = one;
  const { threshold, severity, promise } = level;
  const width = high - low;
  const beyondLevel = levelShare * width * threshold;
  const beyondSeason = seasonShare * width * threshold;
  const within = low + 1.02 * beyondSeason < high;
  const byNight = { from: "02:00", since: "00:30", until: "04:00" };
  const atNoon = { from: "12:00", since: "09:30", until: "13:00" };
  const edge = (what: string, value: number, when: typeof atNoon, expected?: Expectation): Drill =>
    drill(`${one.signal.name}: ${what} is ${expected ? "" : "not "}${called[severity]}`, {
      world: lived(
        one,
        during(when.from, "20:00", () => value, dayAndNight),
      ).until(when.until),
      expect: [expected ?? quiet(promise.alert, severity)],
      since: when.since,
    });
  const isExact = (value: number, from: number, to: number, share: number) =>
    (Math.abs(value - (from + to) / 2) - (to - from) / 2) / width / share === threshold;
  return [
    edge("just far enough above the band of four weeks", high + 1.02 * beyondLevel, atNoon, firesSoon(one, "12:00")),
    edge("just far enough below the band of four weeks", low - 1.02 * beyondLevel, atNoon, firesSoon(one, "12:00")),
    edge("not quite far enough above the band of four weeks", high + 0.98 * beyondLevel, atNoon),
    isExact(high + beyondLevel, low, high, levelShare) &&
      edge("exactly as far above the band of four weeks as is not too far yet", high + beyondLevel, atNoon),
    within &&
      edge(
        "an hour just far enough from what this time of day has seen",
        low + 1.02 * beyondSeason,
        byNight,
        fires(one, "02:55", "03:15"),
      ),
    within && edge("an hour not quite far enough from it", low + 0.98 * beyondSeason, byNight),
    within &&
      edge(
        "an hour just far enough below what this time of day has seen",
        high - 1.02 * beyondSeason,
        { ...atNoon, until: "14:00" },
        fires(one, "12:55", "13:15"),
      ),
    within && edge("an hour not quite far enough below it", high - 0.98 * beyondSeason, { ...atNoon, until: "14:00" }),
    within &&
      isExact(low + beyondSeason, low, low, seasonShare) &&
      edge("an hour exactly as far from it as is not too far yet", low + beyondSeason, byNight),
  ];
}

/** Of the days that are remembered for a time of day each counts for itself, upwards and downwards. */
const seenBefore = (one: Case): Drill[] =>
  seasonDays.flatMap((day) => {
    const { promise, severity } = one.level;
    const seen = (name: string, [from, to]: [string, string], value: number, since: string, until: string): Drill => {
      const atMs = (clockMs(from) ?? 0) - day * dayMs;
      const untilMs = (clockMs(to) ?? 0) - day * dayMs;
      const before: Curve = (ms) => (ms >= atMs && ms < untilMs ? value : dayAndNight(ms));
      return drill(`${one.signal.name}: ${name} is nothing unusual when it was so ${day} d ago`, {
        world: lived(
          one,
          during(from, to, () => value, before),
        ).until(until),
        expect: [quiet(promise.alert, severity)],
        since,
      });
    };
    return [
      seen("as much at night as by day", ["01:00", "05:00"], high, "00:30", "04:00"),
      seen("as little by day as at night", ["11:00", "15:00"], low, "10:30", "14:00"),
    ];
  });

/** What little is known is not made more of than it is: a short history, one value for weeks, nothing for weeks. */
function ofLittle(one: Case): Drill[] {
  const { threshold, promise, severity } = one.level;
  const told = (name: string, curve: Curve, past: Duration, expected?: Expectation): Drill =>
    drill(`${one.signal.name}: ${name} is ${expected ? "" : "not "}${called[severity]}`, {
      world: lived(one, curve, past).until("14:00"),
      expect: [expected ?? quiet(promise.alert, severity)],
      since: "09:30",
    });
  const spiked = during("12:00", "12:30", () => tooMuch(one.level));
  const byNight = (name: string, past: Duration, expected?: Expectation): Drill =>
    drill(`${one.signal.name}: ${name} is ${expected ? "" : "not "}${called[severity]}`, {
      world: lived(
        one,
        during("02:00", "06:00", () => most),
        past,
      ).until("03:00"),
      expect: [expected ?? quiet(promise.alert, severity)],
      since: "00:30",
    });
  // A hundredth of a value that never moves is its width.
  const steady = (share: number) =>
    during(
      "12:00",
      "12:30",
      () => 100 * (1 + share * levelShare * threshold * 0.01),
      () => 100,
    );
  return [
    byNight("what is usual at noon, at night, with one day of history", hours(30)),
    ...(threshold < 2
      ? [byNight("what is usual at noon, at night, with two days of history", hours(54), fires(one, "02:10", "02:55"))]
      : []),
    told("a spike with less than a day of history", spiked, hours(20)),
    told("a spike with little more than a day of history", spiked, hours(30), firesSoon(one, "12:00")),
    told("a value that has never moved and moves a little", steady(0.9), week),
    told("a value that has never moved and moves enough", steady(1.1), week, firesSoon(one, "12:00")),
    told(
      "half an hour of anything where there was nothing for four weeks",
      during(
        "12:00",
        "12:30",
        () => 1,
        () => 0,
      ),
      fourWeeks,
    ),
  ];
}

/** Beside it the same happens to a service of which nothing is watched, where there is one. */
function spike(one: Case): Drill {
  const { level, signal } = one;
  const { promise, severity, subject } = level;
  const curve = during("12:00", "12:30", () => tooMuch(level));
  const other = subject.platform.services.find(
    ({ anomalies = [], packs, name }) =>
      anomalies.length === 0 && packs.includes(packOf(one)) && name !== subject.service.name,
  );
  const beside = other ? [lived(one, curve, fourWeeks, healthy(other))] : [];
  // The mean of an hour is too high for longer than the values are; then come the six hours for which a verdict stands.
  return drill(`${signal.name}: a spike is ${called[severity]}, and is over when six hours were as usual`, {
    world: lived(one, curve, fourWeeks).alongside(...beside),
    expect: [
      firesSoon(one, "12:00").resolvesBetween("18:25", "19:40"),
      ...(other ? [quiet(promise.alert).forLabels({ service: other.name })] : []),
    ],
    since: "09:30",
  });
}

const packOf = ({ level, signal }: Case): string =>
  level.subject.platform.packs.find(({ signals }) => signals.some(({ name }) => name === signal.name))?.name ?? "";

/** Enough to know this day of the week. */
const week = days(9);
/** In so many values, half an hour is too little to be learned as usual at once. */
const fourWeeks = days(28);

/**
 * A service of which Prometheus has recorded the signal for some time, and goes on to record it; what the service exposes
 * is left out, since rules would record it a second time. How the signal comes about is drilled by its own pack.
 */
function lived({ level, signal }: Case, curve: Curve, past: Duration = week, world = level.subject.world): World {
  const labels = placeOf(signal, world);
  const named = { ...labels, signal: signal.name };
  const scrape = level.subject.platform.intervals.scrape.value;
  const hourMean: Curve = (ms) => mean(Array.from({ length: 12 }, (_, index) => curve(ms - index * 300_000)));
  return world.removed().remembers(
    {
      words: `all the time, and for ${formatDuration(past)} before: ${signal.name} of ${world.service.name} as recorded`,
      labels: { ...labels, __name__: signal.series },
      everySeconds: scrape,
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

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One of the signal's places: every label that it has besides the service's. */
export function placeOf({ labels }: RecordedSignal, { service: { routes, places }, instances }: World) {
  const known: Readonly<Record<string, string | undefined>> = { route: routes[0], instance: instances[0] };
  const own = labels.filter((label) => !identityLabels.some((common) => common === label));
  return Object.fromEntries(own.map((label) => [label, known[label] ?? places[0] ?? label]));
}

/** Values are judged every five minutes, the first time at once or five minutes later. */
function firesSoon(one: Case, from: string) {
  const { level } = one;
  const every = judgedEvery.value;
  const hold = seconds(Math.ceil(level.promise.for.value / every) * every);
  return fires(
    one,
    later(from, hold),
    later(from, seconds(hold.value + every + level.subject.platform.intervals.scrape.value)),
  );
}

const fires = ({ level, signal }: Case, from: string, to: string) =>
  firesFor(level, { ...placeOf(signal, level.subject.world), signal: signal.name }, [from, to]);
