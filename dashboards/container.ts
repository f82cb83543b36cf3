import {
  container,
  cpuUse,
  diskUse,
  exporterUp,
  memoryUse,
  metricsMissing,
  oomKills,
  restarts,
  running,
  throttling,
} from "../alert-rules/container.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Do they run, and have they enough of what they need; below, what ends them and what watches them. */
export const containerDashboard: Dashboard = {
  pack: container.name,
  title: container.title,
  stats: [
    { title: "Containers that run", signal: running, query: (of) => `sum(${of(running)})` },
    { title: "Memory of the limit, most", signal: memoryUse, query: (of) => `max(${of(memoryUse)})` },
    { title: "CPU periods throttled, most", signal: throttling, query: (of) => `max(${of(throttling)})` },
    { title: "Restarts in 15 minutes, most", signal: restarts, query: (of) => `max(${of(restarts)})` },
  ],
  panels: [memoryUse, cpuUse, throttling, restarts, oomKills, diskUse],
  details: [running, exporterUp, metricsMissing],
};
