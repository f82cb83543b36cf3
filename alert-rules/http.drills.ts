import { later } from "../src/drills/clock.ts";
import { type Drill, drill, type Expectation, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  drillSubject,
  firesFor,
  gap,
  type Level,
  levelsOf,
  noon,
  othersQuiet,
  readable,
  those,
  tooBrief,
} from "../src/drills/drill-subject.ts";
import { scrapedRoute } from "../src/drills/exposition.ts";
import { everyRoute, healthy, stateAt, type World } from "../src/drills/world.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { formatDuration, formatQuantity, minutes, percent, requestsPerSecond } from "../src/model/quantity.ts";
import { HttpMetricsMissing, HttpNoTraffic, HttpTargetDown, http, rateWindow } from "./http.ts";
import { httpRouteDrills } from "./http-routes.drills.ts";

/**
 * The drills of one service: for each alert and severity that it has, at least one that fires and one that stays
 * quiet. All of it follows from the service's promises, so that a threshold changed in monitoring.yaml changes the
 * worlds and what is expected in them.
 */
export function httpDrills(service: Service, platform: Platform): Drill[] {
  if (service.promises.size === 0) return [];
  const subject = drillSubject(service, platform);
  return [
    ...httpRouteDrills(subject),
    ...targetDrills(subject),
    ...missingDrills(subject),
    ...trafficDrills(subject),
    ...calmDrills(subject),
  ];
}

/** Trouble of a whole service, from noon on. */
interface ServiceTrouble {
  /** `1 of 2 targets down`. */
  what: string;
  until: (end: string) => World;
  /** Share of the signal's window that it must fill. @default 1 */
  share?: number;
  /** What stays quiet meanwhile. */
  others: Expectation[];
}

/** Trouble that lasts just long enough for an alert, and trouble that does not. */
function heldDrills(level: Level, subject: DrillSubject, { what, until, share, others }: ServiceTrouble): Drill[] {
  const { severity, promise } = level;
  const { window, over, tooShort, longEnough } = level.time(share);
  const end = later(noon, longEnough);
  const service = { service: subject.service.name };
  return those([
    drill(`${what} for ${formatDuration(longEnough)} is ${called[severity]} and is over after`, {
      world: until(end),
      expect: [firesFor(level, subject, service, window(noon), over(end)), ...others],
    }),
    tooShort !== undefined &&
      drill(`${what} for ${formatDuration(tooShort)}, ${tooBrief(level)}, is not ${called[severity]}`, {
        world: until(later(noon, tooShort)),
        expect: [quiet(promise.alert, severity), ...others],
      }),
  ]);
}

/** A service that pushes has no targets: that it is gone is told by its missing metrics. */
function targetDrills(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  if (!service.scrape) return [];
  const all = world.instances.length;
  // A target that is back has been scraped twice before there is a rate: until then its metrics are missing.
  const backSeconds = 2 * platform.intervals.scrape.value + platform.intervals.evaluation.value;
  const [missing] = levelsOf(HttpMetricsMissing, subject);
  const hasty = missing && missing.promise.for.value <= backSeconds ? [HttpMetricsMissing] : [];
  // Requests that nobody can fetch any more leave the rate little by little: that may well look like no traffic.
  const others = othersQuiet(subject, HttpTargetDown, HttpNoTraffic, ...hasty);
  return levelsOf(HttpTargetDown, subject).flatMap((level) => {
    const { severity, threshold } = level;
    // The fewest instances whose loss leaves a share below the threshold.
    const lost = world.instances.findIndex((_, index) => (all - index - 1) / all < threshold) + 1 || all;
    const until = (end: string) => world.down(noon, end, { instances: lost });
    return those([
      ...heldDrills(level, subject, { what: `${lost} of ${all} targets down`, until, others }),
      lost > 1 &&
        drill(`${lost - 1} of ${all} targets down is not ${called[severity]}`, {
          world: world.down(noon, later(noon, level.time().longEnough), { instances: lost - 1 }),
          expect: [quiet(HttpTargetDown, severity), ...others],
        }),
    ]);
  });
}

