import {
  actions,
  activeUsers,
  completion,
  dayOneRetention,
  dayOneUsers,
  dropOff,
  finished,
  journeyTime,
  screenViews,
  shareOfTime,
  started,
  stepsEnded,
  stepsEntered,
  stepTime,
  weekFourRetention,
  weekFourUsers,
} from "../alert-rules/journey.signals.ts";
import { exporterUp, journeyPack, metricsMissing } from "../alert-rules/journey.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Do users get what they came for, how soon, where do they leave, do they come back; below, what they do. */
export const journeyDashboard: Dashboard = {
  pack: journeyPack.name,
  title: journeyPack.title,
  stats: [
    { title: "Completed in time, least", signal: completion, query: (of) => `min(${of(completion)})` },
    { title: "Median, longest", signal: journeyTime, query: (of) => `max(${of(journeyTime)})` },
    { title: "Back the next day", signal: dayOneRetention, query: (of) => `min(${of(dayOneRetention)})` },
    { title: "Back in week 4", signal: weekFourRetention, query: (of) => `min(${of(weekFourRetention)})` },
  ],
  panels: [completion, journeyTime, dropOff, stepTime, stepsEntered, started, dayOneRetention, weekFourRetention],
  bars: [
    {
      title: "Funnel: steps entered per second, most first",
      description:
        "How often each step was entered over the last hour. A bar much shorter than the one above it: there they leave.",
      signal: stepsEntered,
      query: (of) => `sort_desc(${of(stepsEntered)})`,
    },
    {
      title: "Where the time of a journey grew, in shares, most first",
      description:
        "Each step's share of the time of all steps, less its share a week ago; nothing where there is no such week. The first is what to look at when a journey takes longer than it did.",
      signal: shareOfTime,
      query: (of) => `sort_desc(${of(shareOfTime)} - (${of(shareOfTime)} offset 1w or ${of(shareOfTime)}))`,
    },
  ],
  details: [
    shareOfTime,
    activeUsers,
    actions,
    screenViews,
    finished,
    stepsEnded,
    dayOneUsers,
    weekFourUsers,
    exporterUp,
    metricsMissing,
  ],
};
