import { identityLabels } from "../src/model/conventions.ts";
import { signal } from "../src/model/pack.ts";
import { formatDuration, minutes, type Unit } from "../src/model/quantity.ts";
import { from, scrapeWatch } from "./exporter-watch.ts";
import { webExporters } from "./web.exporter.ts";

/** Real users come irregularly: in five minutes too few do for a quantile of their views to mean anything. */
const viewWindow = minutes(15);
const window = formatDuration(viewWindow);
const these = from(webExporters);

const perSite = [...identityLabels];
const perPage = [...identityLabels, "page"];
const perBrowser = [...identityLabels, "browser"];

/** Of one of the site's counters, over all of its instances. */
const rateOf = (metric: string, labels: readonly string[]): string =>
  `sum by (${labels.join(", ")}) (rate(${metric}{${these}}[${window}]))`;

export const pageViews = signal({
  name: "web_page_views",
  title: "Page views per second",
  description: "Views of each page, over the last 15 minutes.",
  unit: "events/second",
  labels: perPage,
  series: "service_page:web_views:rate15m",
  window: viewWindow,
  fact: "views",
  source: { once: rateOf("web_page_views_total", perPage) },
});

/** Of the scrape itself; a site that sends its metrics has none. */
export const watch = scrapeWatch({ pack: "web", prefix: "Web", thing: "site", exporters: webExporters });
export const exporterUp = watch.up;

const bySite = perSite.join(", ");

export const siteViews = signal({
  name: "web_site_views",
  title: "Page views per second, all pages",
  description:
    "Views of the whole site, over the last 15 minutes. Zero where none come any more, though some did within a day.",
  unit: "events/second",
  labels: perSite,
  series: "service:web_views:rate15m",
  window: viewWindow,
  source: {
    perPlatform: ({ services }) => {
      const isScraped = services.some(({ packs, scrape }) => scrape && packs.includes("web"));
      const heardOf = `group by (${bySite}) (last_over_time(${pageViews.series}[1d]))`;
      // A site that sends its metrics is silent when it is gone, and a new one that counts nothing yet has no series.
      const known = isScraped ? `(${heardOf} or group by (${bySite}) (${exporterUp.series} == 1))` : heardOf;
      return [
        `sum by (${bySite}) (${pageViews.series})`,
        `or 0 * ${known}`,
        // Where nothing answers the scrape, that is told by its own alert.
        ...(isScraped ? [`unless on (${bySite}) (max by (${bySite}) (${exporterUp.series}) == 0)`] : []),
      ].join(" ");
    },
  },
});

export const errorShare = signal({
  name: "web_error_views",
  title: "Share of views with an error",
  description:
    "Views of the page in which at least one script failed or one promise was rejected without anybody catching it, as a share of all its views, over the last 15 minutes.",
  unit: "ratio",
  labels: perPage,
  series: "service_page:web_views_with_error:ratio15m",
  window: viewWindow,
  fact: "failing",
  source: {
    // `or` gives pages without a single error a zero: the series is made by the first.
    once: `(${rateOf("web_page_views_with_error_total", perPage)} or 0 * ${pageViews.series}) / ${pageViews.series}`,
  },
});

export const browserErrorShare = signal({
  name: "web_browser_error_views",
  title: "Share of views with an error, by browser",
  description:
    "The same over all pages, for each browser: one that stands out lacks something that the site's code takes for granted.",
  unit: "ratio",
  labels: perBrowser,
  series: "service_browser:web_views_with_error:ratio15m",
  window: viewWindow,
  source: {
    once: [
      `(${rateOf("web_page_views_with_error_total", perBrowser)}`,
      `or 0 * ${rateOf("web_page_views_total", perBrowser)})`,
      `/ ${rateOf("web_page_views_total", perBrowser)}`,
    ].join(" "),
  },
});

export const slowNetworkShare = signal({
  name: "web_slow_network_views",
  title: "Share of views over a slow network",
  description:
    "Views whose browser says that its connection is slower than 4G, or needed 600 ms to connect, as a share of all views of the page, over the last 15 minutes. Up together with the time to the first byte and the rest as ever: it is the users' network, not the page.",
  unit: "ratio",
  labels: perPage,
  series: "service_page:web_views_slow_network:ratio15m",
  window: viewWindow,
  fact: "slowNetwork",
  source: {
    once: `(${rateOf("web_page_views_slow_network_total", perPage)} or 0 * ${pageViews.series}) / ${pageViews.series}`,
  },
});

export const reports = signal({
  name: "web_reports",
  title: "Views that report their times, per second",
  description:
    "Views of each page that reported a largest contentful paint, over the last 15 minutes. A few less than page views: some are left before anything is painted, and older browsers report none.",
  unit: "events/second",
  labels: perPage,
  series: "service_page:web_reports:rate15m",
  window: viewWindow,
  fact: "reports",
  source: { once: `${rateOf("web_lcp_seconds_count", perPage)} or 0 * ${pageViews.series}` },
});

interface Measured<U extends Unit> {
  /** Short name: in the signal's, the series' and the fact's. */
  name: string;
  fact: string;
  /** Base name of the histogram. */
  metric: string;
  title: string;
  unit: U;
  /** What was no more than this for three views of four. */
  description: string;
}

/** What three views of four do not exceed: the quantile that search engines and browser vendors judge pages by. */
const p75 = <U extends Unit>({ name, fact, metric, title, unit, description }: Measured<U>) =>
  signal({
    name: `web_${name}`,
    title: `${title}, p75`,
    description: `${description} In 75 of 100 views of the page it was no more than this, over the last 15 minutes.`,
    unit,
    labels: perPage,
    series: `service_page:${metric}:p75_15m`,
    window: viewWindow,
    quantile: 0.75,
    fact,
    source: { once: `histogram_quantile(0.75, ${rateOf(`${metric}_bucket`, [...perPage, "le"])})` },
  });

export const lcp = p75({
  name: "lcp",
  fact: "lcp",
  metric: "web_lcp_seconds",
  title: "Largest contentful paint (LCP)",
  unit: "seconds",
  description: "How long it takes until the largest image or text of the first screen is there.",
});

export const inp = p75({
  name: "inp",
  fact: "inp",
  metric: "web_inp_seconds",
  title: "Interaction to next paint (INP)",
  unit: "seconds",
  description: "How long the page takes to show that it has noticed a tap, click or key.",
});

export const cls = p75({
  name: "cls",
  fact: "cls",
  metric: "web_cls",
  title: "Cumulative layout shift (CLS)",
  unit: "score",
  description:
    "How far what is on the screen jumps by itself: the part of the screen that a jump touches times how far it goes in parts of the screen, added up within the worst five seconds.",
});

export const ttfb = p75({
  name: "ttfb",
  fact: "ttfb",
  metric: "web_ttfb_seconds",
  title: "Time to first byte (TTFB)",
  unit: "seconds",
  description:
    "How long it takes until the first byte of the page arrives: name, connection, redirects, CDN and server together. What comes after it is the page's own.",
});

export const pageLoad = p75({
  name: "page_load",
  fact: "load",
  metric: "web_page_load_seconds",
  title: "Page load time",
  unit: "seconds",
  description: "How long it takes until everything that the page itself asks for is there (the event `load`).",
});

export const interactive = p75({
  name: "page_interactive",
  fact: "interactive",
  metric: "web_page_interactive_seconds",
  title: "Time to interactive",
  unit: "seconds",
  description:
    "How long it takes until the document is parsed and its first scripts have run, so that it can be used (`domInteractive`), or as the site itself says.",
});
