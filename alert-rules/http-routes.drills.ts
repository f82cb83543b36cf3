import { later } from "../src/drills/clock.ts";
import { type Drill, drill, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  gap,
  levelsOf,
  noon,
  othersQuiet,
  readable,
  those,
  tooBrief,
} from "../src/drills/drill-subject.ts";
import { shareWithin } from "../src/drills/latency.ts";
import { everyRoute, type RouteChange, route, stateAt, type World } from "../src/drills/world.ts";
import type { Alert } from "../src/model/pack.ts";
import { formatDuration, formatQuantity, percent, ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { HttpErrorRatioHigh, HttpLatencyHigh } from "./http.ts";

/** Of a threshold: a value that must be quiet, and one that must fire. */
const justShort = 0.9;
const justBeyond = 1.2;

/** Levels nearer to each other than this have no room for a value that is clearly between them. */
const leastRoom = 1.15;

/** Drills in which one route has trouble: it is slow, or it fails. */
export const httpRouteDrills = (subject: DrillSubject): Drill[] => [
  ...routeDrills(subject, slow(subject)),
  ...routeDrills(subject, failing(subject)),
  ...guardDrills(subject),
];

/** Trouble of one route that a signal tells by a number. */
interface RouteTrouble {
  alert: Alert;
  /** In which it happens. */
  world: World;
  /** `p95 of 2.4 s`. */
  words: (value: number) => string;
  change: (value: number) => RouteChange;
  /** The largest value there is. */
  most: number;
  /** Share of the window that a value must fill for the signal to pass the threshold. */
  share: (threshold: number, value: number) => number;
}

/** The route that has trouble; the service's next one stays healthy. */
const troubled = ({ service }: DrillSubject): string => service.routes[0] ?? "";

/** What is too slow for the threshold before and in the trouble adds up to what the quantile leaves. */
function slow(subject: DrillSubject): RouteTrouble {
  const name = troubled(subject);
  const { quantile = 0.95 } = HttpLatencyHigh.signal;
  const usual = stateAt(subject.world, name, 0).p95Seconds;
  return {
    alert: HttpLatencyHigh,
    world: subject.world,
    words: (value) => `p95 of ${formatQuantity(seconds(value))}`,
    change: (value) => route(name).withLatency({ p95: seconds(value) }),
    most: Number.POSITIVE_INFINITY,
    share: (threshold, value) => {
      const [slowBefore, slowThen] = [usual, value].map((p95) => 1 - shareWithin(threshold, p95)) as [number, number];
      return (1 - quantile - slowBefore) / (slowThen - slowBefore);
    },
  };
}

/** Errors at the threshold that each scrape of each counter finds, so that whole requests do not blur the share. */
const errorsPerScrape = 10;

/**
 * There is traffic enough to tell: `rate` never sees the first value of a series that did not exist before, and one
 * error more or less must not matter.
 */
function failing(subject: DrillSubject): RouteTrouble {
  const { service, platform, world } = subject;
  const lowest = Math.min(...levelsOf(HttpErrorRatioHigh, subject).map(({ threshold }) => threshold));
  const counters = service.routes.length * world.instances.length;
  const needed = Math.ceil((errorsPerScrape * counters) / (lowest * platform.intervals.scrape.value));
  const usual = stateAt(world, troubled(subject), 0).requestsPerSecond * service.routes.length;
  return {
    alert: HttpErrorRatioHigh,
    world: needed > usual ? world.always(everyRoute().withTraffic(requestsPerSecond(needed))) : world,
    words: (value) => `${formatQuantity(ratio(value))} errors`,
    change: (value) => route(troubled(subject)).withErrors(ratio(value)),
    most: 1,
    share: (threshold, value) => threshold / value,
  };
}

function routeDrills(subject: DrillSubject, { alert, world, words, change, most, share }: RouteTrouble): Drill[] {
  const levels = levelsOf(alert, subject);
  const [mild, severe] = [levels[0], levels.at(-1)];
  if (!mild || !severe) return [];
  const [name, healthyName] = [troubled(subject), subject.service.routes[1]];
  const others = othersQuiet(subject, alert);
  const elsewhere = healthyName === undefined ? [] : [quiet(alert).forLabels({ route: healthyName })];

  const beyond = (threshold: number) => readable(Math.min(most, justBeyond * threshold));
  const each = levels.flatMap((level) => {
    const { severity, threshold } = level;
    const value = beyond(threshold);
    const { window, over, tooShort, longEnough } = level.time(share(threshold, value));
    const end = later(noon, longEnough);
    const less = readable(justShort * threshold);
    return those([
      drill(
        `${words(value)} on one route for ${formatDuration(longEnough)} is ${called[severity]}, names it and is over after`,
        {
          world: world.between(noon, end, change(value)),
          expect: [firesFor(level, subject, { route: name }, window(noon), over(end)), ...elsewhere, ...others],
        },
      ),
      drill(`${words(less)}, just short of ${called[severity]}, is not`, {
        world: world.from(noon, change(less)),
        expect: [level === mild ? quiet(alert) : quiet(alert, severity), ...others],
      }),
      tooShort !== undefined &&
        drill(`${words(value)} for ${formatDuration(tooShort)}, ${tooBrief(level)}, is not ${called[severity]}`, {
          world: world.between(noon, later(noon, tooShort), change(value)),
          expect: [quiet(alert, severity), ...others],
        }),
    ]);
  });

  const worst = beyond(severe.threshold);
  const { window, halfPending } = severe.time(share(severe.threshold, worst));
  const between = readable(Math.sqrt(mild.threshold * severe.threshold));
  const mildTime = mild.time(share(mild.threshold, between));
  return those([
    ...each,
    drill(`${words(worst)} is ${called[severe.severity]} although every instance restarts meanwhile`, {
      world: world.from(noon, change(worst)).resetsAt(halfPending(noon)),
      expect: [firesFor(severe, subject, { route: name }, window(noon)), ...others],
    }),
    drill(`${words(worst)} is ${called[severe.severity]} although Prometheus is away for ${formatDuration(gap)}`, {
      world: world.from(noon, change(worst)).scrapeGap(halfPending(noon), later(halfPending(noon), gap)),
      expect: [firesFor(severe, subject, { route: name }, window(noon)), ...others],
    }),
    severe.threshold >= leastRoom * mild.threshold &&
      drill(`${words(between)} is ${called[mild.severity]} and not ${called[severe.severity]}`, {
        world: world.from(noon, change(between)),
        expect: [firesFor(mild, subject, { route: name }, mildTime.window(noon)), quiet(alert, severe.severity)],
      }),
  ]);
}

/** A ratio of next to nothing says nothing: two errors at night are no reason to wake anybody. */
function guardDrills(subject: DrillSubject): Drill[] {
  const level = levelsOf(HttpErrorRatioHigh, subject).at(-1);
  const { guard } = HttpErrorRatioHigh;
  if (!level || !guard) return [];
  const name = troubled(subject);
  const little = requestsPerSecond(readable(guard.above.value / 2));
  const enough = requestsPerSecond(readable(guard.above.value * 3));
  const allFail = (traffic: typeof little) =>
    subject.world.always(route(name).withTraffic(traffic)).from(noon, route(name).withErrors(percent(100)));
  return [
    drill(`nothing but errors on a route with ${formatQuantity(little)} requests stays quiet`, {
      world: allFail(little),
      expect: [quiet(HttpErrorRatioHigh)],
    }),
    drill(`nothing but errors on a route with ${formatQuantity(enough)} requests is ${called[level.severity]}`, {
      world: allFail(enough),
      expect: [firesFor(level, subject, { route: name }, level.time(level.threshold).window(noon))],
    }),
  ];
}
