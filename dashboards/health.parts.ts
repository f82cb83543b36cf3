import { lost, openCount, serviceHealth } from "../alert-rules/health.signals.ts";
import type { Platform } from "../src/model/platform.ts";
import { dashboardAddress } from "../src/render/navigation.ts";
import { palette } from "../src/render/palette.ts";
import type { Chosen, Stat } from "../src/render/panels.ts";
import type { Table } from "../src/render/table-panel.ts";
import type { ThresholdStep } from "../src/render/threshold-lines.ts";

/** Below half something critical fires; below 100, anything at all. */
export const healthSteps: readonly ThresholdStep[] = [
  { value: null, color: palette.critical },
  { value: 50, color: palette.warning },
  { value: 100, color: palette.ok },
];

/** One is enough for the colour. */
const anyOfThem = (color: string): readonly ThresholdStep[] => [
  { value: null, color: palette.ok },
  { value: 1, color },
];

/** How many alerts fire. */
export const openAlerts: readonly Stat[] = [
  {
    title: "Critical alerts",
    signal: openCount,
    steps: anyOfThem(palette.critical),
    query: (of) => `sum(${of(openCount, 'severity="critical"')})`,
  },
  {
    title: "Warnings",
    signal: openCount,
    steps: anyOfThem(palette.warning),
    query: (of) => `sum(${of(openCount, 'severity="warning"')})`,
  },
];

/** Rows that a table shows of many. */
const rows = 50;

const row = (label: string): string => `\${__data.fields.${label}}`;

/** To the service that a label of the row names, with the range of time that is looked at. */
export const toService = (platform: Platform, label = "service") => ({
  title: "Service detail",
  url: `${dashboardAddress(platform, "service")}?var-datasource=\${datasource}&var-environment=${row("environment")}&var-service=${row(label)}&\${__url_time_range}`,
});

const lostSteps: readonly ThresholdStep[] = [
  { value: null, color: palette.ok },
  { value: 1, color: palette.warning },
  { value: 50, color: palette.critical },
];

/** What fires, by what it costs. */
export const alertsTable = (platform: Platform, title: string): Table => ({
  title,
  description: `${lost.description} A name leads to the alert's runbook.`,
  signal: lost,
  // A table without a row could also be one that is broken.
  query: (of: Chosen) =>
    `topk(${rows}, ${of(lost)}) or on () label_replace(vector(0), "alertname", "none fires", "", "")`,
  columns: ["service", "alertname", "severity", "pack", "environment", "team"],
  value: "Points lost",
  order: "highest first",
  steps: lostSteps,
  links: {
    service: toService(platform),
    alertname: { title: "Runbook", url: `${platform.links.runbooks}/${row("pack")}/${row("alertname")}.md` },
  },
});

export const servicesTable = (platform: Platform): Table => ({
  title: "Services, the worst first",
  description: `${serviceHealth.description} At most ${rows}; a name leads to the service.`,
  signal: serviceHealth,
  query: (of: Chosen) => `bottomk(${rows}, ${of(serviceHealth)})`,
  columns: ["service", "environment", "team"],
  value: "Health",
  order: "lowest first",
  steps: healthSteps,
  links: { service: toService(platform) },
});
