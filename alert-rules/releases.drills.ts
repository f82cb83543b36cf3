import { bystanders } from "../src/boundaries/bystanders.ts";
import type { Provocations } from "../src/boundaries/provocation.ts";
import { type Drill, drill, type FiresBuilder, quiet } from "../src/drills/drill.ts";
import {
  called,
  type DrillSubject,
  firesFor,
  type Level,
  levelsOf,
  noon,
  readable,
  those,
} from "../src/drills/drill-subject.ts";
import { ratio, requestsPerSecond, seconds } from "../src/model/quantity.ts";
import { clockMs } from "../src/worlds/clock.ts";
import { p95With } from "../src/worlds/latency.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import { firstVersion, type World } from "../src/worlds/world.ts";
import type { Remembered } from "../src/worlds/world-event.ts";
import { smallWorld } from "./http.provoke.ts";
import { besideRequests, rememberedFor } from "./releases.newest.ts";
import { comparedOver, fewestRequests, releaseBad } from "./releases.shares.ts";
import { comparedZ, difference, heldFor, significance, worseThan } from "./releases.signals.ts";
import { ReleaseRegression } from "./releases.ts";

const reason = "it compares versions that come and go: drills of releases are written by hand";

/** What compares has no value that a world could be given. */
export const releasesProvocations: Provocations = {
  [difference.name]: { reason },
  [significance.name]: { reason },
};

/** Both sides of every threshold; what is the same for all is drilled with the mildest. */
export const releasesDrills = (subject: DrillSubject): Drill[] =>
  levelsOf(ReleaseRegression, subject).flatMap((level, index) => [
    ...edges(level),
    ...(index === 0 ? [...stories(level), ...ofLittle(level), ...byChance(level), ...slower(level)] : []),
  ]);

const [before, after, third] = [firstVersion, "2.0.0", "3.0.0"];
const silent = (level: Level) => [quiet(level.promise.alert, level.severity)];

/** So much that the first minute of a version decides. */
const plenty = 400;

/** Two instances and one route, of whose requests so many fail. */
function pair(level: Level, failing: number, perSecond = plenty): World {
  const { within } = level.subject.service.versions ?? {};
  return smallWorld(level, { routes: 1, instances: 2, buckets: within && [within.value] }).always(
    everyRoute().withTraffic(requestsPerSecond(perSecond)).withErrors(ratio(failing)),
  );
}

/** Fails as often as this, from a time of day on. */
const failing = (share: number) => everyRoute().withErrors(ratio(readable(Math.min(1, share))));
const one = { instances: 1 };

/** Another version is started on one instance of two at noon, and that share of its requests fails. */
const canary = (world: World, share: number): World => world.releases(after, noon, one).from(noon, failing(share), one);

/** Half a minute to two after a release there are two samples of it and a look at them; `for` is 3 minutes. */
const firesSoon = (level: Level, labels: Record<string, string> = {}): FiresBuilder =>
  firesFor(level, { version: after, before, kpi: "failed", ...labels }, ["12:03:30", "12:05"]);

/** Just beyond the threshold and just short of it, with others around that have nothing to do with it. */
function edges(level: Level): Drill[] {
  const { threshold, severity, subject } = level;
  const usual = Math.min(0.01, threshold);
  const world = pair(level, usual);
  const around = bystanders(subject, world).map(({ world: other }) =>
    other
      .always(
        everyRoute()
          .withTraffic(requestsPerSecond(4 * plenty))
          .withErrors(ratio(0)),
      )
      .releases(after),
  );
  return [
    drill(`a release that fails just too often is ${called[severity]}`, {
      world: canary(world, usual + 1.1 * threshold).alongside(...around),
      expect: [firesSoon(level).reading(1.05 * threshold, 1.15 * threshold)],
    }),
    drill(`a release that does not fail often enough is not ${called[severity]}`, {
      world: canary(world, usual + 0.9 * threshold),
      expect: silent(level),
    }),
  ];
}

