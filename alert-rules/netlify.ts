import { identityLabels } from "../src/model/conventions.ts";
import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, eventsPerSecond, formatDuration, minutes, percent, seconds } from "../src/model/quantity.ts";
import { exporterWatch, from } from "./exporter-watch.ts";
import { netlifyDrain, netlifyExporters } from "./netlify.exporter.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
const these = from(netlifyExporters);
const drained = from([netlifyDrain]);

/** Of several exporters each tells the same of the API, and its own part of what the drain sends. */
const perSite = [...identityLabels, "site"];
const perResource = [...identityLabels, "resource"];

const by = (operation: string, labels: readonly string[], expr: string): string =>
  `${operation} by (${labels.join(", ")}) (${expr})`;
const rateOf = (name: string, ...matchers: string[]): string =>
  by("sum", perSite, `rate(${name}{${[drained, ...matchers].join(", ")}}[${window}])`);

export const deployed = signal({
  name: "netlify_deployed",
  title: "Sites whose last deploy went well",
  description:
    "1 where the last finished deploy to production went well, 0 where it failed. What is under way does not count.",
  unit: "count",
  labels: perSite,
  series: "site:netlify_deployed:min",
  fact: "deployed",
  source: { once: by("min", perSite, `netlify_deploy_success{${these}}`) },
});

export const buildTime = signal({
  name: "netlify_build_time",
  title: "Duration of the last build",
  description: "How long the last finished deploy to production took to build.",
  unit: "seconds",
  labels: perSite,
  series: "site:netlify_build_seconds:max",
  fact: "buildTime",
  source: { once: by("max", perSite, `netlify_build_duration_seconds{${these}}`) },
});

const published = `netlify_published_timestamp_seconds{${these}}`;

export const publishedAge = signal({
  name: "netlify_published_age",
  title: "Time since the site was published",
  description: "Age of the deploy that visitors see.",
  unit: "seconds",
  labels: perSite,
  series: "site:netlify_published_seconds:min",
  fact: "publishedAge",
  source: { once: by("min", perSite, `timestamp(${published}) - ${published}`) },
});

export const planUse = signal({
  name: "netlify_plan_use",
  title: "Used of what the plan includes",
  description: "Bandwidth, build minutes or credits of the current period, as a share of what the plan includes.",
  unit: "ratio",
  labels: perResource,
  series: "resource:netlify_plan_used:ratio",
  fact: "planUse",
  source: {
    once: `${by("max", perResource, `netlify_plan_used{${these}}`)} / ${by("max", perResource, `netlify_plan_included{${these}}`)}`,
  },
});

export const invocations = signal({
  name: "netlify_function_invocations",
  title: "Calls of functions per second",
  description: "Serverless and edge functions of the site, over the last 5 minutes.",
  unit: "events/second",
  labels: perSite,
  series: "site:netlify_function_invocations:rate5m",
  window: rateWindow,
  fact: "invocations",
  source: { once: rateOf("netlify_function_invocations_total") },
});

export const functionErrors = signal({
  name: "netlify_function_errors",
  title: "Share of calls of functions that fail",
  description:
    "Calls that ended in an error, a timeout or a status of 5xx, as a share of all, over the last 5 minutes.",
  unit: "ratio",
  labels: perSite,
  series: "site:netlify_function_errors:ratio5m",
  window: rateWindow,
  fact: "functionErrors",
  source: { once: `${rateOf("netlify_function_invocations_total", 'outcome="error"')} / ${invocations.series}` },
});

export const functionTime = signal({
  name: "netlify_function_time",
  title: "Average time of a function",
  description: "Time that calls of functions took, by their number, over the last 5 minutes.",
  unit: "seconds",
  labels: perSite,
  series: "site:netlify_function_seconds:avg5m",
  window: rateWindow,
  fact: "functionTime",
  source: { once: `${rateOf("netlify_function_duration_seconds_total")} / ${invocations.series}` },
});

const watch = exporterWatch({
  pack: "netlify",
  prefix: "Netlify",
  thing: "Netlify team",
  exporters: netlifyExporters,
  needs: ["netlify_deploy_success", "netlify_plan_used", "netlify_function_invocations_total"],
});

const site = "{{ $labels.site }} of {{ $labels.service }}";

export const NetlifyDeployFailed = alert({
  name: "NetlifyDeployFailed",
  pack: "netlify",
  signal: deployed,
  // Visitors still see the deploy before: nobody need get up for it.
  below: { warning: count(1) },
  for: minutes(5),
  summary: `the last deploy of ${site} failed`,
  impact: "Visitors still see the version before. What was to be published, a fix perhaps, is not there.",
});

export const NetlifyBuildSlow = alert({
  name: "NetlifyBuildSlow",
  pack: "netlify",
  signal: buildTime,
  // Netlify ends a build after 15 minutes, unless it was told otherwise.
  above: { warning: minutes(10) },
  for: minutes(5),
  summary: `the last build of ${site} took {{ $value | humanizeDuration }}`,
  impact: "A fix takes that long to get out, and other builds wait for it. Netlify ends builds that take too long.",
});

export const NetlifyPlanNearlyUsed = alert({
  name: "NetlifyPlanNearlyUsed",
  pack: "netlify",
  signal: planUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(10),
  summary: `{{ $value | humanizePercentage }} of the plan's {{ $labels.resource }} of {{ $labels.service }} is used`,
  impact: "When it is used up, Netlify charges extra or, on plans without that, pauses all sites of the team.",
});

export const NetlifyFunctionsFail = alert({
  name: "NetlifyFunctionsFail",
  pack: "netlify",
  signal: functionErrors,
  above: { warning: percent(5), critical: percent(20) },
  for: minutes(5),
  // One failure of three calls says nothing.
  guard: { signal: invocations, above: eventsPerSecond(0.1) },
  summary: `{{ $value | humanizePercentage }} of calls of functions of ${site} fail`,
  impact: "What the page needs a function for does not work: forms, sign-in, payments, data from elsewhere.",
});

export const NetlifyFunctionsSlow = alert({
  name: "NetlifyFunctionsSlow",
  pack: "netlify",
  signal: functionTime,
  // Netlify ends a function after 10 seconds, unless it was told otherwise.
  above: { warning: seconds(2), critical: seconds(6) },
  for: minutes(10),
  summary: `functions of ${site} take {{ $value | humanizeDuration }} on average`,
  impact: "Visitors wait that long for what a function does; those that take longer than allowed fail.",
});

/** Of the scrape itself. */
export const NetlifyExporterDown = watch.Down;
export const NetlifyMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const netlify: Pack = {
  name: "netlify",
  title: "Netlify",
  shownBy: netlifyExporters,
  signals: [deployed, buildTime, publishedAge, planUse, invocations, functionErrors, functionTime, ...watch.signals],
  alerts: [
    NetlifyDeployFailed,
    NetlifyBuildSlow,
    NetlifyPlanNearlyUsed,
    NetlifyFunctionsFail,
    NetlifyFunctionsSlow,
    ...watch.alerts,
  ],
};
