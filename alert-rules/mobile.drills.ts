import { absenceCrossing, firingTime } from "../src/boundaries/firing-time.ts";
import { type Drill, drill } from "../src/drills/drill.ts";
import { type DrillSubject, firesFor, levelsOf, noon, othersQuiet } from "../src/drills/drill-subject.ts";
import { anrs, crashFree, sessionRate } from "./mobile.signals.ts";
import { MobileSessionsStopped } from "./mobile.ts";

/** Drills of one app that follow from none of its promises, but from who counts its sessions and how. */
export const mobileDrills = (subject: DrillSubject): Drill[] => [
  ...silenceDrills(subject),
  drill("an app that has never crashed nor hung is quiet", {
    world: subject.world.has(crashFree.fact ?? "", 1).has(anrs.fact ?? "", 0),
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
