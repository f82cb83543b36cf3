import { saturation, timeoutRatio } from "../alert-rules/http.limits.ts";
import {
  errorRate,
  errorRatio,
  http,
  latencyP50,
  latencyP95,
  latencyP99,
  metricsMissing,
  requestRate,
  serviceRequestRate,
  targetsUp,
} from "../alert-rules/http.ts";
import type { Dashboard } from "../src/render/dashboard.ts";
import type { Bars } from "../src/render/panels.ts";
import { newVersions } from "./releases.ts";

/** Endpoints that lead a ranking; below them nobody looks. */
const topEndpoints = (title: string, description: string, signal: Bars["signal"]): Bars => ({
  title,
  description: `${description} The ten that lead, now.`,
  signal,
  query: (of) => `topk(10, ${of(signal)})`,
});

/** Is it slow, does it fail, is it there, does anybody come: what alerts first, with its threshold drawn. */
export const httpDashboard: Dashboard = {
  pack: http.name,
  title: http.title,
  stats: [
    { title: "Requests per second", signal: serviceRequestRate, query: (of) => `sum(${of(serviceRequestRate)})` },
    {
      title: "Requests that fail",
      signal: errorRatio,
      query: (of) => `sum(${of(errorRate)}) / (sum(${of(requestRate)}) > 0)`,
    },
    { title: "Slowest route, p95", signal: latencyP95, query: (of) => `max(${of(latencyP95)})` },
    { title: "Targets that answer", signal: targetsUp, query: (of) => `min(${of(targetsUp)})` },
  ],
  panels: [latencyP95, errorRatio, requestRate, serviceRequestRate, targetsUp, metricsMissing],
  moments: [newVersions],
  bars: [
    topEndpoints("Endpoints by p99", "99 of 100 requests are answered within this time.", latencyP99),
    topEndpoints("Endpoints by share that fails", "Requests that end in a 5xx status.", errorRatio),
  ],
  details: [latencyP50, latencyP99, errorRate, timeoutRatio, saturation],
};
