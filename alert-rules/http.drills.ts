import { bystanders } from "../src/boundaries/bystanders.ts";
import { absenceCrossing, averageCrossing, firingTime, instantCrossing } from "../src/boundaries/firing-time.ts";
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
} from "../src/drills/drill-subject.ts";
import { timeoutStatuses } from "../src/model/instrumentation.ts";
import {
  days,
  formatDuration,
  formatQuantity,
  minutes,
  percent,
  ratio,
  requestsPerSecond,
  seconds,
} from "../src/model/quantity.ts";
import { later } from "../src/worlds/clock.ts";
import { bisect, shareWithin } from "../src/worlds/latency.ts";
import { everyRoute, route } from "../src/worlds/route-change.ts";
import { ratesAround } from "../src/worlds/whole-requests.ts";
import { healthy } from "../src/worlds/world.ts";
import { rateWindow } from "./http.rates.ts";
import {
  HttpErrorRatioHigh,
  HttpLatencyHigh,
  HttpMetricsMissing,
  HttpNoTraffic,
  HttpTailLatencyHigh,
  HttpTimeouts,
  http,
} from "./http.ts";

/** Drills of one service that follow from none of its promises, but from what a reader of them takes for granted. */
export const httpDrills = (subject: DrillSubject): Drill[] => [
  ...instanceDrills(subject),
  ...missingDrills(subject),
  ...trafficDrills(subject),
  ...timeoutDrills(subject),
  ...calmDrills(subject),
];

/**
 * A route is as slow as all its instances together are: one slow instance of two counts by half. Half of what the
 * quantile leaves is not enough, however slow it is alone; a fifth more than the quantile leaves is.
 */
function instanceDrills(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  const [name = ""] = service.routes;
  const { quantile, window } = HttpLatencyHigh.signal;
  if (quantile === undefined || window === undefined) return [];
  // So many requests that one more or less does not matter.
  const pair = healthy({ ...service, routes: [name] }, world.environment)
    .withInstances(2)
    .always(everyRoute().withTraffic(requestsPerSecond(200)));
  const others = othersQuiet(subject, HttpLatencyHigh, HttpTailLatencyHigh);
  return levelsOf(HttpLatencyHigh, subject).flatMap((level) => {
    /** One of the two answers this share of its requests later than the threshold. */
    const slow = (share: number) => {
      const p95 = bisect(0, 100 * level.threshold, (value) => 1 - shareWithin(level.threshold, value) > share);
      return pair.from(noon, route(name).withLatency({ p95: seconds(readable(p95)) }), { instances: 1 });
    };
    const [few, many] = [1.6, 2.4].map((times) => times * (1 - quantile)) as [number, number];
    const crossing = averageCrossing(window.value, 2 / 2.4, platform.intervals.scrape.value);
    const time = firingTime(crossing, level.promise.for.value, platform.intervals);
    return [
      drill(`one slow instance of two that does not make the route slow is not ${called[level.severity]}`, {
        world: slow(few),
        expect: [quiet(HttpLatencyHigh, level.severity), ...others],
      }),
      drill(`one slow instance of two that makes the route slow is ${called[level.severity]}`, {
        world: slow(many),
        expect: [firesFor(level, { route: name }, time.fires(noon)), ...others],
      }),
    ];
  });
}

/** Whatever a timeout is answered with, it is one; a gateway's 504 is a server error as well. */
function timeoutDrills(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  const [name = ""] = service.routes;
  const { window } = HttpTimeouts.signal;
  if (window === undefined) return [];
  const small = healthy({ ...service, routes: [name] }, world.environment)
    .withInstances(1)
    .always(everyRoute().withTraffic(requestsPerSecond(200)));
  return levelsOf(HttpTimeouts, subject)
    .slice(-1)
    .flatMap((level) =>
      timeoutStatuses.map((status) => {
        const share = Math.min(1, 2 * level.threshold);
        const few = ratio(readable(level.threshold / 10));
        const crossing = averageCrossing(
          window.value,
          (level.threshold - few.value) / (share - few.value),
          platform.intervals.scrape.value,
        );
        const time = firingTime(crossing, level.promise.for.value, platform.intervals);
        return drill(`requests that end in a ${status} are timeouts`, {
          world: small
            .always(everyRoute().withTimeouts(few, status))
            .from(noon, route(name).withTimeouts(ratio(share), status)),
          expect: [
            firesFor(level, { route: name }, time.fires(noon)),
            ...othersQuiet(subject, HttpTimeouts, ...(status === 504 ? [HttpErrorRatioHigh] : [])),
          ],
        });
      }),
    );
}

/**
 * Whose metrics have never come is told at once; whose have not come for a day is forgotten. Targets that are down, and
 * those that are nobody's, are not missed: the ones have an alert of their own, the others were never asked for.
 */
