import { highestBurn } from "../src/model/indicator.ts";
import { type Alert, alert, type Levels, type Pack } from "../src/model/pack.ts";
import { type Duration, eventsPerSecond, hours, minutes, times } from "../src/model/quantity.ts";
import { budgetLeft, burnDay, burnHour, burnSixHours, burnThreeDays, sloSignals, sloWindow } from "./slo.signals.ts";

/** Of 360 events in an hour, one that fails is no trend: with an objective of 99.9 % it burns for a moment at 2.8x. */
const fewest = eventsPerSecond(0.1);

// Words that are not always said stand within the braces: a drill knows the text outside of them, and expects it.
/** A selector of a series of the very SLO that an alert is about, as text for `printf`, and its arguments. */
const own = (series: string): string => `${series}{environment=%q, service=%q, slo=%q}`;
const labels = "$labels.environment $labels.service $labels.slo";

const gone = `{{ with printf "1 - ${own(budgetLeft.series)}" ${labels} | query }}{{ . | first | value | humanizePercentage | printf "%s of the error budget is gone" }}{{ else }}{{ "How much of the error budget is gone is not known" }}{{ end }}`;

/** Nothing is left to burn where the budget is used up. */
const left = `(${own(budgetLeft.series)} > 0) * ${own(sloWindow.series)} / %f`;
const until = `{{ with printf "${left}" ${labels} ${labels} .Value | query }}{{ . | first | value | humanizeDuration | printf "at this pace the rest is gone in %s" }}{{ else }}{{ "nothing of it is left" }}{{ end }}`;

interface Burn {
  name: string;
  of: typeof burnHour;
  above: Levels<"times">;
  for: Duration;
  explains?: readonly string[];
  meaning: string;
}

function burns({ name, of: { burn, rate }, above, meaning, ...rest }: Burn): Alert {
  const lowest = Math.min(...Object.values(above).map(({ value }) => value));
  return alert({
    name,
    pack: "slo",
    signal: burn,
    above,
    guard: { signal: rate, above: fewest },
    canReach: ({ slos }) => slos.some((slo) => highestBurn(slo) > lowest),
    summary: `{{ $labels.service }} burns its error budget for {{ $labels.slo }} {{ $value | humanize }} times as fast as it may`,
    impact: `${meaning} ${gone}; ${until}.`,
    ...rest,
  });
}

/**
 * Burn rates and windows of the Site Reliability Workbook, chapter 5, table 5-8: of a budget for 30 days they tell when
 * 2 % of it is gone within an hour, 5 % within six, 10 % within a day or three. For another window they stay: what they
 * say is how long a whole budget would last, from two days down to its window.
 */
export const SloBudgetBurnsSlowly = burns({
  name: "SloBudgetBurnsSlowly",
  of: burnThreeDays,
  above: { warning: times(1) },
  for: hours(3),
  meaning: "Users notice little of it yet, but the objective will be missed if it goes on.",
});

export const SloBudgetBurnsForADay = burns({
  name: "SloBudgetBurnsForADay",
  of: burnDay,
  above: { warning: times(3) },
  for: hours(1),
  explains: [SloBudgetBurnsSlowly.name],
  meaning: "For a day now, users have met more failures or waiting than was promised.",
});

export const SloBudgetBurnsForHours = burns({
  name: "SloBudgetBurnsForHours",
  of: burnSixHours,
  above: { critical: times(6) },
  for: minutes(15),
  explains: [SloBudgetBurnsForADay.name, SloBudgetBurnsSlowly.name],
  meaning: "For hours now, users have met far more failures or waiting than was promised.",
});

export const SloBudgetBurnsFast = burns({
  name: "SloBudgetBurnsFast",
  of: burnHour,
  above: { critical: times(14.4) },
  for: minutes(5),
  explains: [SloBudgetBurnsForHours.name, SloBudgetBurnsForADay.name, SloBudgetBurnsSlowly.name],
  meaning: "Right now many users meet failures or waiting.",
});

export const slo: Pack = {
  name: "slo",
  title: "SLOs and budgets",
  derived: {},
  signals: sloSignals,
  alerts: [SloBudgetBurnsFast, SloBudgetBurnsForHours, SloBudgetBurnsForADay, SloBudgetBurnsSlowly],
};
