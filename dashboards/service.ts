import { lost, serviceHealth, targets, weight } from "../alert-rules/health.signals.ts";
import { health } from "../alert-rules/health.ts";
import { errorRatio, latencyP95, serviceRequestRate } from "../alert-rules/http.ts";
import { budgetLeft } from "../alert-rules/slo.signals.ts";
import type { Page } from "../src/render/page.ts";
import { alertsTable, healthSteps, openAlerts } from "./health.parts.ts";

/** One service: how well it is, why not better, and the signals that tell most of it. */
export const serviceDetail: Page = {
  page: "service",
  pack: health.name,
  title: "Service detail",
  description:
    "One service. Graphs of requests are for services that answer some; what else it has is on the dashboards of its packs.",
  variables: { of: serviceHealth, labels: ["environment", "service"], single: "service" },
  stats: [
    {
      title: "Health, 0 to 100",
      signal: serviceHealth,
      steps: healthSteps,
      query: (of) => `min(${of(serviceHealth)})`,
    },
    ...openAlerts,
    { title: "Targets that answer", signal: targets, query: (of) => `sum(${of(targets)})` },
    { title: "Counts in the platform as", signal: weight, query: (of) => `max(${of(weight)})` },
  ],
  tables: (platform) => [alertsTable(platform, "Alerts that fire, and what they cost")],
  graphs: [serviceHealth, serviceRequestRate, errorRatio, latencyP95],
  details: [
    {
      title: "Points lost over time",
      description: lost.description,
      signal: lost,
      query: (of) => `${of(lost)} or on () label_replace(vector(0), "alertname", "none fires", "", "")`,
      legend: "{{alertname}} {{severity}} {{environment}}",
    },
    budgetLeft,
    targets,
  ],
};
