import {
  anomalyPack,
  type Criticality,
  criticalities,
  identityLabels,
  instrumentationLabel,
  type Severity,
} from "../src/model/conventions.ts";
import { isDerived, isLogSignal, placeLabels, signal } from "../src/model/pack.ts";
import type { Platform } from "../src/model/platform.ts";
import { allPromises } from "../src/model/promises.ts";
import { anyOf } from "../src/model/promql.ts";

/**
 * What one alert that fires costs its service, of 100 points: a critical one takes it below half, four different
 * warnings weigh as much as one of them.
 */
export const pointsLost: Readonly<Record<Severity, number>> = { critical: 60, warning: 15 };

/** How much a service counts in the platform's score: each step twice as much as the one below. */
export const weights: Readonly<Record<Criticality, number>> = { low: 1, medium: 2, high: 4, critical: 8 };

const weightsText = criticalities
  .map((level) => `${level} ${weights[level]}`)
  .reverse()
  .join(", ");

/** Criticality of a service that says nothing: rules name none of these, so that ten thousand cost as much as one. */
const usual: Criticality = "medium";

const identity = identityLabels.join(", ");
const sameAlert = `environment, service, alertname`;

const firing = (...matchers: string[]): string => `ALERTS{${['alertstate="firing"', ...matchers].join(", ")}}`;

/**
 * Series that have a value whenever anything is known of a service, also when it is down: whether its targets answer, and,
 * of what is sent, the signals of alerts that tell the fewest series apart.
 */
function signsOfLife({ packs, services }: Platform): string[] {
  const series = packs
    .filter((pack) => !isDerived(pack))
    .flatMap(({ name, alerts }) => {
      const answers = alerts.filter(({ scrapedOnly, explainsOthers }) => scrapedOnly && explainsOthers);
      const isSent = services.some(({ packs, otlp }) => otlp && packs.includes(name));
      const asked = answers.length > 0 && !isSent ? [] : alerts.filter(({ scrapedOnly }) => !scrapedOnly);
      const fewest = Math.min(...asked.map(({ signal }) => signal.labels.length));
      const sent = asked.filter(({ signal }) => signal.labels.length === fewest);
      return [...answers, ...sent].flatMap(({ signal }) => (isLogSignal(signal) ? [] : signal.series));
    });
  return [...new Set(series)];
}

export const known = signal({
  name: "health_known",
  title: "Services of which something is known",
  description: "1 for each service whose metrics arrive. One that is not here is not well: nobody knows how it is.",
  unit: "count",
  labels: [...identityLabels],
  series: "service:known:group",
  source: {
    perPlatform: (platform) =>
      signsOfLife(platform)
        .map((series) => `group by (${identity}) (${series})`)
        .join("\nor\n") || "vector(0) > 0",
  },
});

/**
 * Lesser forms of another alert that fires in the same place, which are held back in messages too. What is held back
 * because its target is down is not among them: a service that is down and fails where it is not is worse off.
 */
function lesserForms({ packs, services }: Platform): string {
  // An alert that is off, or that no objective can reach, is not there to fire.
  const promised = new Set(services.flatMap(allPromises).map(({ alert }) => alert.name));
  const parts = packs
    .flatMap((pack) => pack.alerts)
    .flatMap(({ name, explains = [], signal }) => {
      const lesser = explains.filter((one) => promised.has(one));
      if (!promised.has(name) || lesser.length === 0) return [];
      const place = placeLabels(signal).join(", ");
      return `${firing(anyOf("alertname", lesser))} and on (${place}) ${firing(`alertname="${name}"`)}`;
    });
  return parts.length === 0 ? "" : `\nunless (\n  ${parts.join("\n  or\n  ")}\n)`;
}

