import { comparedKpis } from "../../alert-rules/experiments.events.ts";
import { failing, happening } from "../../alert-rules/experiments.provoke.ts";
import { first, nobodyFor, recordedStarts, usualStarts } from "../../alert-rules/journey.starts.provoke.ts";
import { comparedWith, longTimes, started } from "../../alert-rules/journey.starts.ts";
import { JourneyNotStarted } from "../../alert-rules/journey.ts";
import { placesBy } from "../model/exporter.ts";
import { hours } from "../model/quantity.ts";
import { pick, type Random } from "../worlds/random.ts";
import type { World } from "../worlds/world.ts";

/** Of what matters in an experiment: how much more goes wrong with one of the variants. */
const differences = [0, 0, 0.5, 1, 2, 6];
/** Requests or journeys per second of each instance: with the most of them a few minutes decide. */
const tryingPerSecond = [1, 50, 200];

/** Some instances serve one of the two variants of an experiment; mostly the others serve the other. */
export function tryingOne(world: World, from: string, instances: number, random: Random): World {
  const of = pick(comparedKpis({ services: [world.service] }), random);
  const { label, control, treatment } = of.experiment;
  if (random.uniform() < 0.2) return world.tries(label, pick([control, treatment], random), from, { instances });
  const both = world.withInstances(Math.max(2, world.instances.length));
  const some = { instances: Math.min(instances, both.instances.length - 1) };
  const shareWith = () => Math.min(0.9, pick(differences, random) * of.effect);
  const busy = happening({ of }, both, pick(tryingPerSecond, random), {}, from);
  const tried = busy.tries(label, control, from).tries(label, treatment, from, some);
  return failing({ of }, failing({ of }, tried, shareWith(), {}, from), shareWith(), some, from);
}

/** Of what is too much to be missed: how much was usual. */
const usually = [0, 0.6, 0.95, 1.05, 2, 6];

/** Per second: none, less than one in an hour, and one or two. */
const fewest = [0, 0, 0, 0.0001, 0.0004];

/** Nobody, or hardly anybody, starts a journey, and so many usually did a week ago or yesterday. */
export function nobodyStarting(world: World, from: string, random: Random): World {
  const limits = Object.values(world.service.promises.get(JourneyNotStarted.name)?.levels ?? {});
  const many = pick(limits, random).value / pick([hours(1), ...longTimes], random).value;
  const now = world.has(started.fact ?? "", pick(fewest, random), ...(random.uniform() < 0.5 ? [from] : []));
  const past = comparedWith.map((ago) => usualStarts(pick(usually, random) * many, { ago }));
  const lately = pick([[], ...[hours(3), ...longTimes].map((time) => [nobodyFor(time)])], random);
  const known = pick([past, past.slice(0, 1), past.slice(1)], random);
  return placesBy("outer", world.service.places).reduce(
    (in_, journey) => recordedStarts(in_, { journey }, first(...lately, ...known)),
    now,
  );
}
