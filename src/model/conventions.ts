/**
 * Every name that several artifacts must agree on. Rules write these labels, routes match them, dashboards filter
 * by them, drills expect them: they stand here once.
 */

/** Labels that every series of a monitored service carries, set by the scrape config or the collector. */
export const identityLabels = ["environment", "service", "team"] as const;

/** Label that says which instrumentation a target has; recording rules select by it. */
export const instrumentationLabel = "instrumentation";

export const severities = ["warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** Annotations that alerts have, in the order in which a person needs them. */
export const annotationNames = [
  "summary",
  "description",
  "cause",
  "priority",
  "value",
  "threshold",
  "dashboard_url",
  "issues_url",
  "logs_url",
  "runbook_url",
] as const;
export type AnnotationName = (typeof annotationNames)[number];

export const criticalities = ["low", "medium", "high", "critical"] as const;
export type Criticality = (typeof criticalities)[number];

/** The pack that services have which list signals under `anomalies`. */
export const anomalyPack = "anomaly";

/** The pack that services have which list signals under `forecasts`. */
export const capacityPack = "capacity";

/** The pack that services have which tell what users of their journeys wait for: those with `components`. */
export const bottleneckPack = "bottleneck";

/** The pack that services have whose versions are compared: those with `versions`. */
export const releasesPack = "releases";

/** The pack that services have which try two variants: those with `experiments`. */
export const experimentsPack = "experiments";

/** Name of the pack that a service has whose `slos` lists objectives. */
export const sloPack = "slo";

/** Name of the pack that says how well everything is; it is of the platform, and no service has it. */
export const healthPack = "health";

/** What a panel says where there is nothing of the kind for what is chosen, as opposed to nothing known. */
export const noneOfTheKind = "nothing of the kind here";
