import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentations } from "../model/instrumentation.ts";
import { type Alert, exportersOf, isLogSignal, type Pack, type RecordedSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";
import { alertingRules, type Rule } from "./alerting-rules.ts";

/**
 * Prometheus' rules: one file per pack that has signals of metrics. Each is one group: recording rules first, then
 * the alerts that read them, so that all of an evaluation see the same instant. What is derived has groups before that.
 */
export function renderRules(platform: Platform): Artifact[] {
  return platform.packs.flatMap((pack) => {
    const rules = [
      ...pack.signals.flatMap((signal) =>
        isLogSignal(signal) || signal.source === "groups" ? [] : [recordingRule(signal, pack, platform)],
      ),
      ...pack.alerts.flatMap((alert) => promqlRules(alert, platform)),
    ];
    if (rules.length === 0) return [];
    const { interval = platform.intervals.evaluation, groups: earlier } = pack.derived ?? {};
    const groups = [...(earlier?.(platform) ?? []), { name: pack.name, interval, rules }];
    return yamlArtifact(`prometheus/rules/${pack.name}.yml`, {
      groups: groups.map((group) => ({ ...group, interval: formatDuration(group.interval) })),
    });
  });
}

/** One rule per series: whatever instrumentation a service has, a signal of it is recorded once. */
function recordingRule({ series, source }: RecordedSignal, pack: Pack, { services }: Platform): Rule {
  if (source === "groups") throw new Error(`${series} is recorded by a group of the pack ${pack.name}`);
  if ("once" in source) return { record: series, expr: source.once };
  const inUse = <T extends { id: string }>(all: readonly T[]) =>
    all.filter(({ id }) => services.some(({ instrumentation }) => instrumentation.kind === id));
  const variants =
    "perExporter" in source
      ? inUse(exportersOf([pack])).map(source.perExporter)
      : inUse(Object.values(instrumentations)).map(source.perInstrumentation);
  return { record: series, expr: [...new Set(variants)].join("\nor\n") };
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
