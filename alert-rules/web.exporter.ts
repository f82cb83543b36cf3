import type { Exporter, ExporterHistogram, ExporterMetric, Fact, Facts } from "../src/model/exporter.ts";
import { eventsPerSecond, percent, ratio, score, seconds } from "../src/model/quantity.ts";

/** What can be true of a page as its users see it. Times and shifts are the p75 of its views. */
const facts = {
  lcp: {
    usual: seconds(1.6),
    furthest: seconds(60),
    words: (value) => `a largest contentful paint of ${value}`,
    perPlace: true,
  },
  inp: {
    usual: seconds(0.08),
    furthest: seconds(10),
    words: (value) => `an answer to a tap or key within ${value}`,
    perPlace: true,
  },
  cls: { usual: score(0.04), furthest: score(4), words: (value) => `a layout shift of ${value}`, perPlace: true },
  ttfb: {
    usual: seconds(0.4),
    furthest: seconds(60),
    words: (value) => `a first byte after ${value}`,
    perPlace: true,
  },
  load: { usual: seconds(2.2), furthest: seconds(120), words: (value) => `a load of ${value}`, perPlace: true },
  interactive: {
    usual: seconds(1.8),
    furthest: seconds(120),
    words: (value) => `a page that can be used after ${value}`,
    perPlace: true,
  },
  views: {
    usual: eventsPerSecond(2),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} views`,
    perPlace: true,
  },
  reports: {
    usual: eventsPerSecond(2),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} views that report their times`,
    perPlace: true,
  },
  failing: {
    usual: percent(0.4),
    furthest: ratio(1),
    words: (value) => `${value} of views with an error`,
    perPlace: true,
  },
  slowNetwork: {
    usual: percent(6),
    furthest: ratio(1),
    words: (value) => `${value} of views over a slow network`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/** As the worlds have them: as many views each, so that halves add up to the whole without rounding. */
const browsers = ["Chrome", "Safari"];

const countedViews = (name: string, perSecond: (now: Facts) => number): ExporterMetric[] =>
  browsers.map((browser) => ({
    name,
    type: "counter",
    labels: { browser },
    perPlace: true,
    whole: true,
    fromFirst: true,
    grows: (now) => perSecond(now) / browsers.length,
  }));

const p75 = (name: string, fact: keyof typeof facts, edges: readonly number[]): ExporterHistogram => ({
  name,
  type: "histogram",
  perPlace: true,
  fromFirst: true,
  shows: { fact, quantile: 0.75 },
  rate: "reports",
  edges,
});

/** An edge at each threshold, its neighbours near, and room above: docs/rum.md has the same. */
const metrics = [
  p75("web_lcp_seconds", "lcp", [0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 20]),
  p75("web_inp_seconds", "inp", [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2, 5]),
  p75("web_cls", "cls", [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2]),
  p75("web_ttfb_seconds", "ttfb", [0.1, 0.2, 0.4, 0.6, 0.8, 1.2, 1.8, 2.5, 4, 8]),
  p75("web_page_load_seconds", "load", [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 30]),
  p75("web_page_interactive_seconds", "interactive", [0.5, 1, 1.5, 2, 3, 3.8, 5, 7.3, 10, 15, 30]),
  ...countedViews("web_page_views_total", ({ views = 0 }) => views),
  ...countedViews("web_page_views_with_error_total", ({ views = 0, failing = 0 }) => views * failing),
  ...countedViews("web_page_views_slow_network_total", ({ views = 0, slowNetwork = 0 }) => views * slowNetwork),
];

const places = { key: "pages", label: "page", title: "page", default: ["/"] } as const;

/**
 * What browsers measure, as the site counts it: docs/rum.md says how. There is no standard for such metrics, so these
 * names are a contract of this pack. `otel-web` is the site's own endpoint with the OpenTelemetry SDK behind it,
 * scraped or pushed by OTLP; `faro-web` is Grafana's Faro with Alloy, which makes the same metrics of log lines.
 */
export const webExporters: readonly Exporter[] = [
  { id: "otel-web", title: "a site that counts what its browsers report, with OpenTelemetry", places, facts, metrics },
  { id: "faro-web", title: "Grafana Faro through Alloy", places, facts, metrics },
];