/** What becomes of releases. */
function stories(level: Level): Drill[] {
  const { threshold, severity, subject } = level;
  const usual = 2 * threshold;
  const world = pair(level, usual);
  const twice = 2 * usual;
  const told = (name: string, of: World, expect: Drill["expect"] = silent(level), since?: string): Drill =>
    drill(name, { world: of, expect, since });
  const untold = subject.platform.services.find(({ http, versions }) => http && !versions);
  return those([
    told(
      `a release to all that doubles the errors is ${called[severity]}, and over when it is taken back`,
      world.releases(after, noon).from(noon, failing(twice)).releases(before, "12:20").from("12:20", failing(usual)),
      [firesSoon(level).resolvesBetween("12:20", "12:28")],
    ),
    told(
      `a release to all that doubles the errors is ${called[severity]} until that is mended, although nothing is left to compare it with`,
      world.releases(after, noon).from(noon, failing(twice)).from("13:15", failing(usual)),
      // It is over when the last half hour is worse by no more than half of what it was.
      [
        firesSoon(level)
          .reading(1.9 * threshold, 2.1 * threshold)
          .resolvesBetween("13:28", "13:36"),
      ],
      noon,
    ),
    ...ofYesterday(level),
    told("a release that is as good as the last is quiet", canary(world, usual)),
    told(
      "a better release is quiet, and so is going back to the worse one, which is not forgotten yet",
      world.releases(after, noon).from(noon, failing(0)).releases(before, "12:45").from("12:45", failing(usual)),
    ),
    told(
      "errors that rise while two versions run, on both alike, are not the release's fault",
      canary(world, usual).from("12:15", failing(twice)),
    ),
    told("instances that do not say which version they are count for none", canary(world.releases(""), twice)),
    told(
      "where two versions were there from the beginning nobody knows which is the newer one",
      world.releases(after, undefined, one).from("11:00", failing(twice), one).until("12:00"),
      silent(level),
      "11:30",
    ),
    told(
      `a third version is compared with the one that most use: it is ${called[severity]}`,
      world
        .withInstances(4)
        .releases(after, noon, one)
        .from(noon, failing(twice), one)
        .releases(third, "12:10", { instances: 2 })
        .releases(after, "12:10", one)
        .from("12:10", failing(twice), { instances: 2 }),
      [firesFor(level, { version: third, before, kpi: "failed" }, ["12:13:30", "12:15"])],
    ),
    untold !== undefined &&
      told(
        "a service that does not ask for it is not compared, whatever labels it has",
        world.alongside(
          canary(
            pair({ ...level, subject: { ...subject, service: { ...untold, versions: subject.service.versions } } }, 0),
            twice,
          ).until("12:15"),
        ),
        [quiet(level.promise.alert).forLabels({ service: untold.name })],
      ),
  ]);
}

/** What a version was worse than is known for a day after the other has ended, and counts only while there is no other. */
function ofYesterday(level: Level): Drill[] {
  const { threshold, severity, subject } = level;
  const labels = { version: after, before, kpi: "failed" };
  const usual = 2 * threshold;
  /** As recorded: the version that runs now was surely worse than `usual` for ten minutes, so many hours ago. */
  const wasWorse = (hoursAgo: number, share: number, ...others: Remembered[]): World => {
    const endMs = (clockMs(noon) ?? 0) - 3_600_000 * hoursAgo;
    const recorded = (name: string, value: number): Remembered => ({
      labels: { ...labels, __name__: name },
      everySeconds: 60,
      beforeSeconds: 3600 * (hoursAgo + 1),
      at: (ms) => (ms > endMs - 600_000 && ms <= endMs ? value : undefined),
    });
    return subject.world
      .removed()
      .remembers(
        recorded(worseThan.series, usual),
        recorded(comparedZ.series, 9),
        now(releaseBad.series, { version: after, kpi: "failed" }, share),
        ...others,
      );
  };
  const now = (name: string, more: Record<string, string>, value: number): Remembered => ({
    labels: { ...more, __name__: name },
    everySeconds: 60,
    beforeSeconds: 3600,
    goesOn: true,
    at: () => value,
  });
  const heldHours = heldFor.value / 3600;
  const told = (name: string, world: World, expect: Drill["expect"] = silent(level)): Drill =>
    drill(name, { world: world.until("12:10"), expect, since: noon });
  return [
    told(
      `what was worse than the last, and is still, is ${called[severity]} a day after that`,
      wasWorse(heldHours - 1, 2 * usual),
      // It was so before the drill began, which is so early that half an hour is recorded at noon.
      [firesFor(level, labels, ["11:20", "11:35"]).reading(1.9 * threshold, 2.1 * threshold)],
    ),
    told("what was worse than the last more than a day ago is quiet", wasWorse(heldHours + 1, 2 * usual)),
    told("what was worse than the last and is no longer is quiet", wasWorse(2, usual + 0.9 * threshold)),
    told(
      "what was worse than one that has ended is quiet beside another that runs",
      wasWorse(2, 2 * usual, now(besideRequests.series, { version: "1.0.1" }, plenty)),
    ),
  ];
}

