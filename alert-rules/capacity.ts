import { capacityGroups, type Forecast, hourly, type Limit, shownEvery } from "../src/derived/capacity-rules.ts";
import { listedSignals } from "../src/derived/listed-signals.ts";
import { capacityPack } from "../src/model/conventions.ts";
import { type Alert, alert, type Direction, type Pack } from "../src/model/pack.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { variantsOf } from "../src/model/promises.ts";
import { days, hours } from "../src/model/quantity.ts";
import {
  expected,
  forecast,
  limit,
  timeLeft,
  timeLeftEarly,
  timeLeftLate,
  trend,
  trendMargin,
  value,
} from "./capacity.signals.ts";

export const CapacityRunsOut = alert({
  name: "CapacityRunsOut",
  pack: capacityPack,
  // Not the estimate: a trend that is not sure yet would tell of a limit that is never reached.
  signal: timeLeftLate,
  // Two weeks: enough to order what must be ordered. It is no emergency, nobody is woken.
  below: { warning: days(14) },
  for: hours(1),
  summary: "{{ $labels.service }}: {{ $labels.signal }} reaches its limit within {{ $value | humanizeDuration }}",
  impact:
    "At the pace of the last 30 days, {{ $labels.signal }} of {{ $labels.service }} passes the threshold of its alert within {{ $value | humanizeDuration }}, in nine of ten cases sooner. Nothing is broken yet.",
});

/** The alert whose threshold is the limit of a signal: the first of its pack. */
const alertOn = (signal: string, { packs }: Pick<Platform, "packs">): Alert | undefined =>
  packs.flatMap(({ alerts }) => alerts).find((one) => one.signal.name === signal);

/** On which side of its limit trouble is. */
export const directionOf = (signal: string, platform: Pick<Platform, "packs">): Direction | undefined =>
  alertOn(signal, platform)?.direction;

/** What a service must not reach: the worst threshold of the alert, where it is switched on. */
export const limitOf = (
  { promises }: Pick<Service, "promises">,
  signal: string,
  platform: Pick<Platform, "packs">,
): number | undefined => {
  const { critical, warning } = promises.get(alertOn(signal, platform)?.name ?? "")?.levels ?? {};
  return (critical ?? warning)?.value;
};

/** The signals that are forecast, with their limits, in the order of the packs. */
export const forecastsOf = (platform: Pick<Platform, "packs" | "services">): Forecast[] =>
  listedSignals(platform, "forecasts").map((one) => {
    const { name } = one.signal;
    const direction = directionOf(name, platform);
    const none = direction === "below" ? -Infinity : Infinity;
    const limits = new Map<string, Limit>();
    for (const service of platform.services.filter((candidate) => one.services.includes(candidate.name))) {
      const there = variantsOf(service).map((variant) => limitOf(variant, name, platform) ?? none);
      for (const [index, value] of there.entries()) {
        const isSame = there.every((other) => other === value);
        const environments = isSame ? undefined : variantsOf(service)[index]?.environments;
        const key = JSON.stringify([`${value}`, environments]);
        const services = [...new Set([...(limits.get(key)?.services ?? []), service.name])].sort();
        limits.set(key, { signal: name, value, services, ...(environments && { environments }) });
      }
    }
    return { ...one, direction, limits: [...limits.values()].sort((a, b) => a.value - b.value) };
  });

/** Where a signal goes, whatever pack it is of, and when it reaches what it must not. */
export const capacity: Pack = {
  name: capacityPack,
  title: "Capacity",
  derived: {
    interval: shownEvery,
    groups: (platform) => capacityGroups(forecastsOf(platform)),
  },
  learnsFrom: [hourly.value, hourly.peak],
  signals: [value, expected, trend, trendMargin, limit, forecast, timeLeft, timeLeftEarly, timeLeftLate],
  alerts: [CapacityRunsOut],
};
