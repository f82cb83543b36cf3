import type { ExpectedLabels } from "../drills/drill.ts";
import { type Level, readable } from "../drills/drill-subject.ts";
import { labelsOfPlace, outerOf, placesBy } from "../model/exporter.ts";
import type { Direction } from "../model/pack.ts";
import { formatQuantity } from "../model/quantity.ts";
import { instanceLabels } from "../model/targets.ts";
import { healthyFacts } from "../worlds/facts.ts";
import { ratesAround } from "../worlds/whole-requests.ts";
import { healthy, type World } from "../worlds/world.ts";
import type { FactExtent } from "../worlds/world-event.ts";
import type { Provocation } from "./provocation.ts";
import { ofQuantile } from "./quantile-provocation.ts";

/**
 * A signal of an exporter is provoked by the fact that it tells: in the first of the service's places, where the fact
 * differs from place to place, and in the first of its instances, where the signal tells these apart.
 */
export function factProvocation(level: Level): Provocation {
  const { subject, promise, threshold } = level;
  const { service, platform } = subject;
  const { signal, direction, pack } = promise.alert;
  const { exporter } = service;
  const name = signal.fact ?? "";
  const fact = exporter?.facts[name];
  if (!exporter || !fact)
    throw new Error(`the pack ${pack} has no fact ${name}, which its signal ${signal.name} tells`);
  const ofInstances = signal.labels.includes("instance");
  const listed = fact.perPlace === "outer" ? firstWithinEach(service.places) : service.places;
  const world = healthy({ ...service, places: listed.slice(0, 2) }, subject.world.environment).withInstances(
    ofInstances ? 2 : 1,
  );
  const address = world.instances[0] ?? "";
  const instance: ExpectedLabels = ofInstances ? { instance: address, ...instanceLabels(service, address) } : {};
  const at = (place: string | undefined) => {
    const extent: FactExtent = { ...(place !== undefined && { place }), ...(ofInstances && { instances: 1 }) };
    return {
      labels: { ...instance, ...(exporter.places && place !== undefined && labelsOfPlace(exporter.places, place)) },
      happens: (in_: World, value: number, from?: string, to?: string) => in_.has(name, value, from, to, extent),
    };
  };
  const [first, second] = placesBy(fact.perPlace, world.service.places);
  const { unit } = fact.usual;
  const here = at(first);
  const usual = healthyFacts(service)[name] ?? 0;
  const provoked: Provocation = {
    world,
    words: (value) => fact.words(formatQuantity({ unit, value: readable(value) })),
    ...here,
    ...(second !== undefined && { elsewhere: at(second) }),
    // Where a good day is beyond it, as beyond a guard, what is not is that there is nothing.
    usual: direction === "above" && usual > threshold ? 0 : usual,
    most: beyond(fact.furthest.value, threshold, direction),
    ...(fact.isYesOrNo && { around: { below: 0, above: 1 }, step: 1 }),
    ...(signal.window
      ? unit === "events/second" && wholeEvents(threshold, signal.window.value, platform.intervals.scrape.value)
      : // A gauge shows what is.
        !fact.isYesOrNo && { exactly: here.happens(world, threshold) }),
  };
  return { ...provoked, ...ofQuantile(level, provoked) };
}

/** One place within each of what places lie within. */
const firstWithinEach = (places: readonly string[]): string[] =>
  [...new Map([...places].reverse().map((place) => [outerOf(place), place])).values()].reverse();

/** As far beyond the threshold as the fact goes, or further where the threshold is. */
const beyond = (furthest: number, threshold: number, direction: Direction): number =>
  direction === "above" ? (furthest > threshold ? furthest : 2 * threshold) : furthest < threshold ? furthest : 0;

/** Events come whole: between one in a window and the next there is no rate. */
function wholeEvents(threshold: number, windowSeconds: number, scrapeSeconds: number): Partial<Provocation> {
  const { resolution, ...around } = ratesAround(threshold, windowSeconds, scrapeSeconds);
  return { around, blur: resolution, isRate: true, secondsApart: (value) => (value > 0 ? 1 / value : 0) };
}
