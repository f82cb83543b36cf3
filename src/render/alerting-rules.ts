import { type Severity, severities } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import { dashboardLink, issuesLink, logsLink, runbookLink } from "../model/links.ts";
import type { Alert } from "../model/pack.ts";
import { type AlertPromise, canFire, isOn, type Platform, type Service, shows } from "../model/platform.ts";
import { anyOf } from "../model/promql.ts";
import { type Duration, formatDuration, formatQuantity, type Quantity } from "../model/quantity.ts";

/** A rule as Prometheus' and Loki's rulers read it. */
export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** `> 2` and the matchers, as text, that choose the services it is meant for. */
export type Comparison = { matchers: string[]; compare: string };

/**
 * One rule per severity and distinct threshold, not per service: services on the default share a rule, so that the
 * number stays readable in it and ten thousand services cost no more rules than one.
 *
 * @param expression writes the comparison in the language of the alert's signal
 */
export function alertingRules(alert: Alert, platform: Platform, expression: (comparison: Comparison) => string) {
  const showing = once(servicesShowing, platform, servicesByPack).get(alert.pack) ?? [];
  return severities.flatMap((severity) =>
    thresholdGroups(alert, severity, platform).map((group): Rule => {
      // Excluded is who is not on the default, also services without the alert or the pack: they have the signal too.
      const others = () => showing.filter((one) => !group.services.has(one.name) && canFire(alert, one));
      const names = group.isDefault ? others().map(({ name }) => name) : [...group.services];
      const matcher = anyOf("service", names.sort(compareText), group.isDefault ? "exclude" : "include");
      const compare = `${alert.direction === "above" ? ">" : "<"} ${group.threshold.value}`;
      const expr = expression({ matchers: matcher ? [matcher] : [], compare });
      return { alert: alert.name, expr, ...describe(alert, severity, group, platform) };
    }),
  );
}

interface ThresholdGroup {
  isDefault: boolean;
  threshold: Quantity;
  for: Duration;
  /** Their names. */
  services: Set<string>;
}

/**
 * Services with the same threshold and duration of an alert's severity: the group on the default first, then by value.
 */
function thresholdGroups(alert: Alert, severity: Severity, platform: Platform): ThresholdGroup[] {
  // What most services do not have is told of those that have it.
  const common = isOn(alert, platform.features) ? platform.defaults.get(alert.name) : undefined;
  const groups = new Map<string, ThresholdGroup>();
  for (const { name, promise } of once(promised, platform, promisesByAlert).get(alert.name) ?? []) {
    const threshold = promise.levels[severity];
    if (!threshold) continue;
    const isDefault = threshold.value === common?.levels[severity]?.value && promise.for.value === common?.for.value;
    const key = isDefault ? "default" : `${threshold.value} ${promise.for.value}`;
    const group = groups.get(key) ?? { isDefault, threshold, for: promise.for, services: new Set() };
    group.services.add(name);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      Number(b.isDefault) - Number(a.isDefault) || a.threshold.value - b.threshold.value || a.for.value - b.for.value,
  );
}

/** What a service of that name promises of an alert. */
interface Promised {
  name: string;
  promise: AlertPromise;
}

/** Every alert asks for these: with ten thousand services they are looked for once. */
const promised = new WeakMap<Platform, ReadonlyMap<string, readonly Promised[]>>();
const servicesShowing = new WeakMap<Platform, ReadonlyMap<string, readonly Service[]>>();

function once<T>(known: WeakMap<Platform, T>, platform: Platform, find: (platform: Platform) => T): T {
  const found = known.get(platform) ?? find(platform);
  known.set(platform, found);
  return found;
}

function promisesByAlert({ services }: Platform) {
  const all = new Map<string, Promised[]>();
  for (const { name, promises } of services) {
    for (const [alert, promise] of promises) {
      const others = all.get(alert);
      if (others) others.push({ name, promise });
      else all.set(alert, [{ name, promise }]);
    }
  }
  return all;
}

const servicesByPack = ({ packs, services }: Platform) =>
  new Map(packs.map((pack) => [pack.name, services.filter((service) => shows(pack, service))]));

/** All that is said of an alert, in whichever language it is asked for: what it is called, to whom it goes and why. */
function describe(alert: Alert, severity: Severity, group: ThresholdGroup, platform: Platform) {
  const issues = issuesLink(alert, platform, group.services);
  const isTold = platform.services.some((one) => group.services.has(one.name) && alert.cause?.isToldOf(one));
  const held = formatDuration(group.for);
  return {
    for: held,
    labels: { severity, pack: alert.pack },
    annotations: {
      summary: alert.summary,
      description: alert.impact,
      ...(isTold && { cause: alert.cause?.text }),
      value: valueTemplates[group.threshold.unit],
      threshold: `${alert.direction} ${formatQuantity(group.threshold)} for ${held}`,
      dashboard_url: dashboardLink(alert, platform, group.services),
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
