import type { Provocations } from "../src/boundaries/provocation.ts";
import { type Expectation, type FiresBuilder, quiet } from "../src/drills/drill.ts";
import { firesFor, type Level, noon } from "../src/drills/drill-subject.ts";
import { ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { p95With } from "../src/worlds/latency.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import { healthy, type World } from "../src/worlds/world.ts";
import type { FactExtent } from "../src/worlds/world-event.ts";
import type { ComparedKpi } from "./experiments.events.ts";
import { harm } from "./experiments.signals.ts";
import { smallWorld } from "./http.provoke.ts";

/** What compares two variants has no value that a world could be given. */
export const experimentsProvocations: Provocations = {
  [harm.name]: {
    reason: "it compares two variants from their beginning on: drills of experiments are written by hand",
  },
};

/** One KPI of an experiment, as drills try it. */
export interface Case {
  level: Level;
  of: ComparedKpi;
  /** Share of the control's events that is bad. */
  usual: number;
}

/** What one of two instances is tried on. */
export const treated = { instances: 1 };

/** So many that the first minutes decide, of so much harm. */
export const plenty = 200;
export const soon = ["12:05", "12:11"] as const;

/** Events of the last minutes are not counted yet: a rate is that of five minutes. */
export const lateSeconds = 150;

/** One more in a thousand must not be lost in rounding. */
const precise = (value: number): number => Number(value.toPrecision(9));

/** So much goes wrong, in the words of the KPI. */
export function failing(
  { of: { kpi, experiment } }: Pick<Case, "of">,
  world: World,
  share: number,
  extent: FactExtent = {},
  from?: string,
): World {
  if (kpi === "missed") return world.has("inTime", precise(1 - share), from, undefined, extent);
  const change =
    kpi === "failed"
      ? everyRoute().withErrors(ratio(precise(share)))
      : everyRoute().withLatency({ p95: seconds(precise(p95With(1 - share, experiment.within?.value ?? 0))) });
  return from === undefined ? world.always(change) : world.from(from, change, extent);
}

/** So many events per second of each instance. */
export function happening(
  { of: { service } }: Pick<Case, "of">,
  world: World,
  perSecond: number,
  extent: FactExtent = {},
  from?: string,
): World {
  if (!service.http) return world.has("finished", perSecond, from, undefined, extent);
  const change = everyRoute().withTraffic(requestsPerSecond(world.instances.length * perSecond));
  return from === undefined ? world.always(change) : world.from(from, change, extent);
}

/** One instance serves the treatment, any other the control, from noon on. */
export function tried(one: Case, perSecond: number, share: number, instances = 2): World {
  const { level, of } = one;
  const { experiment, service } = of;
  const within = experiment.within && [experiment.within.value];
  const places = service.places.filter((place) => place.startsWith(`${experiment.journey ?? ""} `)).slice(0, 1);
  const small = service.http
    ? smallWorld(level, { routes: 1, instances, buckets: within })
    : healthy({ ...service, places }, level.subject.world.environment).withInstances(instances);
  const usual = failing(one, happening(one, small, perSecond), one.usual);
  const { label, control, treatment } = experiment;
  return failing(one, usual.tries(label, control, noon).tries(label, treatment, noon, treated), share, treated, noon);
}

export const labelsOf = ({ of: { experiment, kpi } }: Case) => ({ experiment: experiment.name, kpi });

export const firing = (one: Case, from: string, to: string): FiresBuilder =>
  firesFor(one.level, labelsOf(one), [from, to]);
export const silent = ({ level }: Case): Expectation[] => [quiet(level.promise.alert, level.severity)];
