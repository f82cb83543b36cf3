import {
  browserErrorShare,
  cls,
  errorShare,
  exporterUp,
  inp,
  interactive,
  lcp,
  pageLoad,
  pageViews,
  reports,
  siteViews,
  slowNetworkShare,
  ttfb,
} from "../alert-rules/web.signals.ts";
import { web } from "../alert-rules/web.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/**
 * What comes late, jumps or fails, page by page; beside it what tells the page from the way to it: the first byte and
 * the users' networks. Below, how many views all this rests on.
 */
export const webDashboard: Dashboard = {
  pack: web.name,
  title: web.title,
  stats: [
    { title: "Page views per second", signal: siteViews, query: (of) => `sum(${of(siteViews)})` },
    { title: "Latest content (LCP)", signal: lcp, query: (of) => `max(${of(lcp)})` },
    { title: "Slowest answer (INP)", signal: inp, query: (of) => `max(${of(inp)})` },
    { title: "Most views with an error", signal: errorShare, query: (of) => `max(${of(errorShare)})` },
  ],
  panels: [lcp, ttfb, slowNetworkShare, errorShare, inp, cls, pageLoad, interactive],
  details: [browserErrorShare, pageViews, siteViews, reports, exporterUp],
};
