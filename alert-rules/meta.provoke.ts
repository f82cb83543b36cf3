import { factProvocation } from "../src/boundaries/fact-provocation.ts";
import type { Provocations, Provoke } from "../src/boundaries/provocation.ts";
import { requestsOfRatio } from "../src/worlds/whole-requests.ts";
import { alertsLost, forwardFailures, notificationFailures, queryFailures, requestFailures } from "./meta.signals.ts";
import { watchProvocations } from "./meta.ts";

/** So many of these between two scrapes that the share of failures among them is the threshold to the last bit. */
const shareOf =
  (all: string): Provoke =>
  (level) => {
    const { threshold, promise, subject } = level;
    const provocation = factProvocation(level);
    const { signal } = promise.alert;
    const intervalSeconds = subject.platform.intervals.scrape.value;
    const windowSeconds = signal.window?.value ?? 0;
    const events = requestsOfRatio(threshold, { windowSeconds, intervalSeconds, leastPerSecond: 1 });
    return {
      ...provocation,
      exactly:
        events &&
        provocation.world.has(all, events.all / intervalSeconds).has(signal.fact ?? "", events.part / events.all),
    };
  };

/** What the facts of the exporters do not say by themselves. */
export const metaProvocations: Provocations = {
  ...watchProvocations,
  [alertsLost.name]: shareOf("alertsSent"),
  [notificationFailures.name]: shareOf("notifications"),
  [forwardFailures.name]: shareOf("forwarded"),
  [requestFailures.name]: shareOf("requests"),
  [queryFailures.name]: shareOf("queries"),
};
