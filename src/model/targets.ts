import { labelsOfPlace } from "./exporter.ts";
import type { Service } from "./platform.ts";

/** What Prometheus fetches from an instance at a time. */
export interface InstanceTarget {
  /** The place that it is asked about; undefined where it tells of all its places at once. */
  place?: string;
  /** Labels by which the series of the instance's targets are told apart. */
  labels: Readonly<Record<string, string>>;
}

/** Every target of an instance: one, or, where its exporter probes, one for each place. Each has an `up` of its own. */
export const targetsOfInstance = ({ exporter, places }: Pick<Service, "exporter" | "places">): InstanceTarget[] => {
  const { probes, places: apart } = exporter ?? {};
  return probes && apart ? places.map((place) => ({ place, labels: labelsOfPlace(apart, place) })) : [{ labels: {} }];
};
