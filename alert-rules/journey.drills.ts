import { firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, type ExpectedLabels, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
  readable,
} from "../src/drills/drill-subject.ts";
import { labelsOfPlace, outerOf } from "../src/model/exporter.ts";
import type { RecordedSignal } from "../src/model/pack.ts";
import { formatQuantity, ratio, seconds } from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import type { World } from "../src/worlds/world.ts";
import { completion, dayOneUsers, dropOff, finished, stepsEnded, weekFourUsers } from "./journey.signals.ts";
import { startsDrills } from "./journey.starts.drills.ts";
import {
  JourneyCompletionLow,
  JourneyDropOffHigh,
  JourneyRetentionDayOneLow,
  JourneyRetentionWeekFourLow,
} from "./journey.ts";

/** Drills of one service that follow from none of its promises, but from how journeys are counted. */
export const journeyDrills = (subject: DrillSubject): Drill[] => [
  ...finishedDrills(subject),
  ...processDrills(subject),
  ...cohortDrills(subject),
  ...startsDrills(subject, firstJourney(subject)),
  drill("a rush of journeys that are still under way is quiet", {
    world: having(subject.world, finished, 0.05).has("started", 5, noon),
    expect: othersQuiet(subject),
  }),
  drill("a restart of every process is quiet", {
    world: subject.world.resetsAt(noon),
    expect: othersQuiet(subject),
  }),
];

const having = (world: World, { fact = "" }: RecordedSignal, value: number): World => world.has(fact, value);

/** So many a second that one more or less does not matter. */
const plenty = 2;

/** When a level fires of what is so from the first sample on: a rate takes two. */
function soon({ subject, promise }: Level): readonly [string, string] {
  const { intervals } = subject.platform;
  const twice = [intervals.scrape.value, 2 * intervals.scrape.value] as const;
  return firingTime({ rise: twice, fall: twice }, promise.for.value, intervals).fires(noon);
}

/** Outcomes that there are not yet, and those that are neither in time nor given up. */
function finishedDrills(subject: DrillSubject): Drill[] {
  const fresh = having(subject.world.withInstances(1).startsAt(noon), finished, plenty);
  const labels = firstJourney(subject);
  return levelsOf(JourneyCompletionLow, subject).flatMap((level) => [
    drill(`not one journey completed in time since the service was started is ${called[level.severity]}`, {
      world: having(fresh, completion, 0),
      expect: [firesFor(level, labels, soon(level)), ...othersQuiet(subject, JourneyCompletionLow)],
    }),
    drill(`journeys of which too many are completed late, but none given up, are ${called[level.severity]}`, {
      world: having(fresh, completion, readable(level.threshold / 2)).has("late", 1),
      expect: [firesFor(level, labels, soon(level)), ...othersQuiet(subject, JourneyCompletionLow)],
    }),
  ]);
}

/** Each process tells of the journeys that it sees the end of. */
function processDrills(subject: DrillSubject): Drill[] {
  const pair = subject.world.withInstances(2);
  const one = { instances: 1 };
  return [
    ...levelsOf(JourneyCompletionLow, subject).map((level) => {
      const share = readable(level.threshold - 0.8 * (1 - level.threshold));
      const world = having(having(pair, finished, plenty), completion, 1);
      return drill(`one process of two whose journeys make too few of all is not ${called[level.severity]}`, {
        world: world.has(completion.fact ?? "", Math.max(0, share), noon, undefined, one),
        expect: [quiet(JourneyCompletionLow, level.severity), ...othersQuiet(subject, JourneyCompletionLow)],
      });
    }),
    ...levelsOf(JourneyDropOffHigh, subject).map((level) => {
      const share = readable(Math.min(1, 1.6 * level.threshold));
      const world = having(having(pair, stepsEnded, plenty), dropOff, 0);
      return drill(`one process of two whose users leave, too few of all, is not ${called[level.severity]}`, {
        world: world.has(dropOff.fact ?? "", share, noon, undefined, one),
        expect: [quiet(JourneyDropOffHigh, level.severity), ...othersQuiet(subject, JourneyDropOffHigh)],
      });
    }),
  ];
}

/** Several processes tell of the same cohort: it is not as many times as large, nor does it come back as often. */
function cohortDrills(subject: DrillSubject): Drill[] {
  const pair = subject.world.withInstances(2);
  const { intervals } = subject.platform;
  return (
    [
      [JourneyRetentionDayOneLow, dayOneUsers],
      [JourneyRetentionWeekFourLow, weekFourUsers],
    ] as const
  ).flatMap(([alert, users]) =>
    levelsOf(alert, subject).flatMap((level) => {
      const { fact = "" } = alert.signal;
      const low = readable(0.8 * level.threshold);
      const enough = alert.guard?.above.value ?? 0;
      const time = firingTime(instantCrossing(intervals.scrape.value), level.promise.for.value, intervals);
      return [
        drill(`${formatQuantity(ratio(low))} that came back, as two processes tell, are ${called[level.severity]}`, {
          world: pair.has(fact, low, noon),
          expect: [firesFor(level, {}, time.fires(noon)), ...othersQuiet(subject, alert)],
        }),
        drill(`a small cohort that two processes tell of is not ${called[level.severity]}`, {
          world: having(pair, users, 0.75 * enough)
            .has(fact, low, noon)
            .until(later(noon, seconds(2 * level.promise.for.value))),
          expect: [quiet(alert, level.severity), ...othersQuiet(subject, alert)],
        }),
      ];
    }),
  );
}

/** Of the first journey that the service lists. */
function firstJourney({ service: { exporter, places } }: DrillSubject): ExpectedLabels {
  const [first = ""] = places;
  return exporter?.places ? labelsOfPlace(exporter.places, outerOf(first) ?? first) : {};
}
