import {
  attainment,
  badEvents,
  budgetLeft,
  burnDay,
  burnHour,
  burnSixHours,
  burnThreeDays,
  events,
  objective,
  shareNow,
} from "../alert-rules/slo.signals.ts";
import { slo } from "../alert-rules/slo.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Are promises kept, what is left, and how fast does it go; below, what is counted. */
export const sloDashboard: Dashboard = {
  pack: slo.name,
  title: slo.title,
  stats: [
    { title: "Lowest attainment", signal: attainment, query: (of) => `min(${of(attainment)})` },
    { title: "Least budget left", signal: budgetLeft, query: (of) => `min(${of(budgetLeft)})` },
    { title: "Fastest burn, last hour", signal: burnHour.burn, query: (of) => `max(${of(burnHour.burn)})` },
    { title: "Fastest burn, last 3 days", signal: burnThreeDays.burn, query: (of) => `max(${of(burnThreeDays.burn)})` },
  ],
  panels: [budgetLeft, attainment, burnHour.burn, burnSixHours.burn, burnDay.burn, burnThreeDays.burn],
  details: [objective, shareNow, badEvents, events],
};
