import {
  errorLines,
  logCost,
  logErrorRate,
  logForbiddenLines,
  logLineRate,
  logSpike,
  logs,
  logsMissing,
  logVolume,
  logWarningRate,
} from "../alert-rules/logs.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it report errors, does it report at all, and what do the lines say. */
export const logsDashboard: Dashboard = {
  pack: logs.name,
  title: logs.title,
  stats: [
    { title: "Errors per second", signal: logErrorRate, query: (of) => `sum(${of(logErrorRate)})` },
    { title: "Lines per second", signal: logLineRate, query: (of) => `sum(${of(logLineRate)})` },
    { title: "Volume per day", signal: logVolume, query: (of) => `sum(${of(logVolume)})` },
    { title: "Cost per day", signal: logCost, query: (of) => `sum(${of(logCost)})` },
  ],
  panels: [logErrorRate, logWarningRate, logLineRate, logVolume, logSpike, logForbiddenLines, logsMissing, logCost],
  details: [],
  lines: [{ title: "Lines that tell of errors", description: "Level error, fatal or critical.", logql: errorLines }],
};
