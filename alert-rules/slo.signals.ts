import { identityLabels } from "../src/model/conventions.ts";
import type { Asked, Indicator, Slo } from "../src/model/indicator.ts";
import { type RecordedSignal, type SignalSource, signal } from "../src/model/pack.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { anyOf, promqlString } from "../src/model/promql.ts";
import { type Duration, days, formatDuration, hours, minutes } from "../src/model/quantity.ts";

/** Labels of everything about an SLO; a service may have several. */
const perSlo = [...identityLabels, "slo"];

/** Windows of the rates of which everything else is added up. */
export const eventWindow = minutes(5);

/**
 * A range query reads every sample of its window each time. What looks back over a day and more changes little within
 * minutes: it is recorded less often.
 */
export const recordedEvery = (window: Duration): Duration => (window.value >= days(1).value ? minutes(3) : minutes(1));
const often = minutes(1);
const rarely = recordedEvery(days(1));

type HeldService = Service & { slo: Slo };

/** Every service once for each of its SLOs. */
const held = ({ services }: Platform): HeldService[] =>
  services.flatMap((service) => service.slos.map((slo) => ({ ...service, slo })));

/** Splits by a key, in the order in which its values are first seen. */
function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return [...groups.values()];
}

/** Matches these services; nothing where they are all that could be meant. */
function serviceMatchers(chosen: readonly Service[], among: readonly Service[]): string[] {
  const names = new Set(chosen.map(({ name }) => name));
  return among.every(({ name }) => names.has(name)) ? [] : [anyOf("service", [...names].sort())];
}

/** `expression` with the label `slo`. */
const labelled = (expression: string, slo: string): string =>
  `label_replace(${expression}, "slo", ${promqlString(slo)}, "", "")`;

/** One term for each indicator, bound and name that services have, whatever their number. */
const perIndicator = (term: (indicator: Indicator, asked: Asked, slo: Slo) => string): SignalSource => ({
  perPlatform(platform) {
    const groups = groupBy(held(platform), ({ slo }) => `${slo.name} ${slo.indicator} ${slo.within?.value}`);
    return groups
      .flatMap((group) =>
        group.slice(0, 1).map(({ slo }) => {
          const pack = platform.packs.find(({ indicators }) => indicators?.some(({ name }) => name === slo.indicator));
          const indicator = pack?.indicators?.find(({ name }) => name === slo.indicator);
          if (!pack || !indicator) throw new Error(`no pack has the indicator ${slo.indicator}`);
          const among = platform.services.filter(({ packs }) => packs.includes(pack.name));
          const instrumentations = new Set(group.flatMap(({ http }) => http ?? []));
          return term(
            indicator,
            { matchers: serviceMatchers(group, among), instrumentations: [...instrumentations], within: slo.within },
            slo,
          );
        }),
      )
      .join("\nor\n");
  },
});

/** One term for each different value of an SLO, with what selects those that have it. */
const perValue = (
  numberOf: (slo: Slo) => number,
  term: (select: (series: string) => string, value: number) => string,
): SignalSource => ({
  perPlatform(platform) {
    const all = held(platform);
    const groups = groupBy(all, ({ slo }) => `${numberOf(slo)}`);
    const [[first] = []] = groups;
    if (first && groups.length === 1) return term((series) => series, numberOf(first.slo));
    return groups
      .flatMap((same) => groupBy(same, ({ slo }) => slo.name))
      .flatMap((group) =>
        group.slice(0, 1).map(({ slo }) => {
          const namesakes = all.filter((one) => one.slo.name === slo.name);
          const matchers = [`slo=${promqlString(slo.name)}`, ...serviceMatchers(group, namesakes)];
          return term((series) => `${series}{${matchers.join(", ")}}`, numberOf(slo));
        }),
      )
      .join("\nor\n");
  },
});

export const events = signal({
  name: "slo_events",
  title: "Events that an SLO counts",
  description: "All that an SLO counts, good or bad, per second over the last 5 minutes: requests of a service.",
  unit: "events/second",
  labels: perSlo,
  series: "service_slo:events:rate5m",
  window: eventWindow,
  every: often,
  source: perIndicator((indicator, asked, { name }) => labelled(indicator.events(asked), name)),
});

export const badEvents = signal({
  name: "slo_bad_events",
  title: "Bad events",
  description: "What counts against an SLO, per second over the last 5 minutes: requests that fail or take too long.",
  unit: "events/second",
  labels: perSlo,
  series: "service_slo:bad_events:rate5m",
  window: eventWindow,
  every: often,
  source: perIndicator((indicator, asked, { name }) => {
    if (indicator.badEvents) return labelled(indicator.badEvents(asked), name);
    const all = `${events.series}{${[`slo=${promqlString(name)}`, ...asked.matchers].join(", ")}}`;
    return `(${all} - ${labelled(indicator.goodEvents?.(asked) ?? "", name)})`;
  }),
});

export const objective = signal({
  name: "slo_objective",
  title: "Objective",
  description: "The share of events that must be good, as monitoring.yaml says.",
  unit: "ratio",
  labels: perSlo,
  series: "service_slo:objective:ratio",
  every: often,
  source: perValue(
    ({ objective: { value } }) => value,
    (select, value) => `0 * ${select(events.series)} + ${value}`,
  ),
});

