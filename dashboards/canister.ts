import {
  burn,
  burnGrowth,
  callFailures,
  callRate,
  callTime,
  cycles,
  freeCycles,
  heapUse,
  instructions,
  instructionsSpent,
  outgoingFailures,
  outgoingRate,
  outgoingTime,
  running,
  stableMemory,
  timeLeft,
  timeSpent,
} from "../alert-rules/canister.signals.ts";
import { canister, exporterUp, metricsMissing } from "../alert-rules/canister.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** How long do the cycles last, do calls succeed, and which method takes the time; below, what these come from. */
export const canisterDashboard: Dashboard = {
  pack: canister.name,
  title: canister.title,
  stats: [
    { title: "Time until one freezes, shortest", signal: timeLeft, query: (of) => `min(${of(timeLeft)})` },
    { title: "Cycles above the reserve, least", signal: freeCycles, query: (of) => `min(${of(freeCycles)})` },
    { title: "Calls that fail, most", signal: callFailures, query: (of) => `max(${of(callFailures)})` },
    { title: "Average call, slowest method", signal: callTime, query: (of) => `max(${of(callTime)})` },
  ],
  panels: [timeLeft, burnGrowth, timeSpent, callTime, callFailures, outgoingFailures, outgoingTime, heapUse],
  details: [
    freeCycles,
    cycles,
    burn,
    instructionsSpent,
    instructions,
    callRate,
    outgoingRate,
    stableMemory,
    running,
    exporterUp,
    metricsMissing,
  ],
};
