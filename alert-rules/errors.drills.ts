import { firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
} from "../src/drills/drill-subject.ts";
import {
  ErrorsAffectUsers,
  ErrorsNew,
  ErrorsRegressed,
  ErrorsSpiking,
  ErrorsTrackerAlerts,
  errorRate,
} from "./errors.ts";

/** Drills of an error tracker that follow from none of its promises. */
export const errorsDrills = (subject: DrillSubject): Drill[] => [
  ...levelsOf(ErrorsSpiking, subject).flatMap((level) => [twoExporters(level), crashes(level)]),
  ...[ErrorsNew, ErrorsRegressed, ErrorsAffectUsers, ErrorsTrackerAlerts].flatMap((alert) =>
    levelsOf(alert, subject).map(oneKnows),
  ),
  drill("a restart of every exporter is quiet", {
    world: subject.world.resetsAt(noon),
    expect: othersQuiet(subject),
  }),
];

/** Two exporters ask the same tool, and count the same errors: they are not twice as many. */
function twoExporters({ severity, subject, threshold }: Level): Drill {
  return drill(`errors that two exporters count, each below the threshold, are not ${called[severity]}`, {
    world: subject.world.withInstances(2).has(errorRate.fact ?? "", 0.8 * threshold, noon),
    expect: [quiet(ErrorsSpiking, severity)],
  });
}

/** Two exporters ask the same tool, one of them a moment later: what one of them knows is so. */
function oneKnows(level: Level): Drill {
  const { severity, subject, promise } = level;
  const { intervals } = subject.platform;
  const { signal } = promise.alert;
  const most = subject.service.exporter?.facts[signal.fact ?? ""]?.furthest.value ?? 0;
  const time = firingTime(instantCrossing(intervals.scrape.value), promise.for.value, intervals);
  return drill(`${signal.title.toLowerCase()} that one exporter of two tells of are ${called[severity]}`, {
    world: subject.world.withInstances(2).has(signal.fact ?? "", most, noon, undefined, { instances: 1 }),
    expect: [
      firesFor(level, { project: subject.service.places[0] ?? "" }, time.fires(noon)),
      ...othersQuiet(subject, promise.alert),
    ],
  });
}

/** What ends an app is an error, too. */
function crashes(level: Level): Drill {
  const { severity, subject, threshold, promise } = level;
  const { intervals } = subject.platform;
  const window = promise.alert.signal.window?.value ?? 0;
  // So many that the first scrapes are enough.
  const crossing = instantCrossing(2 * intervals.scrape.value);
  const [from, to] = firingTime(crossing, promise.for.value, intervals).fires(noon);
  return drill(`errors all of which are crashes are ${called[severity]}`, {
    world: subject.world
      .withInstances(1)
      .has("crashes", 1)
      .has(errorRate.fact ?? "", (20 * threshold * window) / intervals.scrape.value, noon),
    expect: [
      firesFor(level, { project: subject.service.places[0] ?? "" }, [from, to]),
      ...othersQuiet(subject, ErrorsSpiking),
    ],
  });
}
