import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { eventsOfShare, ratesAround } from "../src/worlds/whole-requests.ts";
import { errorShare, pageViews, siteViews, slowNetworkShare, watch } from "./web.signals.ts";

const viewsFact = pageViews.fact ?? "";

/** Views of the rarer kind per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/** What the facts of the exporters do not say by themselves. */
export const webProvocations: Provocations = {
  ...watch.provocations,
  [pageViews.name]: viewsOfPage,
  [errorShare.name]: shareOfViews,
  [slowNetworkShare.name]: shareOfViews,
  [siteViews.name]: noViews,
};

/** Two browsers with as many views each, and each counted by itself: one more of both is the next rate there is. */
function viewsOfPage(level: Level): Provocation {
  const { threshold, promise, subject } = level;
  const { value: windowSeconds = 0 } = promise.alert.signal.window ?? {};
  const { below, above, resolution } = ratesAround(
    threshold / 2,
    windowSeconds,
    subject.platform.intervals.scrape.value,
  );
  return {
    ...factProvocation(level),
    around: { below: 2 * below, above: 2 * above },
    blur: 2 * resolution,
    secondsApart: (value) => (value > 0 ? 2 / value : 0),
  };
}

function shareOfViews(level: Level): Provocation {
  const provocation = factProvocation(level);
  const { world, happens } = provocation;
  const { threshold, promise, subject } = level;
  const lowest = Math.min(...Object.values(promise.levels).map(({ value }) => value));
  const { value: intervalSeconds } = subject.platform.intervals.scrape;
  // Of one browser: there are two, with as many views each.
  const views = eventsOfShare(threshold, {
    windowSeconds: promise.alert.signal.window?.value ?? 0,
    intervalSeconds,
    leastPerSecond: promise.alert.guard?.above.value ?? 0,
  });
  return {
    ...provocation,
    world: world.has(viewsFact, tellingPerSecond / lowest),
    exactly: views && happens(world.has(viewsFact, (2 * views.all) / intervalSeconds), threshold),
  };
}

/** Nobody views any page of the site, or hardly anybody: one page is all it has. */
function noViews(level: Level): Provocation {
  const { subject, promise } = level;
  const service = { ...subject.service, places: subject.service.places.slice(0, 1) };
  const signal = { ...pageViews, labels: siteViews.labels };
  const provocation = viewsOfPage({
    ...level,
    subject: { ...subject, service },
    promise: { ...promise, alert: { ...promise.alert, signal } },
  });
  return {
    ...provocation,
    labels: {},
    without: {
      "missing series": "a site that counts nothing is what it tells of; drilled by the pack itself",
      "stale series": "that views no longer come is what it tells of; drilled by the pack itself",
    },
  };
}
