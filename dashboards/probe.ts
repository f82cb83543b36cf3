import {
  answerTime,
  certificateLeft,
  endpointAnswers,
  exporterUp,
  lookupTime,
  metricsMissing,
  probe,
} from "../alert-rules/probe.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it answer, how fast, for how long is its certificate good; below, whether the probers themselves are well. */
export const probeDashboard: Dashboard = {
  pack: probe.name,
  title: probe.title,
  stats: [
    { title: "Endpoints that answer", signal: endpointAnswers, query: (of) => `min(${of(endpointAnswers)})` },
    { title: "Slowest answer", signal: answerTime, query: (of) => `max(${of(answerTime)})` },
    { title: "Slowest lookup", signal: lookupTime, query: (of) => `max(${of(lookupTime)})` },
    { title: "First certificate to expire", signal: certificateLeft, query: (of) => `min(${of(certificateLeft)})` },
  ],
  panels: [endpointAnswers, answerTime, lookupTime, certificateLeft],
  details: [exporterUp, metricsMissing],
};