/** Metrics are missing once the last of them have left the window of a rate; on the way there is ever less traffic. */
function missingDrills(subject: DrillSubject): Drill[] {
  const { service, world } = subject;
  const others = othersQuiet(subject, HttpMetricsMissing, HttpNoTraffic);
  return levelsOf(HttpMetricsMissing, subject).flatMap((level) => {
    const until = (end: string) => world.losesMetrics(noon, end);
    return those([
      ...heldDrills(level, subject, { what: "no request metrics", until, others }),
      // A service that pushes nothing has never been heard of.
      service.scrape !== undefined &&
        drill(`a new service without request metrics is ${called[level.severity]}`, {
          world: world.startsAt(noon).losesMetrics(noon),
          expect: [firesFor(level, subject, { service: service.name }, level.time(0).window(noon)), ...others],
        }),
    ]);
  });
}

function trafficDrills(subject: DrillSubject): Drill[] {
  const { service, world } = subject;
  const nobody = everyRoute().withTraffic(requestsPerSecond(0));
  const others = othersQuiet(subject, HttpNoTraffic);
  return levelsOf(HttpNoTraffic, subject).flatMap((level) => {
    const share = silentShare(level, subject);
    const { window, halfPending } = level.time(share);
    // A rate tells nothing of less than a few requests in its window.
    const trickle = requestsPerSecond(readable(Math.max(2 * level.threshold, 6 / rateWindow.value)));
    const hardly = requestsPerSecond(readable(level.threshold / 4));
    const until = (end: string) => world.between(noon, end, nobody);
    return those([
      ...heldDrills(level, subject, { what: "no traffic", until, share, others }),
      drill(`a trickle of ${formatQuantity(trickle)} requests stays quiet`, {
        world: world.from(noon, everyRoute().withTraffic(trickle)),
        expect: othersQuiet(subject),
      }),
      // With less than this in a window, one request by chance is already too many.
      level.threshold * rateWindow.value >= 2.5 &&
        drill(`hardly any traffic, ${formatQuantity(hardly)} requests, is ${called[level.severity]}`, {
          world: world.from(noon, everyRoute().withTraffic(hardly)),
          expect: [firesFor(level, subject, { service: service.name }, window(noon)), ...others],
        }),
      scrapedRoute(service) !== undefined &&
        drill("a restart while nobody comes is no traffic, not missing metrics", {
          world: world.from(noon, nobody).resetsAt(halfPending(noon)),
          expect: [firesFor(level, subject, { service: service.name }, window(noon)), ...others],
        }),
    ]);
  });
}

/** Share of the window that must be silent before too few requests are left in it. */
function silentShare({ threshold }: Level, { service, world }: DrillSubject): number {
  const usual = service.routes.reduce((sum, name) => sum + stateAt(world, name, 0).requestsPerSecond, 0);
  return 1 - threshold / usual;
}

/** What happens every day, or to others, is no reason for an alert. */
function calmDrills(subject: DrillSubject): Drill[] {
  const { platform, service, world } = subject;
  const expect = othersQuiet(subject);
  const neighbour = platform.services.find(({ name }) => name !== service.name);
  const worst = everyRoute()
    .withErrors(percent(100))
    .withLatency({ p95: minutes(1) });
  return those([
    drill("an ordinary hour with the noise of chance is quiet", { world: world.withNoise(1).until("13:00"), expect }),
    drill("a restart of every instance is quiet", { world: world.resetsAt(noon), expect }),
    drill(`${formatDuration(gap)} without any scrape is quiet`, {
      world: world.scrapeGap(noon, later(noon, gap)),
      expect,
    }),
    neighbour !== undefined &&
      drill(`nothing but errors and waiting in ${neighbour.name} leaves it quiet`, {
        world: world.alongside(healthy(neighbour).from(noon, worst)),
        expect: http.alerts
          .filter(({ name }) => service.promises.has(name))
          .map((one) => quiet(one).forLabels({ service: service.name })),
      }),
  ]);
}
