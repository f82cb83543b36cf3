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
  logVolumeOfInstances,
  logVolumeOfLevels,
  logWarningRate,
} from "../alert-rules/logs.ts";
import type { Dashboard } from "../src/render/dashboard.ts";
import type { Bars } from "../src/render/panels.ts";

/** The ten that write most: of more nobody reads the bars. */
const most = (title: string, signal: Bars["signal"], description: string): Bars => ({
  title,
  description,
  signal,
  query: (of) => `topk(10, ${of(signal)})`,
});

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
  bars: [
    most("Services that log most, bytes per day", logVolume, "The ten whose lines are the most bytes now."),
    most("Services that cost most, per day", logCost, "The ten whose lines cost most now."),
    most("Services that log most, lines per second", logLineRate, "The ten that write the most lines now."),
    most("Levels that make most of it", logVolumeOfLevels, "Much of level debug: somebody left it switched on."),
    most(
      "Instances that log most",
      logVolumeOfInstances,
      "One far longer than others of the same service: it restarts again and again, or fails at something.",
    ),
  ],
  details: [],
  lines: [{ title: "Lines that tell of errors", description: "Level error, fatal or critical.", logql: errorLines }],
};
