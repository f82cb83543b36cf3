import type { BadEvents } from "../src/boundaries/bad-events.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import { recordedFilling } from "../src/boundaries/recorded-filling.ts";
import { type Level, readable } from "../src/drills/drill-subject.ts";
import { highestBurn, type Slo } from "../src/model/indicator.ts";
import { formatQuantity, ratio, requestsPerSecond, times } from "../src/model/quantity.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import type { World } from "../src/worlds/world.ts";
import { httpBadEvents } from "./http.bad-events.ts";
import { busy, happening, smallWorld } from "./http.provoke.ts";
import { burnWindows, eventWindow, recordedEvery, sloSignals } from "./slo.signals.ts";
import { slo as pack } from "./slo.ts";

const badEventsOf: Readonly<Record<string, BadEvents>> = { ...httpBadEvents };

/** Bad events that tell of the trouble, per second, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** SLOs of the service that can burn well beyond the level's threshold; all, where none can. */
export function burnable({ subject, threshold }: Pick<Level, "subject" | "threshold">): readonly Slo[] {
  const { slos } = subject.service;
  const able = slos.filter((slo) => highestBurn(slo) > 2.5 * threshold);
  return able.length > 0 ? able : slos.filter((slo) => highestBurn(slo) > threshold);
}

/** The budget of one of the service's SLOs burns; of another as well, where it has another. */
export function burning(level: Level, slos: readonly Slo[] = burnable(level)): Provocation {
  const { threshold, promise, subject } = level;
  const { signal } = promise.alert;
  const [first, second] = slos;
  const windows = burnWindows[signal.name];
  if (!first || !windows) throw new Error(`${subject.service.name} has no SLO that ${promise.alert.name} speaks of`);
  /** Some is bad on every day: `rate` never sees the first value of a series that did not exist before. */
  const usual = threshold / 10;
  const least = Math.min(...[first, ...(second ? [second] : [])].map((slo) => threshold / highestBurn(slo)));
  const small = smallWorld(level, { routes: 1, instances: 1, buckets: boundsOf(level) });
  const of = (slo: Slo) => {
    const share = (burn: number) => burn / highestBurn(slo);
    const bad = badEventsOf[slo.indicator];
    return {
      labels: { slo: slo.name },
      words: (burn: number) =>
        `${bad?.words(formatQuantity(ratio(readable(share(burn)))))} (${formatQuantity(times(readable(burn)))})`,
      happens: (world: World, burn: number, from?: string, to?: string) =>
        bad?.happens(world, Math.min(1, share(burn)), slo, from, to) ?? world,
    };
  };
  const { long, short } = windows;
  const { intervals } = subject.platform;
  const everySeconds = Math.max(recordedEvery(long).value, intervals.evaluation.value);
  const usually = [first, ...(second ? [second] : [])].map(of);
  return {
    world: usually.reduce((world, { happens }) => happens(world, usual), busy(small, tellingPerSecond / least)),
    ...of(first),
    ...(second && { elsewhere: of(second) }),
    usual,
    most: highestBurn(first),
    filling: recordedFilling({
      longSeconds: long.value,
      shortSeconds: short.value === eventWindow.value ? 0 : short.value,
      rateSeconds: eventWindow.value,
      everySeconds,
      scrapeSeconds: intervals.scrape.value,
    }),
    sampledEverySeconds: everySeconds,
    others: pack.alerts,
    without: {
      flapping: "each time burns a part of the budget, and what is gone adds up, as it should",
    },
  };
}

/** The edges that the service's SLOs need. */
const boundsOf = ({ subject }: Level): number[] => subject.service.slos.flatMap(({ within }) => within?.value ?? []);

/** So many events for an SLO to count. */
function counted(level: Level): Provocation {
  const world = smallWorld(level, { routes: 1, instances: 1, buckets: boundsOf(level) });
  return {
    world,
    words: (value) => `${formatQuantity(requestsPerSecond(readable(value)))} requests`,
    labels: {},
    happens: (in_, value, from, to) => happening(in_, everyRoute().withTraffic(requestsPerSecond(value)), from, to),
    // A good day is far beyond it: what is not, is that nobody comes.
    usual: 0,
    most: 2 * level.threshold,
  };
}

/** How each signal of this pack is provoked that an alert compares or is guarded by. */
export const sloProvocations: Provocations = Object.fromEntries(
  sloSignals.map(({ name }) => [name, burnWindows[name] ? (level: Level) => burning(level) : counted]),
);
