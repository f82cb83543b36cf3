import { known, openCount, platformHealth, serviceHealth, targets } from "../alert-rules/health.signals.ts";
import { health } from "../alert-rules/health.ts";
import { budgetLeft } from "../alert-rules/slo.signals.ts";
import type { Page } from "../src/render/page.ts";
import { alertsTable, healthSteps, openAlerts, servicesTable } from "./health.parts.ts";

/** Where to look first: is all well, what is not, since when, and what changed at that time. */
export const overview: Page = {
  page: "overview",
  pack: health.name,
  title: "Platform overview",
  description: "Is everything well? From here to a service, from there to what it is made of, and to its logs.",
  variables: { of: serviceHealth, labels: ["environment", "team", "service"] },
  stats: [
    {
      title: "Platform, 0 to 100",
      signal: platformHealth,
      steps: healthSteps,
      query: (of) => `min(${of(platformHealth)})`,
    },
    {
      title: "Worst service, 0 to 100",
      signal: serviceHealth,
      steps: healthSteps,
      query: (of) => `min(${of(serviceHealth)})`,
    },
    ...openAlerts,
    { title: "Services with data", signal: known, query: (of) => `count(${of(known)})` },
    { title: "Least error budget left", signal: budgetLeft, query: (of) => `min(${of(budgetLeft)})` },
  ],
  tables: (platform) => [servicesTable(platform), alertsTable(platform, "What costs the points")],
  graphs: [
    platformHealth,
    {
      title: "Open alerts",
      description: openCount.description,
      signal: openCount,
      query: (of) => `sum by (severity) (${of(openCount)})`,
      legend: "{{severity}}",
    },
    targets,
    budgetLeft,
  ],
  details: [
    serviceHealth,
    {
      title: "What changed: how often health moved in an hour",
      description:
        "Services whose score went up or down most often in the hour before. 0 is a service that stayed as it was.",
      signal: serviceHealth,
      query: (of) => `topk(10, changes(${of(serviceHealth)}[1h]))`,
      legend: "{{service}} {{environment}}",
    },
  ],
};
