import { labelsOfPlace } from "./exporter.ts";
import type { Service } from "./platform.ts";

/** What Prometheus fetches from an instance at a time. */
export interface InstanceTarget {
  /** The place that it is asked about; undefined where it tells of all its places at once. */
  place?: string;
  /** Labels by which the series of the instance's targets are told apart. */
  labels: Readonly<Record<string, string>>;
}

/** The first part of a host's name: of `rrkah-fqaaa-aaaaa-aaaaq-cai.raw.icp0.io:443` the canister. Numbers stay whole. */
const hostOf = (address: string): string =>
  /^(\[|[\d.]+:)/.test(address) ? address.replace(/:\d+$/, "") : address.replace(/[.:].*$/, "");

/** Labels of everything that an instance shows because of where it is. */
export const instanceLabels = ({ exporter }: Pick<Service, "exporter">, address: string): Record<string, string> =>
  exporter?.hostLabel === undefined ? {} : { [exporter.hostLabel]: hostOf(address) };

/** Every target of an instance: one, or, where its exporter probes, one for each place. Each has an `up` of its own. */
export const targetsOfInstance = (service: Pick<Service, "exporter" | "places">, address: string): InstanceTarget[] => {
  const { probes, places: apart } = service.exporter ?? {};
  const labels = instanceLabels(service, address);
  return probes && apart
    ? service.places.map((place) => ({ place, labels: { ...labels, ...labelsOfPlace(apart, place) } }))
    : [{ labels }];
};
