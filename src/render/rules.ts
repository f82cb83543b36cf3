import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentations } from "../model/instrumentation.ts";
import { type Alert, exportersOf, isLogSignal, type Pack, type RecordedSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";
import { alertingRules, type Rule } from "./alerting-rules.ts";

/**
 * Prometheus' rules: one file per pack that has signals of metrics. Each is one group: recording rules first, then
 * the alerts that read them, so that all of an evaluation see the same instant.
 */
export function renderRules(platform: Platform): Artifact[] {
  return platform.packs.flatMap((pack) => {
    const rules = [
      ...pack.signals.flatMap((signal) => (isLogSignal(signal) ? [] : recordingRules(signal, pack, platform))),
      ...pack.alerts.flatMap((alert) => promqlRules(alert, platform)),
    ];
    if (rules.length === 0) return [];
    return yamlArtifact(`prometheus/rules/${pack.name}.yml`, {
      groups: [{ name: pack.name, interval: formatDuration(platform.intervals.evaluation), rules }],
    });
  });
}

/**
 * One rule per series: whatever instrumentation a service has, a signal of it is recorded once. None where it is told
 * for each exporter, and no exporter in use shows it.
 */
function recordingRules({ series, source, fact }: RecordedSignal, pack: Pack, { services }: Platform): Rule[] {
  if ("once" in source) return [{ record: series, expr: source.once }];
  const inUse = <T extends { id: string }>(all: readonly T[]) =>
    all.filter(({ id }) => services.some(({ instrumentation }) => instrumentation.kind === id));
  const variants =
    "perExporter" in source
      ? inUse(exportersOf([pack]))
          .filter(({ facts }) => fact === undefined || fact in facts)
          .map(source.perExporter)
      : inUse(Object.values(instrumentations)).map(source.perInstrumentation);
  return variants.length === 0 ? [] : [{ record: series, expr: [...new Set(variants)].join("\nor\n") }];
}

function promqlRules(alert: Alert, platform: Platform): Rule[] {
  const { signal, guard } = alert;
  if (isLogSignal(signal)) return [];
  return alertingRules(alert, platform, ({ matchers, compare }) => {
    const selector = matchers.length > 0 ? `{${matchers.join(", ")}}` : "";
    return `${signal.series}${selector} ${compare}${guardClause(signal, guard)}`;
  });
}

function guardClause({ labels }: RecordedSignal, guard: Alert["guard"]): string {
  if (!guard) return "";
  const shared = labels.filter((label) => guard.signal.labels.includes(label));
  return ` and on (${shared.join(", ")}) ${guard.signal.series} > ${guard.above.value}`;
}