export const openAlerts = signal({
  name: "health_open_alerts",
  title: "Alerts that fire, by service",
  description:
    "1 for each alert that fires, in however many places of the service. Of alerts that are lesser forms of each other only the gravest is there.",
  unit: "count",
  labels: [...identityLabels, "alertname", "pack", "severity"],
  series: "service:alerts_open:group",
  source: {
    // Alerts of other people's rules have no pack; what is only unusual is not wrong.
    perPlatform: (platform) =>
      `group by (${identity}, alertname, pack, severity) (\n${firing('pack!=""', `pack!="${anomalyPack}"`)}${lesserForms(platform)}\n)`,
  },
});

const openOf = (severity: Severity): string => `${openAlerts.series}{severity="${severity}"}`;

export const lost = signal({
  name: "health_points_lost",
  title: "Points lost, by alert",
  description: `What each alert that fires costs its service, of 100: critical ${pointsLost.critical}, warning ${pointsLost.warning}. One that fires as both, or for several routes, costs once.`,
  unit: "count",
  labels: [...identityLabels, "alertname", "pack", "severity"],
  series: "service:health_points_lost:alerts",
  source: {
    once: `${pointsLost.critical} * ${openOf("critical")}\nor\n${pointsLost.warning} * (${openOf("warning")} unless on (${sameAlert}) ${openOf("critical")})`,
  },
});

const none = (severity: Severity): string => `label_replace(0 * ${known.series}, "severity", "${severity}", "", "")`;

export const openCount = signal({
  name: "health_alerts_open",
  title: "Open alerts, by severity",
  description:
    "How many different alerts fire. Which, say the points lost; one that fires as both severities is critical.",
  unit: "count",
  labels: [...identityLabels, "severity"],
  series: "service:alerts_open:count",
  source: {
    once: `count by (${identity}, severity) (${lost.series})\nor\n${none("critical")}\nor\n${none("warning")}`,
  },
});

export const serviceHealth = signal({
  name: "health_score",
  title: "Health of services",
  description: `100 where no alert fires, less what each costs that does: critical ${pointsLost.critical}, warning ${pointsLost.warning}, down to 0. Nothing where nothing is known of a service.`,
  unit: "count",
  labels: [...identityLabels],
  series: "service:health_score:percent",
  source: { once: `clamp_min(100 - sum by (${identity}) (${lost.series}), 0)\nor\n100 * ${known.series}` },
});

export const weight = signal({
  name: "health_weight",
  title: "What services count in the platform's health",
  description: `By criticality: ${weightsText}.`,
  unit: "count",
  labels: [...identityLabels],
  series: "service:health_weight:criticality",
  source: {
    perPlatform: ({ services }) =>
      criticalities
        .flatMap((level) => {
          const names = services.filter(({ criticality }) => criticality === level).map(({ name }) => name);
          if (level === usual || names.length === 0) return [];
          return `${weights[level]} * group by (${identity}) (${serviceHealth.series}{${anyOf("service", names.sort())}})`;
        })
        .concat(`${weights[usual]} * group by (${identity}) (${serviceHealth.series})`)
        .join("\nor\n"),
  },
});

export const platformHealth = signal({
  name: "platform_health_score",
  title: "Health of the platform",
  description: `The mean of its services' health, each counted by its criticality (${weightsText}), one value for each environment.`,
  unit: "count",
  labels: ["environment"],
  series: "platform:health_score:percent",
  source: {
    once: `sum by (environment) (${serviceHealth.series} * on (${identity}) ${weight.series})\n/\nsum by (environment) (${weight.series})`,
  },
});

/** Where all is sent, nothing is asked for: then it is 0 for everyone. */
export const targets = signal({
  name: "health_targets",
  title: "Targets that answer, by service",
  description:
    "How many answered the last scrape: a step is a target that came, went or fell silent. 0 for a service that sends its metrics.",
  unit: "count",
  labels: [...identityLabels],
  series: "service:targets_answering:count",
  source: {
    perPlatform: ({ services }) =>
      [
        ...(services.some(({ scrape }) => scrape) ? [`sum by (${identity}) (up{${instrumentationLabel}!=""})`] : []),
        `0 * ${known.series}`,
      ].join("\nor\n"),
  },
});
