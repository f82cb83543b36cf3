import { sequentialTest } from "../src/derived/sequential-test.ts";
import type { Sample } from "../src/derived/two-proportions.ts";
import { type Drill, drill } from "../src/drills/drill.ts";
import { called, noon } from "../src/drills/drill-subject.ts";
import { minutes } from "../src/model/quantity.ts";
import { clockMs, later } from "../src/worlds/clock.ts";
import { bisect } from "../src/worlds/latency.ts";
import type { Remembered } from "../src/worlds/world-event.ts";
import { armBad, armEvents, by, countedEvery, followedFor, perKpi } from "./experiments.events.ts";
import { type Case, firing, labelsOf, plenty, silent, soon, tried } from "./experiments.provoke.ts";
import { fewestEvents } from "./experiments.signals.ts";

const noonMs = clockMs(noon) ?? 0;
const arms = ["control", "treatment"] as const;
type Arm = (typeof arms)[number];

/** A series of one arm as rules have recorded it, of the experiment unless these labels say of which. */
const recorded = (
  one: Case,
  { series }: { series: string },
  arm: Arm,
  rest: Pick<Remembered, "at" | "beforeSeconds" | "goesOn"> & { labels?: Remembered["labels"] },
): Remembered => ({
  everySeconds: countedEvery.value,
  ...rest,
  labels: { ...labelsOf(one), arm, __name__: series, ...rest.labels },
});

/** Drills of what both variants have had already: to the last event, since nothing else is there. */
export function countedDrills(one: Case): Drill[] {
  const { level, of } = one;
  const { promise, severity, subject } = level;
  /** All of them at noon; after that somebody still gets the treatment, who adds nothing. */
  const counted = (arm: Arm, { events, badShare }: Sample): Remembered[] => {
    const at = (perMoment: number, later: number) => (ms: number) =>
      ms === noonMs ? perMoment / countedEvery.value : ms > noonMs ? later : undefined;
    return [
      recorded(one, armEvents, arm, { at: at(events, 1e-12), beforeSeconds: 600, goesOn: true }),
      recorded(one, armBad, arm, { at: at(badShare * events, 0), beforeSeconds: 600, goesOn: true }),
    ];
  };
  const told = (what: string, treatment: Sample, control: Sample, expect: Drill["expect"]): Drill =>
    drill(`${of.experiment.name}: ${what} (${of.kpi})`, {
      world: subject.world.removed().remembers(...counted("treatment", treatment), ...counted("control", control)),
      expect,
      since: noon,
    });
  const control = { events: 2 * fewestEvents, badShare: 0.1 };
  const treatment = (badShare: number): Sample => ({ events: fewestEvents, badShare });
  const isSure = (badShare: number): boolean => {
    const { difference, halfWidth } = sequentialTest(treatment(badShare), control, of);
    return difference - halfWidth > level.threshold;
  };
  const limit = bisect(control.badShare, 1, isSure);
  const firesAt = later(noon, promise.for);
  const { events } = treatment(1);
  return [
    told(`just as many bad ones as make harm sure are ${called[severity]}`, treatment(limit * (1 + 1e-6)), control, [
      firing(one, firesAt, later(firesAt, minutes(1))),
    ]),
    told("hardly fewer are quiet", treatment(limit * (1 - 1e-6)), control, silent(one)),
    told("one event less of the treatment is quiet", { ...treatment(1), events: events - 1 }, control, silent(one)),
    told("one event less of the control is quiet", treatment(1), { ...control, events: events - 1 }, silent(one)),
  ];
}

const followedHours = followedFor.value / 3600;

/** Drills of what was recorded weeks ago: it counts as long as the experiment is followed, and ends it after that. */
export function recordedDrills(one: Case): Drill[] {
  const { of, usual } = one;
  const bad = Math.min(1, 4 * usual);
  /** Ten minutes of events of both variants, so many hours before the rest. */
  const earlier = (hoursAgo: number, perSecond: number, treated = usual, labels = {}): Remembered[] => {
    const endMs = noonMs - 3_600_000 * hoursAgo;
    const during = (value: number) => ({
      labels,
      beforeSeconds: 3600 * (hoursAgo + 1),
      at: (ms: number) => (ms > endMs - 600_000 && ms <= endMs ? value : undefined),
    });
    return arms.flatMap((arm) => [
      recorded(one, armEvents, arm, during(perSecond)),
      recorded(one, armBad, arm, during((arm === "treatment" ? treated : usual) * perSecond)),
    ]);
  };
  const told = (what: string, share: number, before: readonly Remembered[], expect: Drill["expect"]): Drill =>
    drill(`${of.experiment.name}: ${what}`, {
      world: tried(one, plenty, share)
        .remembers(...before)
        .until("12:30"),
      expect,
    });
  const harmful = [firing(one, ...soon)];
  const others = (labels: readonly string[]) => labels.map((label) => ({ [label]: `another ${label}` }));
  return [
    told("an experiment that is not yet too old is told of", bad, earlier(followedHours - 3, 1), harmful),
    told("what was so at the beginning counts to its end", bad, earlier(followedHours - 3, 1e7), silent(one)),
    told("harm that was done at the beginning is told of", usual, earlier(followedHours - 3, 1e7, bad), harmful),
    told("an experiment that is too old is quiet", bad, earlier(followedHours + 20, 1), silent(one)),
    told(
      "one of the same name that ended a day before that is not counted",
      bad,
      earlier(followedHours + 36, 1e7),
      harmful,
    ),
    told(
      "an experiment is told of, however old those of others are",
      bad,
      others(by).flatMap((labels) => earlier(followedHours + 20, 1, usual, labels)),
      harmful,
    ),
    drill(`${of.experiment.name}: harm is over when nobody gets the treatment any more, whoever gets another`, {
      world: tried(one, plenty, bad)
        .tries(of.experiment.label, of.experiment.control, "12:20")
        .remembers(
          ...others(perKpi).map((labels) =>
            recorded(one, armEvents, "treatment", { labels, beforeSeconds: 3600, goesOn: true, at: () => 1 }),
          ),
        )
        .until("12:40"),
      expect: [firing(one, ...soon).resolvesBetween("12:22", "12:27")],
      since: "11:30",
    }),
  ];
}
