import { bystanders } from "../src/boundaries/bystanders.ts";
import { sequentialTest } from "../src/derived/sequential-test.ts";
import { type Drill, drill } from "../src/drills/drill.ts";
import { called, type DrillSubject, levelsOf, noon, those } from "../src/drills/drill-subject.ts";
import { type Duration, hours, seconds } from "../src/model/quantity.ts";
import { clockMs, later } from "../src/worlds/clock.ts";
import type { World } from "../src/worlds/world.ts";
import { comparedKpis, countedEvery } from "./experiments.events.ts";
import {
  type Case,
  firing,
  happening,
  labelsOf,
  lateSeconds,
  plenty,
  silent,
  soon,
  treated,
  tried,
} from "./experiments.provoke.ts";
import { countedDrills, recordedDrills } from "./experiments.recorded.drills.ts";
import { fewestEvents, harm } from "./experiments.signals.ts";
import { ExperimentHarmful } from "./experiments.ts";

/** Each KPI of each experiment at its threshold; what is the same for all is drilled with the first of a service. */
export const experimentsDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(ExperimentHarmful, subject).flatMap((level, index) =>
    comparedKpis({ services: [subject.service] }).flatMap((of, which) => {
      const one: Case = { level, of, usual: Math.min(0.2, 5 * of.effect) };
      return those([
        ...edges(one),
        ...(index + which === 0 ? [...stories(one), ...ofLittle(one), ...recordedDrills(one), ...exactly(one)] : []),
        ...countedDrills(one),
      ]);
    }),
  );

/** So many events of either variant it takes until harm is sure to be more than the threshold; undefined where it never is. */
function eventsUntilSure({ level, of, usual }: Case, worse: number): number | undefined {
  const sure = (events: number): boolean => {
    const { difference, halfWidth } = sequentialTest(
      { events, badShare: usual + worse },
      { events, badShare: usual },
      of,
    );
    return difference - halfWidth > level.threshold;
  };
  let [low, high] = [fewestEvents, 1e12];
  if (sure(low) || !sure(high)) return undefined;
  while (high / low > 1.0001) {
    const middle = Math.sqrt(low * high);
    if (sure(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Of each size of harm so many events that it is sure ten minutes before one: not before, and soon after. */
function edges(one: Case): (Drill | false)[] {
  const { level, of } = one;
  const { threshold, severity } = level;
  const sureAfterSeconds = 3000;
  const sizes = { "twice what matters": 2 * of.effect, "what matters": of.effect, "hardly harm": 1.5 * threshold };
  return Object.entries(sizes).map(([size, worse]) => {
    const events = eventsUntilSure(one, worse);
    if (events === undefined) return false;
    const sureAt = later(noon, seconds(sureAfterSeconds + level.promise.for.value));
    const world = tried(one, events / (sureAfterSeconds - lateSeconds), one.usual + worse);
    return drill(`${of.experiment.name}: ${size} more is ${of.kpi}: ${called[severity]} when it is sure`, {
      world: size === "what matters" ? world.alongside(...beside(one, world)) : world,
      expect: [firing(one, later(sureAt, seconds(-120)), later(sureAt, seconds(120)))],
    });
  });
}

/** Whoever could be mixed up with the service tries the same, and nothing is wrong with that. */
const beside = (one: Case, world: World): World[] =>
  bystanders(one.level.subject, world).map(({ world: other }) => {
    const { label, control, treatment } = one.of.experiment;
    const both = other.withInstances(2).tries(label, control, noon).tries(label, treatment, noon, treated);
    return other.isUnmarked ? both : happening(one, both, plenty);
  });

/** What becomes of an experiment. */
function stories(one: Case): Drill[] {
  const { level, usual, of } = one;
  const { label, control, treatment, name } = of.experiment;
  const bad = Math.min(1, 4 * usual);
  const told = (what: string, world: World, expect: Drill["expect"] = silent(one)): Drill =>
    drill(`${name}: ${what}`, { world, expect, since: "11:30" });
  const worse = tried(one, plenty, bad);
  return [
    // Where what goes wrong is counted for itself, it is not counted before it happens.
    told(
      `harm is ${called[level.severity]} although the control never fails`,
      tried({ ...one, usual: of.kpi === "slow" ? usual : 0 }, plenty, bad).until("12:30"),
      [firing(one, ...soon)],
    ),
    told("a treatment that is as good as the control is quiet", tried(one, plenty, usual).until("12:30")),
    told("a better treatment is quiet", tried(one, plenty, usual / 4).until("12:30")),
    told(
      `harm is ${called[level.severity]}, and over when nobody gets the treatment any more`,
      worse.tries(label, control, "12:20").until("12:40"),
      [firing(one, ...soon).resolvesBetween("12:22", "12:27")],
    ),
    told(
      `harm is ${called[level.severity]}, and over when nobody comes to the treatment any more`,
      happening(one, worse, 0, treated, "12:20").until("12:40"),
      [firing(one, ...soon).resolvesBetween("12:22", "12:27")],
    ),
    told(
      "what neither variant does is not counted",
      tried(one, plenty, usual, 3)
        .tries(label, "another", noon, { instances: 2 })
        .tries(label, treatment, noon, treated)
        .until("12:30"),
    ),
  ];
}

/** Of few events nothing is said, however bad they are. */
function ofLittle(one: Case): Drill[] {
  const { name } = one.of.experiment;
  const perSecond = fewestEvents / (1800 - lateSeconds);
  const enoughAt = later("12:30", one.level.promise.for);
  return [
    drill(`${name}: a treatment with hardly too few events is quiet`, {
      world: tried(one, 0.96 * perSecond, 1).until("12:30"),
      expect: silent(one),
    }),
    drill(`${name}: a treatment with hardly enough events is ${called[one.level.severity]} when they have come`, {
      world: tried(one, perSecond, 1).until("12:40"),
      expect: [firing(one, later(enoughAt, seconds(-120)), later(enoughAt, seconds(120)))],
    }),
  ];
}

/**
 * What the rules make of two variants, so much and no less: recorded already, since nothing is there to record it. Nor does
 * a message know the shares of the variants then.
 */
function exactly(one: Case): Drill[] {
  const { level, of } = one;
  const { threshold, promise, subject } = level;
  const everySeconds = 30;
  const atMs = (clock: string) => clockMs(clock) ?? 0;
  const harmOf = (at: (ms: number) => number): World =>
    subject.world
      .removed()
      .remembers({
        labels: { ...labelsOf(one), __name__: harm.series },
        ...{ everySeconds, beforeSeconds: 3600, goesOn: true, at },
      })
      .until("12:30");
  const lasting = (time: Duration) => (ms: number) =>
    ms >= atMs(noon) && ms < atMs(later(noon, time)) ? 2 * threshold : 0;
  const told = (what: string, at: (ms: number) => number, expect: Drill["expect"]): Drill =>
    drill(`${of.experiment.name}: ${what}`, { world: harmOf(at), expect, since: "11:55" });
  const over = later(noon, promise.for);
  return [
    told("harm of just the threshold is quiet", () => threshold, silent(one)),
    told("harm that does not last is quiet", lasting(seconds(promise.for.value - 1)), silent(one)),
    told(`harm that lasts is ${called[level.severity]} when it has lasted`, lasting(hours(1)), [
      firing(one, over, later(over, seconds(countedEvery.value - 1))),
    ]),
  ];
}
