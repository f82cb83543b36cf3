import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocation, Provocations, Provoke } from "../src/boundaries/provocation.ts";
import type { Level } from "../src/drills/drill-subject.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import { queryFailures, requestFailures } from "./meta/answers.signals.ts";
import { dataRejected, forwardFailures } from "./meta/data.signals.ts";
import { alertsLost, notificationFailures } from "./meta/rules.signals.ts";
import { watchProvocations } from "./meta.ts";

/** Failures per second, at the threshold, so that one more or less shifts nothing by a second. */
const tellingPerSecond = 2;

/**
 * So many of these that their failures tell; and between two scrapes so many that the share of failures among them is
 * the threshold to the last bit.
 */
const shareOf =
  (all: string): Provoke =>
  (level) => {
    const { threshold, promise, subject } = level;
    const provocation = factProvocation(level);
    const { signal } = promise.alert;
    const intervalSeconds = subject.platform.intervals.scrape.value;
    const windowSeconds = signal.window?.value ?? 0;
    const events = requestsOfRatio(threshold, { windowSeconds, intervalSeconds, leastPerSecond: 1 });
    const lowest = Math.min(...Object.values(promise.levels).map(({ value }) => value));
    return {
      ...provocation,
      world: provocation.world.has(all, tellingPerSecond / lowest),
      exactly:
        events &&
        provocation.world.has(all, events.all / intervalSeconds).has(signal.fact ?? "", events.part / events.all),
    };
  };

/** Loki's counter of discarded lines is made by the first: what it counts before it is first seen, no rate tells of. */
const discarded = (level: Level): Provocation => {
  const { service, platform } = level.subject;
  const provocation = factProvocation(level);
  if (service.exporter?.id !== "loki") return provocation;
  const { value: scrapeSeconds } = platform.intervals.scrape;
  return { ...provocation, secondsApart: (value) => scrapeSeconds + (provocation.secondsApart?.(value) ?? 0) };
};

/** What the facts of the exporters do not say by themselves. */
export const metaProvocations: Provocations = {
  ...watchProvocations,
  [alertsLost.name]: shareOf("alertsSent"),
  [notificationFailures.name]: shareOf("notifications"),
  [dataRejected.name]: discarded,
  [forwardFailures.name]: shareOf("forwarded"),
  [requestFailures.name]: shareOf("requests"),
  [queryFailures.name]: shareOf("queries"),
};
