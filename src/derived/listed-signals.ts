import { isLogSignal, type RecordedSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";

/** A recorded signal that services ask to have something made from. */
export interface ListedSignal {
  signal: RecordedSignal;
  /** The services that list it, by name; what others record of it is left alone. */
  services: readonly string[];
}

/** The signals that services list under a key of theirs, in the order of the packs. Those on logs are recorded nowhere. */
export const listedSignals = (
  { packs, services }: Pick<Platform, "packs" | "services">,
  key: "anomalies" | "forecasts",
): ListedSignal[] =>
  packs
    .flatMap(({ signals }) => signals)
    .flatMap((one) => {
      const of = services.filter((service) => service[key]?.includes(one.name)).map(({ name }) => name);
      return of.length > 0 && !isLogSignal(one) ? [{ signal: one, services: of.sort() }] : [];
    });

/** The signals that a service lists under the key, as it lists them. */
export const signalsListedBy = (
  service: Pick<Service, "anomalies" | "forecasts">,
  { packs }: Pick<Platform, "packs">,
  key: "anomalies" | "forecasts",
): RecordedSignal[] =>
  (service[key] ?? []).flatMap((name) => {
    const found = packs.flatMap(({ signals }) => signals).find((one) => one.name === name);
    return found && !isLogSignal(found) ? [found] : [];
  });
