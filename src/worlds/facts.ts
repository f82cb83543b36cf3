import { type Facts, outerOf } from "../model/exporter.ts";
import type { Service } from "../model/platform.ts";
import type { Quantity } from "../model/quantity.ts";
import { hits, holdsAt, type World } from "./world.ts";

/**
 * Every fact of an instance at a moment, at one of its places: as usual, with every change that holds then, later ones
 * last. What is true of what a place lies within is true of the place.
 *
 * @param place undefined for what is true of the whole instance
 */
export function factsAt(world: World, place: string | undefined, ms: number, instance: number): Facts {
  const facts = { ...healthyFacts(world.service) };
  const outer = place === undefined ? undefined : outerOf(place);
  for (const event of world.events) {
    if (event.kind !== "fact" || !holdsAt(event, ms) || !hits(event, instance)) continue;
    if (event.place === undefined || event.place === place || event.place === outer) facts[event.fact] = event.value;
  }
  return facts;
}

/**
 * What is true on a good day. Where a service promises otherwise it is further on the good side: half the threshold
 * above which an alert fires; half way from the one below which it fires to everything, or twice as much.
 */
export function healthyFacts({ exporter, promises }: Service): Record<string, number> {
  const facts = Object.fromEntries(
    Object.entries(exporter?.facts ?? {}).map(([name, { usual }]) => [name, usual.value]),
  );
  for (const { alert, levels } of promises.values()) {
    const usual = facts[alert.signal.fact ?? ""];
    if (alert.signal.fact === undefined || usual === undefined) continue;
    if (exporter?.facts[alert.signal.fact]?.isYesOrNo) continue;
    const limits = Object.values(levels);
    facts[alert.signal.fact] =
      alert.direction === "above" ? Math.min(usual, ...limits.map(({ value }) => value / 2)) : enough(usual, limits);
  }
  return facts;
}

function enough(usual: number, limits: readonly Quantity[]): number {
  const { unit, value } = limits.reduce((most, one) => (one.value > most.value ? one : most));
  // Exactly the threshold would be good, too, if what is worked out of counters were exact.
  if (usual > value) return usual;
  return unit === "ratio" ? (1 + value) / 2 : 2 * value;
}
