import { type Curve, dayMs, livedWith } from "../../alert-rules/anomaly.history.ts";
import { SignalAnomaly, watchedBy } from "../../alert-rules/anomaly.ts";
import { levelShare, seasonDays, seasonShare } from "../derived/anomaly-rules.ts";
import type { Platform } from "../model/platform.ts";
import { days, formatDuration, hours } from "../model/quantity.ts";
import { clockMs, clockText } from "../worlds/clock.ts";
import { pick, type Random, seededRandom } from "../worlds/random.ts";
import { spread } from "../worlds/spread.ts";
import { healthy, type World } from "../worlds/world.ts";

/** Alerts of a platform that learn from weeks: in a world of an hour nothing comes of them. */
export const learningAlerts = (platform: Platform): ReadonlySet<string> =>
  new Set(watchedSignals(platform).length > 0 ? [SignalAnomaly.name] : []);

const watchedSignals = (platform: Platform) =>
  platform.services
    .filter(({ promises }) => promises.has(SignalAnomaly.name))
    .flatMap((service) => watchedBy(service, platform).map((signal) => ({ service, signal })));

const startText = "12:00";
const startMs = clockMs(startText) ?? 0;
const hourMs = 3_600_000;

/** Frequent ones several times. */
const pasts = [
  hours(6),
  hours(20),
  hours(30),
  hours(54),
  days(9),
  days(9),
  days(28),
  days(28),
  days(28),
  days(40),
  days(60),
];
const levels = [0, 0.5, 1, 100, 100, 100, -100];
/** Of the level, from one side of what is usual to the other. */
const amplitudes = [0, 0.007, 0.015, 0.2, 1];
/** How far beyond an edge: of what is too far. */
const factors = [0.3, 0.6, 0.9, 0.98, 1.02, 1.1, 1.5, 3];
/** For how many hours something happens. */
const lengths = [0.25, 0.5, 1, 1.5, 6];

interface Happening {
  fromMs: number;
  toMs: number;
  /** Undefined: nothing was recorded. */
  value: number | undefined;
}

/** So many environments, each with a history of its own, go on in one world: another world would cost more. */
const histories = 4;

/**
 * A world in which watched signals have random pasts of hours to months, and in which something happens to each now that
 * lies near the edge of what counts as unusual. The same seed gives the same world.
 */
export function randomHistory(platform: Platform, seed: number): World {
  const random = seededRandom(seed, 1);
  // What happens begins within three hours; a verdict stands for six.
  const lasts = pick([4, 5, 6, 6, 12], random) * hourMs;
  const [first, ...others] = Array.from({ length: histories }, (_, index) =>
    oneHistory(platform, index === 0 ? undefined : `elsewhere-${index}`, random),
  ).flat();
  if (!first) throw new Error("no service has its signals watched");
  return first.alongside(...others).until(clockText(startMs + lasts));
}

function oneHistory(platform: Platform, elsewhere: string | undefined, random: Random): World[] {
  const { service, signal } = pick(watchedSignals(platform), random);
  const past = pick(pasts, random);
  const { usual, words } = usualCurve(random);
  const nowMs = startMs + (1.2 + 1.5 * random.uniform()) * hourMs;
  const now = { fromMs: nowMs, toMs: nowMs + pick(lengths, random) * hourMs };
  const before = Array.from({ length: Math.floor(3 * random.uniform()) }, () => gapOrEvent(usual, nowMs, random));
  const value = nearEdge(withAll(usual, before), now.fromMs, past.value * 1000, random);
  // Seen before, at about this time of day: then it is usual, or just not yet.
  const echoes = Array.from({ length: Math.floor(3 * random.uniform()) }, () => echo({ ...now, value }, random));
  const unknown = random.uniform() < 0.3 ? knownInPart(nowMs, random) : [];
  const all = [...before, ...echoes, ...unknown, { ...now, value }];
  const told = [`${signal.name} of ${service.name} for ${formatDuration(past)}: ${words}`, ...all.map(wordsOf)];
  const history = {
    curve: withAll(usual, all),
    past,
    every: platform.intervals.scrape,
    words: told.join("; "),
  };
  // Nobody asked for the same to be watched of another service.
  const other = platform.services.find(
    ({ name, anomalies = [], packs }) =>
      name !== service.name && anomalies.length === 0 && packs.some((pack) => service.packs.includes(pack)),
  );
  const lived = [service, ...(other && random.uniform() < 0.2 ? [other] : [])];
  return lived.map((one) => livedWith(healthy(one, elsewhere), signal, history));
}