function missingDrills(subject: DrillSubject): Drill[] {
  const { service, world, platform } = subject;
  const { scrape, evaluation } = platform.intervals;
  const others = othersQuiet(subject, HttpMetricsMissing, HttpNoTraffic);
  return levelsOf(HttpMetricsMissing, subject).flatMap((level) => {
    const small = healthy({ ...service, routes: service.routes.slice(0, 1) }, world.environment).withInstances(1);
    const atOnce = firingTime(instantCrossing(scrape.value), level.promise.for.value, platform.intervals);
    const ends = absenceCrossing(rateWindow.value, scrape.value).rise;
    const gone = firingTime({ rise: ends, fall: ends }, level.promise.for.value, platform.intervals);
    // The rate was last recorded one look before the first that lacks it. That value is remembered for a day, and no
    // longer at the first look when it is a day old: a range does not include its own beginning.
    const memory = Math.ceil(days(1).value / evaluation.value) * evaluation.value;
    const forgotten = gone.over(noon).map((look) => later(look, seconds(memory - evaluation.value))) as [
      string,
      string,
    ];
    const sidecar = small.unmarked();
    const down = bystanders(subject, small).filter((one) => one.labels && one.world.service.scrape);
    return those([
      drill("a sidecar that is all there is of a service is not missed", {
        world: sidecar,
        expect: othersQuiet(subject),
      }),
      service.scrape !== undefined &&
        drill("a service whose targets are all down is not missed besides", {
          world: small.down(noon),
          expect: [quiet(HttpMetricsMissing)],
        }),
      down.length > 0 &&
        drill(`metrics that are missing while others' targets are down are ${called[level.severity]} for these alone`, {
          world: small.losesMetrics(noon).alongside(...down.map((one) => one.world.down(noon))),
          expect: [
            firesFor(level, {}, gone.fires(noon)).reading(1, 1),
            ...down.flatMap((one) => (one.labels ? [quiet(HttpMetricsMissing).forLabels(one.labels)] : [])),
          ],
        }),
      // A service that pushes nothing has never been heard of.
      service.scrape !== undefined &&
        drill(`a new service without request metrics is ${called[level.severity]}`, {
          world: world.startsAt(noon).losesMetrics(noon),
          expect: [firesFor(level, {}, atOnce.fires(noon)), ...others],
        }),
      drill(`a service that is no longer there is ${called[level.severity]} for a day and then forgotten`, {
        world: small.removed(noon),
        expect: [
          firesFor(level, {}, gone.fires(noon))
            .reading(1, 1)
            .resolvesBetween(...forgotten),
          ...others,
        ],
      }),
    ]);
  });
}

/** Traffic is what all routes and instances get together, however little each of them does. */
function trafficDrills(subject: DrillSubject): Drill[] {
  return levelsOf(HttpNoTraffic, subject).map(({ severity, threshold }) => {
    // Enough together, too little on each: of several routes on one instance, else of one route on all of them.
    const world = subject.service.routes.length > 1 ? subject.world.withInstances(1) : subject.world;
    const counters = subject.service.routes.length * world.instances.length;
    const { scrape } = subject.platform.intervals;
    const each = ratesAround(threshold / counters, rateWindow.value, scrape.value).above;
    const trickle = requestsPerSecond(counters * each);
    return drill(`a trickle of ${formatQuantity(requestsPerSecond(readable(trickle.value)))} requests stays quiet`, {
      world: world.from(noon, everyRoute().withTraffic(trickle)),
      // A milder level with a higher threshold may rightly speak.
      expect: [quiet(HttpNoTraffic, severity), ...othersQuiet(subject, HttpNoTraffic)],
    });
  });
}

/** What happens every day, or to others, is no reason for an alert. */
function calmDrills(subject: DrillSubject): Drill[] {
  const { platform, service, world } = subject;
  const expect = othersQuiet(subject);
  const ofService = http.alerts
    .filter(({ name }) => service.promises.has(name))
    .map((one) => quiet(one).forLabels({ service: service.name }));
  const neighbour = platform.services.find(({ name }) => name !== service.name);
  const worst = everyRoute()
    .withErrors(percent(100))
    .withLatency({ p95: minutes(1) });
  const sidecar = healthy(service, world.environment).withInstances(1).unmarked().from(noon, worst);
  return those([
    drill("an ordinary hour with the noise of chance is quiet", { world: world.withNoise(1).until("13:00"), expect }),
    drill("a restart of every instance is quiet", { world: world.resetsAt(noon), expect }),
    drill(`${formatDuration(gap)} without any scrape is quiet`, {
      world: world.scrapeGap(noon, later(noon, gap)),
      expect,
    }),
    drill("what a sidecar with metrics of the same names says is not about the service", {
      world: world.alongside(sidecar.down(later(noon, minutes(20)))),
      expect,
    }),
    neighbour !== undefined &&
      drill(`nothing but errors and waiting in ${neighbour.name} leaves it quiet`, {
        world: world.alongside(healthy(neighbour).from(noon, worst)),
        expect: ofService,
      }),
  ]);
}