export const sloWindow = signal({
  name: "slo_window",
  title: "Window of the objective",
  description: "Over how long the objective is counted, as monitoring.yaml says.",
  unit: "seconds",
  labels: perSlo,
  series: "service_slo:window:seconds",
  every: often,
  source: perValue(
    ({ window }) => window.value,
    (select, value) => `0 * ${select(events.series)} + ${value}`,
  ),
});

/** Bad events of all over a longer window, added up from what is recorded; nothing where there were none at all. */
const shareOver = (select: (series: string) => string, window: string): string =>
  `sum_over_time(${select(badEvents.series)}[${window}]) / (sum_over_time(${select(events.series)}[${window}]) > 0)`;

function badShare(window: Duration, text: string, source: SignalSource): RecordedSignal<"ratio"> {
  return signal({
    name: `slo_bad_share_${text}`,
    title: `Bad events of all, ${text}`,
    description: `What counts against the SLO as a share of all that it counts, over the last ${text}.`,
    unit: "ratio",
    labels: perSlo,
    series: `service_slo:bad_events:ratio${text}`,
    window,
    ...(window.value > eventWindow.value && { history: window }),
    every: recordedEvery(window),
    source,
  });
}

export const shareNow = badShare(eventWindow, formatDuration(eventWindow), {
  once: `${badEvents.series} / (${events.series} > 0)`,
});
const longShares = new Map<string, RecordedSignal>();

/** The long window of one alert may be the short one of another: it is recorded once. */
function longShare(window: Duration): RecordedSignal {
  const text = formatDuration(window);
  const share = longShares.get(text) ?? badShare(window, text, { once: shareOver((series) => series, text) });
  longShares.set(text, share);
  return share;
}

/** Two windows of which both must tell of a burn, so that it is more than a moment and has not ended yet. */
export interface BurnWindows {
  long: Duration;
  short: Duration;
}

function burnSignals({ long, short }: BurnWindows) {
  const text = formatDuration(long);
  const [longer, shorter] = [longShare(long), short.value === eventWindow.value ? shareNow : longShare(short)];
  const rate = signal({
    name: `slo_event_rate_${text}`,
    title: `Events that an SLO counts, ${text}`,
    description: `All that an SLO counts per second, over the last ${text}: of very few a share says nothing.`,
    unit: "events/second",
    labels: perSlo,
    series: `service_slo:events:rate${text}`,
    window: long,
    history: long,
    every: recordedEvery(long),
    source: { once: `avg_over_time(${events.series}[${text}])` },
  });
  const burn = signal({
    name: `slo_burn_rate_${text}`,
    title: `Burn rate, ${text} and ${formatDuration(short)}`,
    description: `How many times as fast as it may the error budget burns, over the last ${text} or the last ${formatDuration(short)}, whichever is less. At 1x it is used up just when its window is over.`,
    unit: "times",
    labels: perSlo,
    series: `service_slo:burn_rate:${text}`,
    window: long,
    history: long,
    every: recordedEvery(long),
    source: {
      once: `(${longer.series} < ${shorter.series} or ${shorter.series}) / (1 - ${objective.series})`,
    },
  });
  return { windows: { long, short }, longer, shorter, rate, burn };
}

/** Windows of the Site Reliability Workbook, chapter 5, table 5-8: for each a twelfth of it as the short one. */
export const burnHour = burnSignals({ long: hours(1), short: minutes(5) });
export const burnSixHours = burnSignals({ long: hours(6), short: minutes(30) });
export const burnDay = burnSignals({ long: days(1), short: hours(2) });
export const burnThreeDays = burnSignals({ long: days(3), short: hours(6) });

/** By the name of the burn rate. */
export const burnWindows: Readonly<Record<string, BurnWindows>> = Object.fromEntries(
  [burnHour, burnSixHours, burnDay, burnThreeDays].map(({ burn, windows }) => [burn.name, windows]),
);

export const attainment = signal({
  name: "slo_attainment",
  title: "Attainment",
  description: "The share of events that were good over the SLO's whole window, or since there are any.",
  unit: "ratio",
  labels: perSlo,
  series: "service_slo:attainment:ratio",
  every: rarely,
  source: perValue(
    ({ window }) => window.value,
    (select, value) => `1 - ${shareOver(select, formatDuration({ unit: "seconds", value }))}`,
  ),
});

export const budgetLeft = signal({
  name: "slo_budget_left",
  title: "Error budget left",
  description:
    "What is left of the bad events that the objective allows over its window: 100 % is all of it, below 0 the objective is missed.",
  unit: "ratio",
  labels: perSlo,
  series: "service_slo:error_budget_left:ratio",
  every: rarely,
  source: { once: `1 - (1 - ${attainment.series}) / (1 - ${objective.series})` },
});

const all = [burnHour, burnSixHours, burnDay, burnThreeDays];

/** In the order in which they are recorded. */
export const sloSignals: readonly RecordedSignal[] = [
  ...new Set<RecordedSignal>([
    events,
    badEvents,
    objective,
    sloWindow,
    shareNow,
    ...all.flatMap(({ longer, shorter, rate, burn }) => [longer, shorter, rate, burn]),
    attainment,
    budgetLeft,
  ]),
];
