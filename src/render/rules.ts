import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentations } from "../model/instrumentation.ts";
import { type Alert, exportersOf, isLogSignal, isOfScrape, type Pack, type RecordedSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import { alertingRules, type Rule } from "./alerting-rules.ts";

/**
 * Prometheus' rules: one file per pack that has signals of metrics. Each is one group: recording rules first, then
 * the alerts that read them, so that all of an evaluation see the same instant. Signals that are recorded less often have
 * a group of their own for each interval; what others read is recorded at least as often. What is derived has groups
 * before that.
 */
export function renderRules(platform: Platform): Artifact[] {
  const kindsOf = (services: readonly Service[]) => new Set<string>(services.map((one) => one.instrumentation.kind));
  const kinds = kindsOf(platform.services);
  const scraped = kindsOf(platform.services.filter(({ scrape }) => scrape));
  return platform.packs.flatMap((pack) => {
    const { interval = platform.intervals.evaluation, groups: earlier } = pack.derived ?? {};
    const recorded = pack.signals.filter((signal): signal is RecordedSignal => !isLogSignal(signal));
    const everyOf = ({ every = interval }: RecordedSignal) => Math.max(every.value, interval.value);
    const rulesEvery = (every: number) =>
      recorded
        .filter((one) => everyOf(one) === every)
        .flatMap((one) => recordingRules(one, pack, platform, isOfScrape(one, pack) ? scraped : kinds));
    const rarer = [...new Set(recorded.map(everyOf))].filter((one) => one > interval.value).sort((a, b) => a - b);
    const alerts = pack.alerts.flatMap((alert) => promqlRules(alert, platform));
    const own = [
      ...rarer.map((one) => ({
        name: `${pack.name}-${formatDuration(seconds(one))}`,
        interval: seconds(one),
        rules: rulesEvery(one),
      })),
      { name: pack.name, interval, rules: [...rulesEvery(interval.value), ...alerts] },
    ].filter(({ rules }) => rules.length > 0);
    const all = [...(earlier?.(platform) ?? []), ...own];
    if (all.length === 0) return [];
    return yamlArtifact(`prometheus/rules/${pack.name}.yml`, {
      groups: all.map((group) => ({
        ...group,
        interval: formatDuration(group.interval),
      })),
    });
  });
}

/** Those that a drill evaluates: what only reads how alerts turned out is left out, for it cannot change that. */
export const renderDrilledRules = (platform: Platform): Artifact[] =>
  renderRules({ ...platform, packs: platform.packs.filter(({ derived }) => derived?.feature === undefined) });

/**
 * One rule per series: whatever instrumentation a service has, a signal of it is recorded once; not at all where none of
 * those in use, the `kinds`, shows it.
 */
function recordingRules(
  { series, source, fact }: RecordedSignal,
  pack: Pack,
  platform: Platform,
  kinds: ReadonlySet<string>,
): Rule[] {
  if (source === "groups") return [];
  if ("once" in source) return [{ record: series, expr: source.once }];
  if ("perPlatform" in source) return [{ record: series, expr: source.perPlatform(platform) }];
  const inUse = <T extends { id: string }>(all: readonly T[]) => all.filter(({ id }) => kinds.has(id));
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
