import { type Component, components } from "../model/component.ts";
import { identityLabels } from "../model/conventions.ts";
import type { RecordingRule, RuleGroup } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { anyOf } from "../model/promql.ts";
import { formatDuration, hours, minutes } from "../model/quantity.ts";
import { advice, type Load, loads, runbookFor } from "./bottleneck-advice.ts";

/** How often everything is recorded: means over an hour change slowly. Series end after five minutes without. */
export const comparedEvery = minutes(3);
/** Over which waits are averaged. */
export const waitWindow = hours(1);

/** The times of before that now is compared with, by what a reader calls them; the first goes before the others. */
export const baselines = { yesterday: "1d", "last week": "1w" } as const;

/** A component has grown when the whole journey took this much longer through it alone … */
export const leastGrowth = 0.1;
/**
 * … and that is so many standard errors. How waits are spread nobody counts: they are taken to differ from each other by
 * as much as their mean (a coefficient of variation of 1, as of exponential times), so n of them tell their mean to mean/√n.
 */
export const sureErrors = 4;
/** There is more load when so many times as many journeys are begun, and that is `sureLoadErrors` errors of counting. */
export const moreLoad = 1.25;
export const sureLoadErrors = 3;

/** What is recorded. */
export const recordedAs = {
  counted: "step_component:journey_waits:count1h",
  stepWait: "step_component:journey_wait_seconds:mean1h",
  wait: "component:journey_wait_seconds:mean1h",
  share: "component:journey_wait_seconds:share1h",
  growth: "component:journey_wait_seconds:growth",
  sureness: "component:journey_wait_seconds:growth_z",
  grown: "component:journey_wait_seconds:grown",
  begun: "journey:journeys_begun:count1h",
  moreLoad: "journey:journeys_begun:grown",
  most: "component:journey_wait_seconds:grown_most",
  chosen: "journey:bottleneck:chosen",
  bottleneck: "journey:bottleneck:growth_seconds",
} as const;

const per = (...labels: readonly string[]): string => [...identityLabels, "journey", ...labels].join(", ");
const r = recordedAs;

const range = `[${formatDuration(waitWindow)}]`;

/**
 * Rules that say what users of each journey wait for, which part of that grew and what to do first, in one group. The time
 * of a journey is that of one that goes through each step once, each step as long as it takes now: the sum of its steps'
 * means. So neither a rush into the first step nor people who leave at it look like a change. Two steps are compared only
 * where there are both. Messages of alerts on journeys read what is recorded here, so nothing here reads what is recorded
 * with those.
 *
 * @param these matchers of the instrumentation that counts waits
 */
export function bottleneckGroups(platform: Pick<Platform, "services">, these: string): RuleGroup[] {
  const listing = groupedBy(platform, ({ components: listed = {} }) => Object.keys(listed).sort());
  if (listing.length === 0) return [];
  const increase = (series: string): string =>
    listing
      .map(({ key, services }) => {
        const matchers = [these, anyOf("service", services), anyOf("component", key)].join(", ");
        return `sum by (${per("step", "component")}) (increase(${series}{${matchers}}${range}))`;
      })
      .join("\nor\n");
  const services = anyOf("service", listing.flatMap((one) => one.services).sort());
  return [
    {
      name: "bottleneck",
      interval: comparedEvery,
      rules: [
        { record: r.counted, expr: increase("journey_step_wait_seconds_count") },
        { record: r.stepWait, expr: `(${increase("journey_step_wait_seconds_sum")}) / (${r.counted} > 0)` },
        { record: r.wait, expr: `sum by (${per("component")}) (${r.stepWait})` },
        { record: r.share, expr: `${r.wait} / on (${per()}) group_left () (sum by (${per()}) (${r.wait}) > 0)` },
        ...Object.entries(baselines).flatMap(([since, offset]) => comparison(since, offset)),
        { record: r.begun, expr: `sum by (${per()}) (increase(journey_started_total{${these}, ${services}}${range}))` },
        ...Object.entries(baselines).map(([since, offset]) => moreThan(r.begun, `${r.begun} offset ${offset}`, since)),
        { record: r.most, expr: `topk by (${per()}) (1, max by (${per("component")}) (${r.grown}))` },
        { record: r.chosen, expr: theMost() },
        ...advised(platform),
      ],
    },
  ];
}

