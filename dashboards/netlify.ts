import {
  buildTime,
  deployed,
  exporterUp,
  functionErrors,
  functionTime,
  invocations,
  metricsMissing,
  netlify,
  planUse,
  publishedAge,
} from "../alert-rules/netlify.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Did deploys go well, do functions work, is there enough left of the plan; below, the exporter itself. */
export const netlifyDashboard: Dashboard = {
  pack: netlify.name,
  title: netlify.title,
  stats: [
    { title: "Sites deployed well", signal: deployed, query: (of) => `sum(${of(deployed)})` },
    { title: "Last build, longest", signal: buildTime, query: (of) => `max(${of(buildTime)})` },
    { title: "Plan used, most", signal: planUse, query: (of) => `max(${of(planUse)})` },
    { title: "Functions failing, most", signal: functionErrors, query: (of) => `max(${of(functionErrors)})` },
  ],
  panels: [deployed, buildTime, invocations, functionErrors, functionTime],
  details: [planUse, publishedAge, exporterUp, metricsMissing],
};
