import { bottleneckNow, waitGrowth, waitShare } from "../alert-rules/bottleneck.ts";
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
  stepsEnded,
  stepsEntered,
  stepTime,
  weekFourRetention,
  weekFourUsers,
} from "../alert-rules/journey.signals.ts";
import { missed, started, usual } from "../alert-rules/journey.starts.ts";
import { exporterUp, journeyPack, metricsMissing } from "../alert-rules/journey.ts";
import { healthPack } from "../src/model/conventions.ts";
import type { Dashboard } from "../src/render/dashboard.ts";
import { palette } from "../src/render/palette.ts";
import { toService } from "./health.parts.ts";

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
  panels: [completion, journeyTime, dropOff, stepTime, stepsEntered, missed, dayOneRetention, weekFourRetention],
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
    {
      title: "Where the waiting goes, most first",
      description: waitShare.description,
      signal: waitShare,
      query: (of) => `sort_desc(${of(waitShare)})`,
    },
    {
      title: "Which part of the waiting grew, most first",
      description: `${waitGrowth.description} Below 0 it takes less than it did; a part is there as soon as there is a day of it.`,
      signal: waitGrowth,
      query: (of) => `sort_desc(${of(waitGrowth)})`,
    },
  ],
  tables: (platform) => [
    {
      title: bottleneckNow.title,
      description: `${bottleneckNow.description} Where nothing stands out, nothing is advised.`,
      signal: bottleneckNow,
      // A table without a row could also be one that is broken.
      query: (of) =>
        `${of(bottleneckNow)} or on () label_replace(vector(0), "component", "nothing stands out", "", "")`,
      columns: ["service", "environment", "journey", "component", "at", "since", "load", "advice", "runbook", "team"],
      value: "Longer by",
      order: "highest first",
      most: 60,
      width: "whole",
      steps: [{ value: null, color: palette.ok }],
      wrapped: ["advice"],
      links: {
        ...(platform.packs.some(({ name }) => name === healthPack) && { at: toService(platform, "at") }),
        runbook: { title: "Runbook", url: `${platform.links.runbooks}/\${__data.fields.runbook}.md` },
      },
    },
  ],
  details: [
    started,
    usual,
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
