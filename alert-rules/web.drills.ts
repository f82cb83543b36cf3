import { absenceCrossing, firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  levelsOf,
  noon,
  othersQuiet,
  those,
} from "../src/drills/drill-subject.ts";
import { days, eventsPerSecond, formatQuantity, seconds } from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import { ratesAround } from "../src/worlds/whole-requests.ts";
import type { World } from "../src/worlds/world.ts";
import { pageViews, reports, siteViews } from "./web.signals.ts";
import { WebExporterDown, WebNoPageViews, WebReportsMissing } from "./web.ts";

/** Drills of one site that follow from none of its promises, but from how views are counted. */
export const webDrills = (subject: DrillSubject): Drill[] => [
  ...silentSiteDrills(subject),
  ...trickleDrills(subject),
  ...unreportedDrills(subject),
  drill("a restart of every process that counts is quiet", {
    world: subject.world.resetsAt(noon),
    expect: othersQuiet(subject),
  }),
];

const has = (world: World, { fact = "" }: { fact?: string }, perSecond: number, from?: string): World =>
  world.has(fact, perSecond, from);

/**
 * A site of which nothing more is heard is missed for a day, be it scraped or not; a new one that counts nothing, as soon
 * as it answers the scrape. Where nothing answers, that alone is told.
 */
function silentSiteDrills(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  const { scrape, evaluation } = platform.intervals;
  const small = world.withInstances(1);
  const others = othersQuiet(subject, WebNoPageViews);
  return levelsOf(WebNoPageViews, subject).flatMap((level) => {
    const ends = absenceCrossing(siteViews.window?.value ?? 0, scrape.value).rise;
    const gone = firingTime({ rise: ends, fall: ends }, level.promise.for.value, platform.intervals);
    const atOnce = firingTime(instantCrossing(scrape.value), level.promise.for.value, platform.intervals);
    // The views were last recorded one look before the first that lacks them, and are remembered for less than a day
    // after: a range does not include its own beginning.
    const memory = Math.ceil(days(1).value / evaluation.value) * evaluation.value;
    const forgotten = gone.over(noon).map((look) => later(look, seconds(memory - evaluation.value)));
    return those([
      drill(`a site of which nothing is heard any more is ${called[level.severity]} for a day and then forgotten`, {
        world: small.removed(noon),
        expect: [firesFor(level, {}, gone.fires(noon)).resolvesBetween(...(forgotten as [string, string])), ...others],
      }),
      service.scrape !== undefined &&
        drill(`a new site that answers the scrape and counts nothing is ${called[level.severity]}`, {
          world: has(small.startsAt(noon), pageViews, 0),
          expect: [firesFor(level, {}, atOnce.fires(noon)), ...others],
        }),
      service.scrape !== undefined &&
        drill("a site that does not answer the scrape is not said to be without views besides", {
          world: world.down(noon),
          expect: [quiet(WebNoPageViews), ...othersQuiet(subject, WebNoPageViews, WebExporterDown)],
        }),
      drill("views of a sidecar that is all there is of a site say nothing about it", {
        world: small.unmarked(),
        expect: othersQuiet(subject),
      }),
    ]);
  });
}

/** Views are what all pages and instances get together, however little each of them does. */
function trickleDrills(subject: DrillSubject): Drill[] {
  return levelsOf(WebNoPageViews, subject).map(({ severity, threshold }) => {
    const pages = subject.service.places.length;
    const { scrape } = subject.platform.intervals;
    // Two browsers, each counted by itself.
    const each = 2 * ratesAround(threshold / (2 * pages), siteViews.window?.value ?? 0, scrape.value).above;
    return drill(`a trickle of ${formatQuantity(eventsPerSecond(Number((pages * each).toPrecision(2))))} stays quiet`, {
      world: has(subject.world.withInstances(1), pageViews, each, noon),
      expect: [quiet(WebNoPageViews, severity), ...othersQuiet(subject, WebNoPageViews, WebReportsMissing)],
    });
  });
}

/** A page that never reported its times has no series of them. */
function unreportedDrills(subject: DrillSubject): Drill[] {
  const { scrape } = subject.platform.intervals;
  const [page = ""] = subject.service.places;
  // A rate takes two samples; so many views that it is beyond the guard with the first two.
  const second = [scrape.value, 2 * scrape.value] as const;
  const fresh = subject.world.withInstances(1).startsAt(noon);
  return levelsOf(WebReportsMissing, subject).map((level) => {
    const { guard } = WebReportsMissing;
    const views = 1000 * (guard?.above.value ?? 0);
    const time = firingTime({ rise: second, fall: second }, level.promise.for.value, subject.platform.intervals);
    return drill(`views that never reported their times are ${called[level.severity]}`, {
      world: fresh.has(pageViews.fact ?? "", views).has(reports.fact ?? "", 0, undefined, undefined, { place: page }),
      expect: [firesFor(level, { page }, time.fires(noon)), ...othersQuiet(subject, WebReportsMissing)],
    });
  });
}