/** How much longer each component takes than it did, how sure that is, and whether it stands out. */
function comparison(since: string, offset: string): RecordingRule[] {
  const labels = { since };
  const before = (series: string) => `${series} offset ${offset}`;
  const variance = (mean: string, counted: string) => `(${mean}) ^ 2 / (${counted} > 0)`;
  const both = `${variance(r.stepWait, r.counted)} + ${variance(before(r.stepWait), before(r.counted))}`;
  const own = `since="${since}"`;
  return [
    { record: r.growth, labels, expr: `sum by (${per("component")}) (${r.stepWait} - ${before(r.stepWait)})` },
    {
      record: r.sureness,
      labels,
      expr: `${r.growth}{${own}} / ignoring (since) sqrt(sum by (${per("component")}) (${both}))`,
    },
    {
      record: r.grown,
      labels,
      expr: [
        `${r.growth}{${own}} > on (${per()}) group_left () (${leastGrowth} * sum by (${per()}) (${before(r.wait)}))`,
        `and ${r.sureness}{${own}} > ${sureErrors}`,
      ].join("\n"),
    },
  ];
}

/** Journeys that are begun so much more often that it is no chance: counts differ by the root of their sum. */
function moreThan(now: string, before: string, since: string): RecordingRule {
  return {
    record: r.moreLoad,
    labels: { since },
    expr: [
      `(${now} - ${before})`,
      `and ${now} > ${moreLoad} * ${before}`,
      `and (${now} - ${before}) ^ 2 > ${sureLoadErrors ** 2} * (${now} + ${before})`,
    ].join("\n"),
  };
}

/** The component that grew most, since the first of the baselines that it stands out from. */
const theMost = (): string =>
  Object.keys(baselines)
    .map((since) => `(${r.grown}{since="${since}"} and on (${per("component")}) ${r.most})`)
    .join(`\nor on (${per()})\n`);

/** The bottleneck with the words about it: one rule for each component, what watches it, and load. */
function advised(platform: Pick<Platform, "services">): RecordingRule[] {
  return components.flatMap((component) =>
    groupedBy(platform, ({ components: listed = {} }) => listed[component]).flatMap(({ key: at, services }) =>
      loads.map((load): RecordingRule => {
        const packs = platform.services.find(({ name }) => name === at)?.packs ?? [];
        const runbook = runbookFor(component, load, packs);
        const matchers = [`component="${component}"`, anyOf("service", services)].join(", ");
        return {
          record: r.bottleneck,
          labels: { load, at, ...(runbook && { runbook }), advice: advice[component][load].text },
          expr: `${r.chosen}{${matchers}} ${isMore(load) ? "and" : "unless"} on (${per("since")}) ${r.moreLoad}`,
        };
      }),
    ),
  );
}

const isMore = (load: Load): boolean => load === "more journeys";

type Listing = Pick<Platform["services"][number], "name"> & {
  components?: Readonly<Partial<Record<Component, string>>>;
};

/** The names of services that list components, those together for which `keyOf` gives the same. */
function groupedBy<Key extends string | readonly string[]>(
  { services }: { services: readonly Listing[] },
  keyOf: (service: Listing) => Key | undefined,
): { key: Key; services: string[] }[] {
  const groups = new Map<string, { key: Key; services: string[] }>();
  for (const service of services) {
    const key = service.components && keyOf(service);
    if (key === undefined) continue;
    const group = groups.get(String(key)) ?? { key, services: [] };
    group.services.push(service.name);
    groups.set(String(key), group);
  }
  return [...groups.values()].map(({ key, services: names }) => ({ key, services: names.sort() }));
}
