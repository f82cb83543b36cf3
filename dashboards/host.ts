import {
  clockInSync,
  clockOffset,
  cpuUse,
  diskQueue,
  diskUse,
  memoryUse,
  outOfMemoryKills,
  packetErrors,
  timeUntilFull,
  uptime,
} from "../alert-rules/host.signals.ts";
import { exporterUp, host, metricsMissing } from "../alert-rules/host.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Is anything used up: processors, memory, disks; below, what fails more rarely, for every device. */
export const hostDashboard: Dashboard = {
  pack: host.name,
  title: host.title,
  stats: [
    { title: "Processors busy, most", signal: cpuUse, query: (of) => `max(${of(cpuUse)})` },
    { title: "Memory in use, most", signal: memoryUse, query: (of) => `max(${of(memoryUse)})` },
    { title: "Disk in use, fullest", signal: diskUse, query: (of) => `max(${of(diskUse)})` },
    { title: "Hosts that answer", signal: exporterUp, query: (of) => `sum(${of(exporterUp)})` },
  ],
  panels: [cpuUse, memoryUse, diskUse, timeUntilFull, uptime],
  details: [diskQueue, packetErrors, outOfMemoryKills, clockOffset, clockInSync, exporterUp, metricsMissing],
};
