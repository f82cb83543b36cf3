import { firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  levelsOf,
  noon,
  othersQuiet,
  readable,
} from "../src/drills/drill-subject.ts";
import { count, formatQuantity } from "../src/model/quantity.ts";
import type { World } from "../src/worlds/world.ts";
import {
  executionRate,
  failureRatio,
  N8nExecutionsFail,
  N8nNoExecutions,
  N8nQueueWaiting,
  waitingJobs,
} from "./n8n.ts";

/** Drills of one service that follow from none of its promises, but from how n8n counts. */
export const n8nDrills = (subject: DrillSubject): Drill[] => [
  ...firstDrills(subject),
  ...partDrills(subject),
  drill("a restart of every process is quiet", {
    world: subject.world.resetsAt(noon),
    expect: othersQuiet(subject),
  }),
];

const executing = (world: World, perSecond: number) => world.has(executionRate.fact ?? "", perSecond);
const failing = (world: World, share: number) => world.has(failureRatio.fact ?? "", share);

/** n8n has no series of executions that have not been: of none at all, and of none that ended well. */
function firstDrills(subject: DrillSubject): Drill[] {
  const { intervals } = subject.platform;
  const scrape = intervals.scrape.value;
  const fresh = subject.world.withInstances(1).startsAt(noon);
  // A rate takes two samples.
  const second = [scrape, 2 * scrape] as const;
  return [
    ...levelsOf(N8nNoExecutions, subject).map((level) =>
      drill(`not one execution since n8n was started is ${called[level.severity]}`, {
        world: executing(fresh, 0),
        expect: [
          firesFor(level, {}, firingTime(instantCrossing(scrape), level.promise.for.value, intervals).fires(noon)),
          ...othersQuiet(subject, N8nNoExecutions),
        ],
      }),
    ),
    ...levelsOf(N8nExecutionsFail, subject).map((level) =>
      drill(`not one execution that ended well since n8n was started is ${called[level.severity]}`, {
        world: failing(executing(fresh, 2), 1),
        expect: [
          firesFor(
            level,
            {},
            firingTime({ rise: second, fall: second }, level.promise.for.value, intervals).fires(noon),
          ),
          ...othersQuiet(subject, N8nExecutionsFail),
        ],
      }),
    ),
  ];
}

/** Each process tells of its own executions, and all of them of the one queue. */
function partDrills(subject: DrillSubject): Drill[] {
  const pair = subject.world.withInstances(2);
  return [
    ...levelsOf(N8nExecutionsFail, subject).map((level) => {
      const share = readable(Math.min(1, 1.6 * level.threshold));
      return drill(`one process of two whose failures make too few of all is not ${called[level.severity]}`, {
        world: failing(executing(pair, 20), 0).has(failureRatio.fact ?? "", share, noon, undefined, { instances: 1 }),
        expect: [quiet(N8nExecutionsFail, level.severity), ...othersQuiet(subject, N8nExecutionsFail)],
      });
    }),
    ...levelsOf(N8nQueueWaiting, subject).map((level) => {
      const jobs = Math.floor(0.75 * level.threshold);
      return drill(
        `${formatQuantity(count(jobs))} waiting jobs that two processes tell of are not ${called[level.severity]}`,
        {
          world: pair.has(waitingJobs.fact ?? "", jobs, noon),
          expect: [quiet(N8nQueueWaiting, level.severity), ...othersQuiet(subject, N8nQueueWaiting)],
        },
      );
    }),
  ];
}