/** Requests per second of which there are so many times the fewest in a time. */
const fewestIn = (windowSeconds: number, times: number) =>
  requestsPerSecond(readable((times * fewestRequests) / windowSeconds));

/** Traffic of one of two instances. */
const onOne = (rate: { value: number }) => everyRoute().withTraffic(requestsPerSecond(2 * rate.value));

/** Of few requests nothing is said, be it the new version's or the one's before. */
function ofLittle(level: Level): Drill[] {
  const world = pair(level, 0);
  const { severity } = level;
  const newOne = (times: number) =>
    canary(world, 0.6)
      .from(noon, onOne(fewestIn(comparedOver.value, times)), one)
      .until("12:45");
  const rest = world.releases(after, noon, one).from(noon, failing(0.6), one);
  // An old one that hardly anybody uses: the instance that stays is the second.
  const oldOne = (times: number) =>
    rest
      .always(onOne(fewestIn(rememberedFor.value, times)))
      .from(noon, onOne(requestsPerSecond(plenty)), one)
      .until("12:30");
  return [
    drill("a release with hardly too few requests is quiet", { world: newOne(0.95), expect: silent(level) }),
    drill(`a release with hardly enough requests is ${called[severity]} when they have come`, {
      world: newOne(1.07),
      expect: [firesFor(level, { version: after, before, kpi: "failed" }, ["12:32", "12:38"])],
    }),
    drill("a release is quiet when there were hardly too few requests before it", {
      world: oldOne(0.48),
      expect: silent(level),
      since: "11:30",
    }),
    drill(`a release is ${called[severity]} when there were hardly enough requests before it`, {
      world: oldOne(0.54),
      expect: [firesSoon(level)],
      since: "11:30",
    }),
  ];
}

/** The z of two shares of as many requests each. */
const zOf = (low: number, high: number, requests: number): number => {
  const pooled = (low + high) / 2;
  return (high - low) / Math.sqrt((pooled * (1 - pooled) * 2) / requests);
};

/** A difference beyond the threshold that may be chance, and one that hardly is. */
function byChance(level: Level): Drill[] {
  const { threshold, severity, promise } = level;
  const guard = promise.alert.guard?.above.value ?? 0;
  const [low, high] = [threshold, 3 * threshold];
  /** As many requests of either, within the time that is compared, as make the difference so sure. */
  const sure = (z: number): World => {
    const requests = (z / zOf(low, high, 1)) ** 2;
    return canary(pair(level, low, (2 * requests) / comparedOver.value), high).until("12:45");
  };
  return [
    drill("a difference that may be chance is quiet", { world: sure(0.9 * guard), expect: silent(level) }),
    drill(`a difference that is hardly chance is ${called[severity]}`, {
      world: sure(1.07 * guard),
      expect: [firesFor(level, { version: after, before, kpi: "failed" }, ["12:08", "12:38"])],
    }),
  ];
}

/** The same for requests that take too long, where a service says how long that is. */
function slower(level: Level): Drill[] {
  const { threshold, severity, subject } = level;
  const boundSeconds = subject.service.versions?.within?.value;
  if (boundSeconds === undefined) return [];
  /** So that this share of its requests takes longer. */
  const slow = (share: number) =>
    everyRoute().withLatency({ p95: seconds(readable(p95With(1 - share, boundSeconds))) });
  const world = pair(level, 0).always(slow(threshold)).releases(after, noon, one);
  return [
    drill(`a release that is slow just too often is ${called[severity]}`, {
      world: world.from(noon, slow(2.1 * threshold), one),
      expect: [
        firesSoon(level, { kpi: "slow" }).reading(1.05 * threshold, 1.15 * threshold),
        quiet(level.promise.alert, severity).forLabels({ kpi: "failed" }),
      ],
    }),
    drill(`a release that is not slow often enough is not ${called[severity]}`, {
      world: world.from(noon, slow(1.9 * threshold), one),
      expect: silent(level),
    }),
  ];
}
