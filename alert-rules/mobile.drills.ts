import { absenceCrossing, firingTime } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import { type DrillSubject, firesFor, type Level, levelsOf, noon, othersQuiet } from "../src/drills/drill-subject.ts";
import { ratesAround } from "../src/worlds/whole-requests.ts";
import { healthy, type World } from "../src/worlds/world.ts";
import { screen } from "./mobile.exporter.ts";
import { anrs, crashFree, frozenFrames, sessionRate, slowFrames } from "./mobile.signals.ts";
import { MobileColdStartSlow, MobileCrashFreeLow, MobileScreenLoadSlow, MobileSessionsStopped } from "./mobile.ts";

/** Drills of one app that follow from none of its promises, but from who counts its sessions and how. */
export const mobileDrills = (subject: DrillSubject): Drill[] => [
  ...silenceDrills(subject),
  ...countedTwice(subject),
  drill("an app that has never crashed nor hung is quiet", {
    world: [anrs, slowFrames, frozenFrames].reduce(
      (world, { fact = "" }) => world.has(fact, 0),
      subject.world.has(crashFree.fact ?? "", 1),
    ),
    expect: othersQuiet(subject),
  }),
  drill("a restart of whoever counts is quiet", {
    world: subject.world.resetsAt(noon),
    expect: othersQuiet(subject),
  }),
];

/** Whoever counted the sessions is gone, with its series: nothing says that it was there but that it once was. */
function silenceDrills(subject: DrillSubject): Drill[] {
  const { intervals } = subject.platform;
  const { window } = MobileSessionsStopped.signal;
  if (!window) return [];
  return levelsOf(MobileSessionsStopped, subject).map((level) => {
    const crossing = absenceCrossing(window.value, intervals.scrape.value);
    return drill("an app of which nothing is heard any more is a warning, be it scraped or not", {
      // So many that as long as a rate can be worked out at all, it is enough.
      world: subject.world
        .withInstances(1)
        .has(sessionRate.fact ?? "", 1000 * level.threshold)
        .removed(noon),
      expect: [
        firesFor(level, {}, firingTime(crossing, level.promise.for.value, intervals).fires(noon)),
        ...othersQuiet(subject, MobileSessionsStopped),
      ],
    });
  });
}

/** Where several count the sessions of an app, what each of them has counted is a part of it. */
function countedTwice(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  const [release = ""] = service.places;
  const two = healthy({ ...service, places: [release] }, world.environment).withInstances(2);
  const sessions = sessionRate.fact ?? "";
  /** So many times the sessions of a guard, both together, from noon on: when that is enough, and then for how long. */
  const enough = ({ promise, subject }: Level, times: number) => {
    const { intervals } = subject.platform;
    const seconds = (promise.alert.guard?.signal.window?.value ?? 0) / times;
    const rise = [seconds - 2 * intervals.scrape.value, seconds + 2 * intervals.scrape.value] as const;
    return firingTime({ rise, fall: rise }, promise.for.value, intervals).fires(noon);
  };
  const guardOf = ({ promise }: Level): number => promise.alert.guard?.above.value ?? 0;
  /** The first of the two counts this part of so many sessions. */
  const shared = (perSecond: number, part: number): World =>
    two
      .startsAt(noon)
      .has(sessions, (1 - part) * perSecond)
      .has(sessions, part * perSecond, undefined, undefined, { instances: 1 });
  const slow = 60;
  const drills = levelsOf(MobileSessionsStopped, subject).flatMap(({ threshold, promise, severity }) => {
    const { below } = ratesAround(threshold, promise.alert.signal.window?.value ?? 0, platform.intervals.scrape.value);
    if (2 * below <= threshold) return [];
    return drill("sessions that are enough together, though not where each of two counts them, are quiet", {
      world: two.has(sessions, below),
      expect: [quiet(promise.alert, severity)],
    });
  });
  return [
    ...drills,
    ...levelsOf(MobileCrashFreeLow, subject)
      .slice(0, 1)
      .map((level) =>
        drill(
          "a new release that crashes is a warning when two have counted enough sessions, by what both have counted",
          {
            world: shared(10 * guardOf(level), 0.5)
              .has(crashFree.fact ?? "", 0.94)
              .has(crashFree.fact ?? "", 0.9, undefined, undefined, { instances: 1 }),
            expect: [firesFor(level, { release }, enough(level, 10)).reading(0.915, 0.925)],
          },
        ),
      ),
    ...[MobileColdStartSlow, MobileScreenLoadSlow].flatMap((alert) =>
      levelsOf(alert, subject)
        .slice(0, 1)
        .map((level) =>
          drill(
            `a new release of which a fifth is slow (${alert.signal.title}) is told of when two have counted enough`,
            {
              world: shared(2 * guardOf(level), 0.2).has(alert.signal.fact ?? "", slow, undefined, undefined, {
                instances: 1,
              }),
              expect: [
                firesFor(level, { release, ...(alert === MobileScreenLoadSlow && { screen }) }, enough(level, 2)),
              ],
            },
          ),
        ),
    ),
  ];
}
