import {
  anrs,
  coldStart,
  crashClusters,
  crashFree,
  crashShare,
  frozenFrames,
  longSessions,
  memory,
  releaseSessions,
  screenLoad,
  screenLoads,
  sessionRate,
  slowFrames,
  topCrash,
  warmStart,
} from "../alert-rules/mobile.signals.ts";
import { mobile } from "../alert-rules/mobile.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it crash, and where; is it quick to start and to show a screen; does it stutter; below, what that is a share of. */
export const mobileDashboard: Dashboard = {
  pack: mobile.name,
  title: mobile.title,
  stats: [
    { title: "Crash-free sessions, worst release", signal: crashFree, query: (of) => `min(${of(crashFree)})` },
    { title: "Cold start p95, slowest release", signal: coldStart, query: (of) => `max(${of(coldStart)})` },
    { title: "Screen load p95, slowest", signal: screenLoad, query: (of) => `max(${of(screenLoad)})` },
    { title: "Sessions per second", signal: sessionRate, query: (of) => `sum(${of(sessionRate)})` },
  ],
  panels: [crashFree, topCrash, coldStart, screenLoad, slowFrames, releaseSessions],
  details: [crashClusters, anrs, frozenFrames, warmStart, memory, sessionRate, screenLoads, crashShare, longSessions],
};
