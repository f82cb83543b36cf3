import {
  eventLoopLag,
  executionDuration,
  executionRate,
  exporterUp,
  failureRatio,
  metricsMissing,
  n8n,
  stalledJobs,
  waitingJobs,
} from "../alert-rules/n8n.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Do workflows run, do they succeed, how long do they take, and does the queue keep up; below, the processes. */
export const n8nDashboard: Dashboard = {
  pack: n8n.name,
  title: n8n.title,
  stats: [
    { title: "Executions per second", signal: executionRate, query: (of) => `sum(${of(executionRate)})` },
    { title: "Failing, most", signal: failureRatio, query: (of) => `max(${of(failureRatio)})` },
    { title: "Average execution, slowest", signal: executionDuration, query: (of) => `max(${of(executionDuration)})` },
    { title: "Waiting jobs", signal: waitingJobs, query: (of) => `sum(${of(waitingJobs)})` },
  ],
  panels: [failureRatio, executionRate, executionDuration, waitingJobs, stalledJobs, eventLoopLag],
  details: [exporterUp, metricsMissing],
};
