import { type Criticality, criticalities, type Severity } from "./conventions.ts";

/** How urgent an alert is, in the four words of an incident process, the least urgent first. */
export const priorities = criticalities;
export type Priority = (typeof priorities)[number];

/** What an alert's severity and its service's criticality come to: rules say it, messages show it, drills expect it. */
export const priorityOf: Readonly<Record<Severity, Readonly<Record<Criticality, Priority>>>> = {
  warning: { low: "low", medium: "low", high: "medium", critical: "medium" },
  critical: { low: "medium", medium: "high", high: "high", critical: "critical" },
};

/** The same in PagerDuty's words (Events API v2, `payload.severity`). */
export const pagerdutySeverities: Readonly<Record<Priority, "info" | "warning" | "error" | "critical">> = {
  low: "info",
  medium: "warning",
  high: "error",
  critical: "critical",
};