/** What is usual for a signal: one value, day and night, a wave, or two values that take turns every week. */
function usualCurve(random: Random): { usual: (ms: number) => number; words: string } {
  const level = pick(levels, random);
  const amplitude = pick(amplitudes, random) * Math.abs(level);
  const shift = random.uniform() * dayMs;
  const noise = random.uniform() < 0.3 ? 0.1 * amplitude : 0;
  const isWave = random.uniform() < 0.4;
  const inDay = (ms: number) => ((ms + shift) % dayMs) / dayMs;
  const shape = (ms: number) => (isWave ? Math.sin(2 * Math.PI * inDay(ms)) : inDay(ms) < 0.5 ? 1 : -1);
  const usual = (ms: number) =>
    level + (amplitude / 2) * shape(ms) + noise * (spread(Math.floor(ms / 60_000) % 10_007) - 0.5);
  const words = `${level} with ${isWave ? "a wave" : "a step"} of ${amplitude} every day${noise > 0 ? ", never quite the same" : ""}`;
  return { usual, words };
}

const ages = [0.5, 1, 1, 1.5, 1.5, 2, 3, 7, 14, 21, 28, 35];

/** Some time ago: nothing recorded for hours or days, or a value that is far, or not so far, from what is usual. */
function gapOrEvent(usual: (ms: number) => number, nowMs: number, random: Random): Happening {
  const atMs = nowMs - pick(ages, random) * dayMs + 6 * (random.uniform() - 0.5) * hourMs;
  const long = pick([...lengths, 12, 30], random) * hourMs;
  if (random.uniform() < 0.4)
    return { fromMs: atMs - long, toMs: Math.min(atMs + long, nowMs - hourMs), value: undefined };
  const far = pick([-2, -0.5, 0, 0.5, 2], random) * (Math.abs(usual(atMs)) || 1);
  return { fromMs: atMs, toMs: Math.min(atMs + long, nowMs - hourMs / 2), value: usual(atMs) + far };
}

/** The same some days or weeks before, an hour or a few earlier or later. */
function echo({ fromMs, toMs, value }: Happening, random: Random): Happening {
  const ago = pick([...seasonDays, ...seasonDays, 14, 20, 27, 28, 29, 35], random) * dayMs;
  const shift = pick([-4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3], random) * hourMs;
  const long = random.uniform() < 0.5 ? toMs - fromMs : pick(lengths, random) * hourMs;
  return { fromMs: fromMs - ago + shift, toMs: fromMs - ago + shift + long, value };
}

/** Of this time of day little is known from any day: nothing, or what was hours before, or what was at its beginning. */
const knownInPart = (nowMs: number, random: Random): Happening[] =>
  seasonDays.map((ago) => {
    const fromMs = nowMs - ago * dayMs + pick([-5, -2.5, -2, -1.5, -1, 0, 1, 3], random) * hourMs;
    return { fromMs, toMs: fromMs + pick([5, 8], random) * hourMs, value: undefined };
  });

const withAll =
  (usual: Curve, all: readonly Happening[]): Curve =>
  (ms) => {
    const last = all.findLast(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
    return last ? last.value : usual(ms);
  };

/**
 * A value near one of the limits of what is usual, above or below: of four weeks, or of this time of day. Where exactly
 * they are only the rules can say; it is enough to come near them from both sides.
 */
function nearEdge(curve: Curve, nowMs: number, pastMs: number, random: Random): number {
  const known = (fromMs: number, toMs: number) =>
    Array.from({ length: Math.max(0, Math.floor((toMs - fromMs) / 300_000)) }, (_, index) =>
      curve(toMs - index * 300_000),
    )
      .filter((value) => value !== undefined)
      .sort((a, b) => a - b);
  const weeks = known(nowMs - Math.min(pastMs, 28 * dayMs), nowMs);
  const [least, most] = [quantile(weeks, 0.001), quantile(weeks, 0.999)];
  const width = Math.max(most - least, 0.01 * Math.abs(most)) || 1;
  const ofDays = seasonDays
    .filter((ago) => ago * dayMs < pastMs)
    .flatMap((ago) => known(nowMs - ago * dayMs - hourMs, nowMs - ago * dayMs + 2 * hourMs));
  const isSeason = random.uniform() < 0.5 && ofDays.length > 0;
  const [bottom, top] = isSeason ? [Math.min(...ofDays), Math.max(...ofDays)] : [least, most];
  const far = (isSeason ? seasonShare : levelShare) * width * pick(factors, random);
  return random.uniform() < 0.5 ? top + far : bottom - far;
}

/** 0 of nothing. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.round(share * (sorted.length - 1))] ?? 0;

const wordsOf = ({ fromMs, toMs, value }: Happening): string => {
  const daysAgo = Math.max(0, Math.floor((startMs + dayMs / 2 - fromMs) / dayMs));
  const [from, to] = [fromMs, toMs].map((ms) => clockText(Math.round((ms + daysAgo * dayMs) / 60_000) * 60_000));
  const when = daysAgo === 0 ? "" : ` ${daysAgo} d before`;
  return `from ${from} to ${to}${when}: ${value === undefined ? "nothing recorded" : Number(value.toPrecision(6))}`;
};
