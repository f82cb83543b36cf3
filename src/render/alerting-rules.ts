import { type Severity, severities } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import { issuesLink, logsLink, runbookLink } from "../model/links.ts";
import { dashboardLink } from "../model/own-dashboards.ts";
import type { Alert } from "../model/pack.ts";
import { canFire, type Platform, type Service, shows } from "../model/platform.ts";
import { anyOf } from "../model/promql.ts";
import { formatDuration, formatThreshold } from "../model/quantity.ts";
import { priorityText } from "./priority-text.ts";
import { speaksOf, type ThresholdGroup, thresholdGroups } from "./threshold-groups.ts";

/** A rule as Prometheus' and Loki's rulers read it. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** `> 2` and the matchers, as text, that choose the services it is meant for, with the names of these. */
export type Comparison = { matchers: string[]; compare: string; services: readonly string[] };

/**
 * One rule per severity and distinct threshold, not per service: services on the default share a rule, so that the
 * number stays readable in it and ten thousand services cost no more rules than one.
 *
 * @param expression writes the comparison in the language of the alert's signal
 * @param longestBytes of an expression that is still taken; one that names too many services becomes several
 */
export function alertingRules(
  alert: Alert,
  platform: Platform,
  expression: (comparison: Comparison) => string,
  longestBytes = Number.POSITIVE_INFINITY,
): Rule[] {
  const showing = showingPack(alert.pack, platform);
  return severities.flatMap((severity) => {
    const groups = thresholdGroups(alert, severity, platform);
    const onDefault = new Set(groups.flatMap(({ isDefault, services }) => (isDefault ? services : [])));
    // Excluded is who is not on the default, also services without the alert or the pack: they have the signal too.
    const others = () =>
      showing.filter((one) => !onDefault.has(one.name) && canFire(alert, one)).map(({ name }) => name);
    const rulesFor = (group: ThresholdGroup, names: string[], mode: "include" | "exclude"): Rule[] => {
      const { environments } = group;
      const matchers = [
        anyOf("service", names.sort(compareText), mode),
        anyOf("environment", environments?.names ?? [], environments?.mode),
      ];
      const compare = `${alert.direction === "above" ? ">" : "<"} ${group.threshold.value}`;
      const chosen = matchers.filter((matcher) => matcher !== "");
      const expr = expression({ matchers: chosen, compare, services: group.services });
      const isTooLong = Buffer.byteLength(expr) > longestBytes;
      if (isTooLong && mode === "exclude") return rulesOfNamed(group);
      if (isTooLong && names.length > 1) {
        const middle = Math.ceil(names.length / 2);
        return [names.slice(0, middle), names.slice(middle)].flatMap((services) =>
          rulesOfNamed({ ...group, services }),
        );
      }
      return [{ alert: alert.name, expr, ...describe(alert, severity, group, platform) }];
    };
    const rulesOfNamed = (group: ThresholdGroup) => rulesFor(group, group.services, "include");
    return groups.flatMap((group) => (group.isDefault ? rulesFor(group, others(), "exclude") : rulesOfNamed(group)));
  });
}

/** Every alert asks for these: with ten thousand services they are looked for once. */
const showing = new WeakMap<Platform, ReadonlyMap<string, readonly Service[]>>();

function showingPack(pack: string, platform: Platform): readonly Service[] {
  const known = showing.get(platform) ?? servicesByPack(platform);
  showing.set(platform, known);
  return known.get(pack) ?? [];
}

const servicesByPack = ({ packs, services }: Platform) =>
  new Map(packs.map((pack) => [pack.name, services.filter((service) => shows(pack, service))]));

/** All that is said of an alert, in whichever language it is asked for: what it is called, to whom it goes and why. */
function describe(alert: Alert, severity: Severity, group: ThresholdGroup, platform: Platform) {
  const services = new Set(group.services);
  const issues = issuesLink(alert, platform, services);
  const isTold = alert.cause && platform.services.some((one) => services.has(one.name) && alert.cause?.isToldOf(one));
  const held = formatDuration(group.for);
  return {
    for: held,
    labels: { severity, pack: alert.pack },
    annotations: {
      summary: alert.summary,
      description: alert.impact,
      ...(isTold && { cause: alert.cause?.text }),
      priority: priorityText(severity, group.services, platform),
      value: valueTemplates[group.threshold.unit],
      threshold: `${alert.direction} ${formatThreshold(group.threshold)} for ${held}`,
      ...(platform.featureOn("dashboards") && {
        dashboard_url: dashboardLink(alert, platform, services, (name) => speaksOf(group, name)),
      }),
      ...(issues !== undefined && { issues_url: issues }),
      ...(platform.featureOn("logging") && { logs_url: logsLink(platform) }),
      runbook_url: runbookLink(alert, platform),
    },
  };
}

const valueTemplates = {
  seconds: "{{ $value | humanizeDuration }}",
  ratio: "{{ $value | humanizePercentage }}",
  "requests/second": "{{ $value | humanize }}/s",
  "lines/second": "{{ $value | humanize }}/s",
  "events/second": "{{ $value | humanize }}/s",
  bytes: "{{ $value | humanize1024 }}B",
  count: "{{ $value | humanize }}",
  times: "{{ $value | humanize }}x",
  // `humanize` would make 250m of 0.25.
  score: '{{ $value | printf "%.3f" }}',
};
