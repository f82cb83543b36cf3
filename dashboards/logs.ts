import { errorLines, logErrorRate, logForbiddenLines, logLineRate, logs, logsMissing } from "../alert-rules/logs.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it report errors, does it report at all, and what do the lines say. */
export const logsDashboard: Dashboard = {
  pack: logs.name,
  title: logs.title,
  stats: [
    { title: "Errors per second", signal: logErrorRate, query: (of) => `sum(${of(logErrorRate)})` },
    { title: "Lines per second", signal: logLineRate, query: (of) => `sum(${of(logLineRate)})` },
  ],
  panels: [logErrorRate, logLineRate, logForbiddenLines, logsMissing],
  details: [],
  lines: [{ title: "Lines that tell of errors", description: "Level error, fatal or critical.", logql: errorLines }],
};
