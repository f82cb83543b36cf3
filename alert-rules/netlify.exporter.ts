import type { Exporter, ExporterMetric, Fact, Scraped } from "../src/model/exporter.ts";
import { count, days, eventsPerSecond, minutes, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What Netlify's API tells of a team's plan and of each of its sites. */
const apiFacts = {
  deployed: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a last deploy that failed" : "a last deploy that went well"),
    isYesOrNo: true,
    perPlace: true,
  },
  buildTime: {
    usual: minutes(2),
    furthest: minutes(30),
    words: (value) => `a last build of ${value}`,
    perPlace: true,
  },
  publishedAge: {
    usual: days(2),
    furthest: days(400),
    words: (value) => `a site that was published ${value} ago`,
    perPlace: true,
  },
  planUse: { usual: percent(30), furthest: ratio(1), words: (value) => `${value} of the plan's bandwidth used` },
} satisfies Record<string, Fact>;

/** What only a log drain tells: of functions, serverless and at the edge. */
const drainFacts = {
  invocations: {
    usual: eventsPerSecond(5),
    furthest: eventsPerSecond(2000),
    words: (value) => `${value} calls of functions`,
    perPlace: true,
  },
  functionErrors: {
    usual: percent(0.1),
    furthest: ratio(1),
    words: (value) => `${value} of calls of functions failing`,
    perPlace: true,
  },
  functionTime: {
    usual: seconds(0.2),
    furthest: seconds(10),
    words: (value) => `functions that take ${value} on average`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/** What the plan includes: bytes of bandwidth, minutes of builds. */
const included = { bandwidth: 1_000_000_000_000, build_minutes: 25_000 };

const planned = (resource: keyof typeof included, used: ExporterMetric["is"]): ExporterMetric[] => [
  { name: "netlify_plan_included", type: "gauge", labels: { resource }, is: () => included[resource] },
  { name: "netlify_plan_used", type: "gauge", labels: { resource }, is: used },
];

const apiMetrics: readonly ExporterMetric[] = [
  { name: "netlify_deploy_success", type: "gauge", perPlace: true, is: ({ deployed = 0 }) => deployed },
  { name: "netlify_build_duration_seconds", type: "gauge", perPlace: true, is: ({ buildTime = 0 }) => buildTime },
  {
    name: "netlify_published_timestamp_seconds",
    type: "gauge",
    perPlace: true,
    is: ({ publishedAge = 0 }, { nowSeconds }) => nowSeconds - publishedAge,
  },
  ...planned("bandwidth", ({ planUse = 0 }) => Math.round(planUse * included.bandwidth)),
  ...planned("build_minutes", () => included.build_minutes / 4),
];

const drainMetrics: readonly ExporterMetric[] = [
  {
    name: "netlify_function_invocations_total",
    type: "counter",
    labels: { outcome: "success" },
    perPlace: true,
    whole: true,
    grows: ({ invocations = 0, functionErrors = 0 }) => invocations - invocations * functionErrors,
  },
  {
    name: "netlify_function_invocations_total",
    type: "counter",
    labels: { outcome: "error" },
    perPlace: true,
    whole: true,
    grows: ({ invocations = 0, functionErrors = 0 }) => invocations * functionErrors,
  },
  {
    name: "netlify_function_duration_seconds_total",
    type: "counter",
    perPlace: true,
    grows: ({ invocations = 0, functionTime = 0 }) => invocations * functionTime,
  },
];

const places = { key: "sites", label: "site", title: "site", default: ["www"] } as const;

/** The API has limits on how often it may be asked, and builds take minutes. */
const scraped: Scraped = { path: "/metrics", scheme: "http", interval: minutes(1) };

/**
 * Netlify has no metrics of its own. This is a contract: what a small program of yours shows that asks Netlify's API
 * (`GET /sites/{id}/deploys?production=true`, `GET /accounts/{id}`) once a minute. The names are ours; where each value
 * comes from stands in runbooks/netlify/NetlifyMetricsMissing.md.
 */
export const netlifyApi: Exporter = {
  id: "netlify-exporter",
  title: "Exporter of Netlify's API (contract)",
  places,
  scraped,
  facts: apiFacts,
  metrics: apiMetrics,
};

/** The same, which also counts what a log drain of type `functions` and `edge_functions` (Enterprise) sends it. */
export const netlifyDrain: Exporter = {
  ...netlifyApi,
  id: "netlify-exporter-drain",
  title: "Exporter of Netlify's API and of a log drain (contract)",
  facts: { ...apiFacts, ...drainFacts },
  metrics: [...apiMetrics, ...drainMetrics],
};

export const netlifyExporters: readonly Exporter[] = [netlifyApi, netlifyDrain];
