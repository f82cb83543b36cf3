import type { Severity } from "../model/conventions.ts";
import type { Boundary, Probe } from "./boundary.ts";

/** Boundaries for which an alert of a service has no drill, all for one reason. */
export interface LeftOut {
  service: string;
  alert: string;
  severities: readonly Severity[];
  boundaries: readonly Boundary[];
  reason: string;
}

/** Every cell of the table alert × severity × boundary that has a reason in place of a drill, those of one reason together. */
export function leftOut(derived: readonly ({ service: string; reason?: string } & Probe)[]): LeftOut[] {
  const groups = new Map<string, LeftOut>();
  for (const { service, alert, severity, boundary, reason } of derived) {
    if (reason === undefined) continue;
    const key = JSON.stringify([service, alert, reason]);
    const { severities = [], boundaries = [] } = groups.get(key) ?? {};
    groups.set(key, {
      service,
      alert,
      severities: [...new Set([...severities, severity])],
      boundaries: [...new Set([...boundaries, boundary])],
      reason,
    });
  }
  return [...groups.values()];
}

/** `HttpTargetDown warning, critical has no drill of: counter reset. Why: it is no counter` */
export const leftOutText = ({ alert, severities, boundaries, reason }: LeftOut): string =>
  `${alert} ${severities.join(", ")} has no drill of: ${boundaries.join(", ")}. Why: ${reason}`;
