import {
  dropped,
  errorRate,
  errors,
  exporterUp,
  metricsMissing,
  newIssues,
  receivedRate,
  regressedIssues,
  triggered,
  unresolvedIssues,
  usersAffected,
} from "../alert-rules/errors.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** What is new, how much and for whom; below, whether the tracker itself tells all. */
export const errorsDashboard: Dashboard = {
  pack: errors.name,
  title: errors.title,
  stats: [
    { title: "New within an hour", signal: newIssues, query: (of) => `sum(${of(newIssues)})` },
    { title: "Errors per second", signal: errorRate, query: (of) => `sum(${of(errorRate)})` },
    { title: "Users with an error, most", signal: usersAffected, query: (of) => `max(${of(usersAffected)})` },
    { title: "Unresolved", signal: unresolvedIssues, query: (of) => `sum(${of(unresolvedIssues)})` },
  ],
  panels: [errorRate, usersAffected, newIssues, regressedIssues, unresolvedIssues, triggered],
  details: [dropped, receivedRate, exporterUp, metricsMissing],
};
