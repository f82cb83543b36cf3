import {
  expected,
  forecast,
  limit,
  timeLeft,
  timeLeftEarly,
  timeLeftLate,
  trend,
  trendMargin,
  value,
} from "../alert-rules/capacity.signals.ts";
import { capacity } from "../alert-rules/capacity.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** What runs out first, when, and how sure that is; then where each signal goes. */
export const capacityDashboard: Dashboard = {
  pack: capacity.name,
  title: capacity.title,
  opensWith: "30d",
  stats: [
    { title: "First limit, likely in", signal: timeLeft, query: (of) => `min(${of(timeLeft)})` },
    { title: "First limit, at the latest in", signal: timeLeftLate, query: (of) => `min(${of(timeLeftLate)})` },
    {
      title: "Reached within 30 days",
      signal: limit,
      query: (of) => `count(${of(timeLeft)} < ${30 * 86_400}) or vector(0)`,
    },
  ],
  panels: [timeLeftLate, timeLeftEarly, value, forecast, trend, timeLeft],
  bars: [
    {
      title: "What runs out first",
      description:
        "Time until the worst hour of a day reaches the limit, if it goes on as in the last 30 days; the shortest on top. A year stands for a year or more, or for never.",
      signal: timeLeft,
      query: (of) => `sort(${of(timeLeft)})`,
    },
    {
      title: "What runs out first, at the latest",
      description:
        "The same with the flattest trend that 30 days allow for: in nine of ten cases it is reached before.",
      signal: timeLeftLate,
      query: (of) => `sort(${of(timeLeftLate)})`,
    },
  ],
  details: [expected, limit, trendMargin],
};
