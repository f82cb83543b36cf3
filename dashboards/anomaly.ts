import { anomaly, evidence, unusualness, watchedValue } from "../alert-rules/anomaly.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** What is unlike itself, and the values with what was usual for them. */
export const anomalyDashboard: Dashboard = {
  pack: anomaly.name,
  title: anomaly.title,
  stats: [
    { title: "Most unusual", signal: unusualness, query: (of) => `max(${of(unusualness)})` },
    { title: "Unusual now", signal: unusualness, query: (of) => `count(${of(unusualness)} > 1) or vector(0)` },
  ],
  panels: [unusualness, watchedValue],
  details: [evidence],
};
