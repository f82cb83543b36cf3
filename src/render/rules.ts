import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { type Severity, severities } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import { instrumentations } from "../model/instrumentation.ts";
import { dashboardLink, logsLink, runbookLink } from "../model/links.ts";
import type { Alert, Signal } from "../model/pack.ts";
import { type AlertPromise, canFire, type Platform } from "../model/platform.ts";
import { anyOf } from "../model/promql.ts";
import { type Duration, formatDuration, formatQuantity, type Quantity } from "../model/quantity.ts";

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/**
 * One rule file per pack. Each is one group: recording rules first, then the alerts that read them, so that all
 * of an evaluation see the same instant.
 */
export function renderRules(platform: Platform): Artifact[] {
  return platform.packs.map((pack) =>
    yamlArtifact(`prometheus/rules/${pack.name}.yml`, {
      groups: [
        {
          name: pack.name,
          interval: formatDuration(platform.intervals.evaluation),
          rules: [
            ...pack.signals.map((signal) => recordingRule(signal, platform)),
            ...pack.alerts.flatMap((alert) => alertingRules(alert, platform)),
          ],
        },
      ],
    }),
  );
}

/** One rule per series: whatever instrumentation a service has, a signal of it is recorded once. */
function recordingRule({ series, source }: Signal, platform: Platform): Rule {
  if ("once" in source) return { record: series, expr: source.once };
  const inUse = Object.values(instrumentations).filter(({ id }) =>
    platform.services.some(({ http }) => http.id === id),
  );
  return { record: series, expr: inUse.map((http) => source.perInstrumentation(http)).join("\nor\n") };
}

/**
 * One rule per severity and distinct threshold, not per service: services on the default share a rule, so that the
 * number stays readable in it and ten thousand services cost no more rules than one.
 */
function alertingRules(alert: Alert, platform: Platform): Rule[] {
  const recorded = platform.services.filter((service) => canFire(alert, service)).map(({ name }) => name);
  return severities.flatMap((severity) =>
    thresholdGroups(alert, severity, platform).map((group) => {
      const members = new Set(group.services);
      // Excluded is who is not on the default, also services without the alert or the pack: they record it too.
      const selector = group.isDefault
        ? anyOf("service", recorded.filter((name) => !members.has(name)).sort(compareText), "exclude")
        : anyOf("service", group.services);
      return alertingRule(alert, severity, group, selector, platform);
    }),
  );
}

interface ThresholdGroup {
  isDefault: boolean;
  threshold: Quantity;
  for: Duration;
  services: string[];
}

/**
 * Services with the same threshold and duration of an alert's severity, sorted by name: the group on the default
 * first, then by value.
 */
function thresholdGroups(alert: Alert, severity: Severity, platform: Platform): ThresholdGroup[] {
  const common = platform.defaults.get(alert.name);
  const groups = new Map<string, ThresholdGroup>();
  for (const { name, promises } of platform.services) {
    const promise: AlertPromise | undefined = promises.get(alert.name);
    const threshold = promise?.levels[severity];
    if (!promise || !threshold) continue;
    const isDefault = threshold.value === common?.levels[severity]?.value && promise.for.value === common.for.value;
    const key = `${threshold.value} ${promise.for.value}`;
    const group = groups.get(key) ?? { isDefault, threshold, for: promise.for, services: [] };
    group.services.push(name);
    groups.set(key, group);
  }
  for (const { services } of groups.values()) services.sort(compareText);
  return [...groups.values()].sort(
    (a, b) =>
      Number(b.isDefault) - Number(a.isDefault) || a.threshold.value - b.threshold.value || a.for.value - b.for.value,
  );
}

function alertingRule(
  alert: Alert,
  severity: Severity,
  group: ThresholdGroup,
  selector: string,
  platform: Platform,
): Rule {
  const compare = alert.direction === "above" ? ">" : "<";
  const threshold = formatQuantity(group.threshold);
  const held = formatDuration(group.for);
  return {
    alert: alert.name,
    expr: `${alert.signal.series}${selector} ${compare} ${group.threshold.value}${guardClause(alert)}`,
    for: held,
    labels: { severity, pack: alert.pack },
    annotations: {
      summary: alert.summary,
      description: alert.impact,
      value: valueTemplate(group.threshold),
      threshold: `${alert.direction} ${threshold} for ${held}`,
      dashboard_url: dashboardLink(alert, platform, new Set(group.services)),
      ...(platform.featureOn("logging") && { logs_url: logsLink(platform) }),
      runbook_url: runbookLink(alert, platform),
    },
  };
}

function guardClause({ guard, signal }: Alert): string {
  if (!guard) return "";
  const shared = signal.labels.filter((label) => guard.signal.labels.includes(label));
  return ` and on (${shared.join(", ")}) ${guard.signal.series} > ${guard.above.value}`;
}

const valueTemplates = {
  seconds: "{{ $value | humanizeDuration }}",
  ratio: "{{ $value | humanizePercentage }}",
  "requests/second": "{{ $value | humanize }}/s",
  count: "{{ $value | humanize }}",
};

const valueTemplate = ({ unit }: Quantity): string => valueTemplates[unit];
