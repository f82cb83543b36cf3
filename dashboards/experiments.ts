import { armBad, armEvents } from "../alert-rules/experiments.events.ts";
import {
  armCount,
  armShare,
  difference,
  effect,
  halfWidth,
  harm,
  probability,
  progress,
  significance,
  verdict,
} from "../alert-rules/experiments.signals.ts";
import { mismatch, split, splitProbability } from "../alert-rules/experiments.split.ts";
import { experiments } from "../alert-rules/experiments.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Which variant is better, how sure that is, and how much of what was planned there is; below, what it follows from. */
export const experimentsDashboard: Dashboard = {
  pack: experiments.name,
  title: experiments.title,
  opensWith: "7d",
  stats: [
    { title: "Comparisons that run", signal: armCount, query: (of) => `count(${of(verdict)})` },
    { title: "Treatments that do harm", signal: armCount, query: (of) => `count(${of(harm)} > 0) or vector(0)` },
    { title: mismatch.title, signal: mismatch, query: (of) => `sum(${of(mismatch)}) or vector(0)` },
    { title: "Least done of what is planned", signal: progress, query: (of) => `min(${of(progress)})` },
  ],
  panels: [armShare, difference, harm, verdict, progress, probability, split],
  details: [halfWidth, significance, effect, armCount, armEvents, armBad, mismatch, splitProbability],
};
