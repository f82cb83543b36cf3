import { identityLabels, instrumentationLabel } from "../src/model/conventions.ts";
import { type RecordedSignal, type SignalSource, signal } from "../src/model/pack.ts";
import type { Experiment, Platform, Service } from "../src/model/platform.ts";
import { type ExperimentKpi, experimentKpis } from "../src/model/platform-props.ts";
import { promqlString } from "../src/model/promql.ts";
import { days, formatDuration, minutes } from "../src/model/quantity.ts";
import { edgePattern } from "./http.indicators.ts";
import { rateWindow } from "./http.rates.ts";
import { scrapedRoutes } from "./http.ts";

/** How often everything here is recorded: counts are sums of rates that stand for so long. */
export const countedEvery = minutes(1);

/**
 * For so long an experiment is followed, from its first event on. After that nothing is said any more: a window that moves
 * on would forget the beginning, and who looks at ever new data finds a difference some day.
 */
export const followedFor = days(28);

export const by = [...identityLabels, "experiment"];
export const perKpi = [...by, "kpi"];
export const perArm = [...perKpi, "arm"];

/** One KPI of an experiment. */
export interface ComparedKpi {
  service: Service;
  experiment: Experiment;
  kpi: ExperimentKpi;
  /** The smallest difference that matters. */
  effect: number;
  /** Of this KPI by itself: the experiment's, divided by how many there are (Bonferroni). */
  level: number;
}

/** Every KPI of every experiment, in the order of monitoring.yaml. */
export const comparedKpis = ({ services }: Pick<Platform, "services">): ComparedKpi[] =>
  services.flatMap((service) =>
    service.experiments.flatMap((experiment) => {
      const own = experimentKpis.filter((kpi) => experiment.kpis[kpi] !== undefined);
      const level = experiment.level.value / own.length;
      return own.map((kpi) => ({ service, experiment, kpi, level, effect: experiment.kpis[kpi]?.value ?? 0 }));
    }),
  );

const arms = ["control", "treatment"] as const;
type Arm = (typeof arms)[number];

const perKpiAndArm = (term: (of: ComparedKpi, arm: Arm) => string): SignalSource => ({
  perPlatform: (platform) =>
    comparedKpis(platform)
      .flatMap((of) =>
        arms.map((arm) =>
          Object.entries({ experiment: of.experiment.name, kpi: of.kpi, arm }).reduce(
            (expr, [label, value]) => `label_replace(${expr}, "${label}", "${value}", "", "")`,
            term(of, arm),
          ),
        ),
      )
      .join("\nor\n"),
});

/** Something that monitoring.yaml says of a KPI, as a series wherever there is one of these. */
export const said = (
  what: Pick<RecordedSignal, "name" | "title" | "description" | "series">,
  beside: string,
  value: (of: ComparedKpi) => number,
): RecordedSignal =>
  signal({
    ...what,
    unit: "ratio",
    labels: perKpi,
    source: {
      perPlatform: (platform) =>
        comparedKpis(platform)
          .map((of) => {
            const { service, experiment, kpi } = of;
            return `0 * ${beside}{service="${service.name}", experiment="${experiment.name}", kpi="${kpi}"} + ${value(of)}`;
          })
          .join("\nor\n"),
    },
  });

/** The rate of a metric over all instances, of one variant. */
function rateOf({ service, experiment }: ComparedKpi, arm: Arm, metric: string, ...matchers: string[]): string {
  const selector = [
    `${instrumentationLabel}="${service.instrumentation.kind}"`,
    `service="${service.name}"`,
    `${experiment.label}="${experiment[arm]}"`,
    ...matchers,
  ];
  const rate = `rate(${metric}{${selector.join(", ")}}[${formatDuration(rateWindow)}])`;
  return `sum by (${identityLabels.join(", ")}) (${rate})`;
}

const journeys = "journey_finished_total";
const ofJourney = ({ experiment }: ComparedKpi): string => `journey=${promqlString(experiment.journey ?? "")}`;

/** What is counted of a KPI: all, and the bad among them. */
function countedOf(of: ComparedKpi, arm: Arm): { all: string; bad: string } {
  const { http } = of.service;
  if (!http) {
    const all = rateOf(of, arm, journeys, ofJourney(of));
    return { all, bad: orNone(rateOf(of, arm, journeys, ofJourney(of), 'outcome!="in_time"'), all) };
  }
  const asked = `${http.routeLabel}!~"${scrapedRoutes}"`;
  if (of.kpi === "failed") {
    const all = rateOf(of, arm, http.requests, asked);
    return {
      all,
      bad: orNone(rateOf(of, arm, http.requests, asked, `${http.statusLabel}=~"${http.serverErrorStatus}"`), all),
    };
  }
  const upTo = (edge: string) => rateOf(of, arm, `${http.histogram}_bucket`, asked, edge);
  const inTime = upTo(`le=~"${edgePattern(of.experiment.within?.value ?? 0)}"`);
  return { all: upTo('le="+Inf"'), bad: `(${upTo('le="+Inf"')} - ${inTime})` };
}

/** None is zero, not absent: the series of what goes wrong is made by its first. */
const orNone = (bad: string, all: string): string => `(${bad} or 0 * ${all})`;

export const armEvents = signal({
  name: "experiment_events",
  title: "Events per second, by variant",
  description: "Requests answered, or journeys finished, by each variant of an experiment, over the last 5 minutes.",
  unit: "events/second",
  labels: perArm,
  series: "experiment_arm:events:rate5m",
  window: rateWindow,
  source: perKpiAndArm((of, arm) => countedOf(of, arm).all),
});

export const armBad = signal({
  name: "experiment_bad_events",
  title: "Bad events per second, by variant",
  description:
    "Of these, the ones that failed (5xx), were slow (longer than `within`) or missed their goal (journeys not completed in time).",
  unit: "events/second",
  labels: perArm,
  series: "experiment_arm:bad_events:rate5m",
  window: rateWindow,
  source: perKpiAndArm((of, arm) => countedOf(of, arm).bad),
});
