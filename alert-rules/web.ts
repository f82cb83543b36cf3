import { alert, type Pack } from "../src/model/pack.ts";
import { eventsPerSecond, minutes, percent, score, seconds } from "../src/model/quantity.ts";
import { webExporters } from "./web.exporter.ts";
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
  watch,
} from "./web.signals.ts";

const page = "{{ $labels.page }} of {{ $labels.service }}";
const seen = "{{ $value | humanizeDuration }} for one view in four, or longer";

/** More than 45 views within the window: 11 of them are beyond the p75, and three with an error are no chance. */
const enoughViews = { signal: pageViews, above: eventsPerSecond(0.05) };

/** Longer than a burst of robots or a cache that warms up; the window adds to it. */
const lasting = minutes(10);

/** The limits of the three Core Web Vitals between good, needing improvement and poor: https://web.dev/articles/vitals */
export const WebLcpHigh = alert({
  name: "WebLcpHigh",
  pack: "web",
  signal: lcp,
  above: { warning: seconds(2.5), critical: seconds(4) },
  for: lasting,
  guard: enoughViews,
  summary: `${page} shows its content late: after ${seen}`,
  impact: "Users look at an empty or half-empty screen. Many leave before they see what they came for.",
});

export const WebInpHigh = alert({
  name: "WebInpHigh",
  pack: "web",
  signal: inp,
  above: { warning: seconds(0.2), critical: seconds(0.5) },
  for: lasting,
  guard: enoughViews,
  summary: `${page} answers taps late: after ${seen}`,
  impact: "Users tap and nothing seems to happen. They tap again, send things twice, or give up.",
});

export const WebClsHigh = alert({
  name: "WebClsHigh",
  pack: "web",
  signal: cls,
  above: { warning: score(0.1), critical: score(0.25) },
  for: lasting,
  guard: enoughViews,
  summary: `${page} jumps while it is read: its layout shift is {{ $value | printf "%.3f" }} or more for one view in four`,
  impact: "What users read moves away, and they tap what they did not mean to.",
});

/** No vendor has a limit for it. Loading ends after the largest paint: twice as long, as a rule. */
export const WebPageLoadSlow = alert({
  name: "WebPageLoadSlow",
  pack: "web",
  signal: pageLoad,
  above: { warning: seconds(5), critical: seconds(8) },
  for: lasting,
  guard: enoughViews,
  summary: `${page} is slow to load: it takes ${seen}`,
  impact:
    "Users wait for pictures, prices or forms that come last, and on slow phones the page stays sluggish meanwhile.",
});

/** Lighthouse's limits between fast, moderate and slow: https://developer.chrome.com/docs/lighthouse/performance/interactive */
export const WebInteractiveSlow = alert({
  name: "WebInteractiveSlow",
  pack: "web",
  signal: interactive,
  above: { warning: seconds(3.8), critical: seconds(7.3) },
  for: lasting,
  guard: enoughViews,
  summary: `${page} cannot be used for long: for ${seen}`,
  impact: "Users see the page, but what they tap does nothing yet.",
});

export const WebErrorsHigh = alert({
  name: "WebErrorsHigh",
  pack: "web",
  signal: errorShare,
  // Extensions and old browsers make one or two of a hundred views fail on any site.
  above: { warning: percent(5), critical: percent(15) },
  for: lasting,
  guard: enoughViews,
  summary: `scripts of ${page} fail in {{ $value | humanizePercentage }} of its views`,
  impact: "Something on the page does not work for these users: a form that does not send, a list that stays empty.",
});

export const WebUsersNetworkSlow = alert({
  name: "WebUsersNetworkSlow",
  pack: "web",
  signal: slowNetworkShare,
  // From a quarter on, the p75 of everything else tells of slow networks, no longer of the page.
  above: { warning: percent(25) },
  for: lasting,
  guard: enoughViews,
  summary: `{{ $value | humanizePercentage }} of the views of ${page} come over slow networks`,
  impact:
    "The page is slow for these users because of their network, or because of the way to us. Its other alerts may speak of that, not of a fault of the page.",
});

export const WebNoPageViews = alert({
  name: "WebNoPageViews",
  pack: "web",
  signal: siteViews,
  // A single view in the window is more than that: not one, for as long as `for` says after the last.
  below: { warning: eventsPerSecond(0.001) },
  for: minutes(15),
  summary: "no page view of {{ $labels.service }} is counted any more",
  impact:
    "Nobody reaches the site, its scripts do not run at all, or what counts them is gone. In each case no other alert on what users feel can fire.",
});

export const WebReportsMissing = alert({
  name: "WebReportsMissing",
  pack: "web",
  signal: reports,
  below: { warning: eventsPerSecond(0.001) },
  for: minutes(30),
  guard: enoughViews,
  summary: `views of ${page} no longer report their times`,
  impact: "The page may be well, but nobody would see if it became slow: the alerts on its times cannot fire.",
});

export const WebExporterDown = watch.Down;

export const web: Pack = {
  name: "web",
  title: "Web: what users feel",
  shownBy: webExporters,
  signals: [
    pageViews,
    exporterUp,
    siteViews,
    errorShare,
    browserErrorShare,
    slowNetworkShare,
    reports,
    lcp,
    inp,
    cls,
    ttfb,
    pageLoad,
    interactive,
  ],
  alerts: [
    WebLcpHigh,
    WebInpHigh,
    WebClsHigh,
    WebPageLoadSlow,
    WebInteractiveSlow,
    WebErrorsHigh,
    WebUsersNetworkSlow,
    WebNoPageViews,
    WebReportsMissing,
    WebExporterDown,
  ],
};
