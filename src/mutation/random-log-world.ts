import { readable } from "../drills/drill-subject.ts";
import { severities } from "../model/conventions.ts";
import { forbiddenLine, nearMisses } from "../model/forbidden-pattern.ts";
import { smallLogVolume } from "../model/logql.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { variantsOf } from "../model/promises.ts";
import { linesPerSecond, ratio, requestsPerSecond, type Unit } from "../model/quantity.ts";
import { clockMs, clockText } from "../worlds/clock.ts";
import { type LoggedLines, type LogLevel, severityNumbers } from "../worlds/logged-lines.ts";
import { pick, type Random, seededRandom, shuffled } from "../worlds/random.ts";
import { everyRoute } from "../worlds/route-change.ts";
import { healthy, type World } from "../worlds/world.ts";
import { settledAfterMinutes } from "./random-world.ts";

/** It is the second day: rules may look back to the one before. */
export const logWorldStart = "36:00";

/** Events of a random world begin within this many minutes of its first moment, now or some time before. */
const lastsMinutes = 20;
const earlierMinutes = [0, 0, 0, 60, 24 * 60];

/** Requests per second of each route. */
const usualRate = 2;

/**
 * A world in which services log anything: lines of every level at, near and far from the thresholds, about requests
 * and about nothing, now, an hour or a day ago; lines are lost, from some instances or all. The same seed gives the
 * same world.
 */
export function randomLogWorld(platform: Platform, seed: number): World {
  const random = seededRandom(seed, 1);
  const logging = platform.services
    .flatMap(variantsOf)
    .filter((service) => limitsOf(service).length + volumesOf(service).length > 0);
  const [first, ...others] = shuffled(logging, random)
    .slice(0, 2)
    .map((service) => {
      const environment = pick(service.environments, random);
      const world = healthy(service, environment).withInstances(1 + Math.floor(random.uniform() * 2));
      const eventful = Array.from({ length: 3 + Math.floor(random.uniform() * 4) }).reduce<World>(
        (sofar) => withRandomEvent(sofar, random),
        // Some log nothing but what happens to them. More requests would cost time and show nothing new.
        world.always(everyRoute().withTraffic(requestsPerSecond(random.uniform() < 0.5 ? usualRate : 0))),
      );
      return random.uniform() < 0.2 ? eventful.withNoise(seed) : eventful;
    });
  if (!first) throw new Error("no service promises anything of its logs");
  return first.alongside(...others).until(time(lastsMinutes + settledAfterMinutes(platform)));
}

const time = (minute: number): string => clockText((clockMs(logWorldStart) ?? 0) + Math.round(minute * 4) * 15_000);

/** Thresholds of a service's alerts on logs in one of these units. */
const limitsIn = (units: readonly Unit[], { promises }: Service): number[] =>
  [...promises.values()].flatMap(({ alert, levels }) =>
    isLogSignal(alert.signal) && units.includes(alert.signal.unit)
      ? severities.flatMap((severity) => levels[severity]?.value ?? [])
      : [],
  );

const limitsOf = (service: Service): number[] => limitsIn(["lines/second", "count"], service);

/** Bytes a day; a spike is a spike from so many on. */
const volumesOf = (service: Service): number[] => [
  ...limitsIn(["bytes"], service),
  ...limitsIn(["times"], service).map((times) => times * smallLogVolume.value),
];

/** Of a threshold: just at it, hardly beyond it, on either side, and far away. */
const factors = [0.3, 0.6, 0.85, 0.95, 0.99, 1, 1.01, 1.05, 1.15, 1.5, 2.5];
const levels = Object.keys(severityNumbers) as LogLevel[];
const texts = [{}, { text: "error: nothing is wrong" }, { text: 'level=fatal {"level": "critical"}' }];

/** Also what must never be logged, and what is nearly that. */
const textsOf = ({ forbidden }: Service): Pick<LoggedLines, "text" | "line">[] => [
  ...texts,
  ...forbidden.flatMap((one) => [forbiddenLine(one), ...nearMisses(one)]).map((line) => ({ line })),
];

/**
 * Loki reads every line again for every fault. So lines that are louder than this end after so many, enough to fill
 * windows and `for`; and how loud it was some time before, no rule asks.
 */
const loudRate = 0.5;
const mostLoudLines = 4000;

function withRandomEvent(world: World, random: Random): World {
  const earlier = pick(earlierMinutes, random);
  const begins = random.uniform() * lastsMinutes - earlier;
  const lasts = random.uniform() < 0.3 ? Infinity : 0.5 + random.uniform() ** 2 * 30;
  const wanted = readable((pick(limitsOf(world.service), random) || 0.05) * pick(factors, random));
  const rate = earlier > 0 ? Math.min(loudRate, wanted) : wanted;
  const volumes = volumesOf(world.service);
  if (volumes.length > 0 && random.uniform() < 0.3) {
    const volume = pick(volumes, random);
    const length = Math.min(100_000, Math.ceil((2 * volume) / 86_400));
    const lines = linesPerSecond((volume * pick(factors, random)) / 86_400 / length);
    return world.logs({ level: "info", rate: lines, line: "x".repeat(length) }, ...times(begins, lasts));
  }
  const kind = random.uniform();
  if (kind < 0.55) {
    const lines = { level: pick(levels, random), rate: linesPerSecond(rate), ...pick(textsOf(world.service), random) };
    const most = rate > loudRate ? mostLoudLines / rate / 60 : Infinity;
    return world.logs(lines, ...times(begins, Math.min(lasts, most)));
  }
  const [from, end] = times(begins, lasts);
  if (kind < 0.7)
    return world.between(from, end, everyRoute().withErrors(ratio(Math.min(1, readable(wanted / usualRate)))));
  if (kind < 0.95) {
    const instances = random.uniform() < 0.5 ? undefined : 1;
    return world.losesLogs(from, end, { instances });
  }
  return world.startsAt(from);
}

/** From when to when an event is that begins so many minutes after the first moment; one without an end goes on. */
const times = (begins: number, lastsMinutes: number): [from: string, to: string | undefined] => [
  time(begins),
  lastsMinutes < Infinity ? time(begins + lastsMinutes) : undefined,
];
