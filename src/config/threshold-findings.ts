import {
  anomalyPack,
  capacityPack,
  experimentsPack,
  releasesPack,
  type Severity,
  severities,
  sloPack,
} from "../model/conventions.ts";
import type { Exporter } from "../model/exporter.ts";
import { type Alert, exportersOf } from "../model/pack.ts";
import { packsOf } from "../model/platform.ts";
import type { ThresholdOverride } from "../model/platform-props.ts";
import {
  type Duration,
  formatDuration,
  formatQuantity,
  type Quantity,
  quantityExample,
  seconds,
} from "../model/quantity.ts";
import { lacksDetail } from "./detail-findings.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Draft, Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type At = (string | number)[];
type Overrides = Draft<Readonly<Record<string, ThresholdOverride>>> | undefined;
type Switches = Draft<Readonly<Record<string, boolean>>> | undefined;

/** Thresholds and durations of alerts: against each other, and against how often rules are evaluated. */
export function thresholdFindings(props: PlatformDraft, packs: Packs): PlatformFinding[] {
  const alerts = new Map(Object.values(packs).flatMap((pack) => pack.alerts.map((alert) => [alert.name, alert])));
  const exporters = new Map(exportersOf(Object.values(packs)).map((exporter) => [exporter.id, exporter]));
  const evaluation = props.intervals?.evaluation ?? seconds(30);
  const tooSlow = slowEvaluation(props, alerts, evaluation);
  const shared = { alerts, platform: props.thresholds, evaluation: tooSlow.length > 0 ? undefined : evaluation };
  return [
    ...tooSlow,
    ...scopeFindings({ ...shared, own: props.thresholds, switches: [props.features], path: ["thresholds"] }),
    ...(props.services ?? []).flatMap((service, s) => {
      const packs = service?.packs && packsOf({ ...service, packs: service.packs });
      return [
        ...scopeFindings({
          ...shared,
          own: service?.thresholds,
          switches: [service?.features, props.features],
          packs,
          path: ["services", s, "thresholds"],
        }),
        ...Object.keys(service?.features ?? {}).flatMap((name) =>
          alertExists(name, alerts, packs, ["services", s, "features"]),
        ),
        ...Object.keys(service?.thresholds ?? {}).flatMap((name) =>
          service?.otlp && !service.scrape && isScrapedOnly(alerts.get(name), packs)
            ? [needsScrape(["services", s, "thresholds", name])]
            : [
                ...notShown(alerts.get(name), exporters.get(service?.instrumentation?.kind ?? ""), packs, [
                  "services",
                  s,
                  "thresholds",
                  name,
                ]),
                ...lacksDetail(alerts.get(name), service?.instrumentation, packs, ["services", s, "thresholds", name]),
              ],
        ),
        ...Object.entries(service?.features ?? {}).flatMap(([name, isOn]) =>
          isOn === true
            ? lacksDetail(alerts.get(name), service?.instrumentation, packs, ["services", s, "features", name])
            : [],
        ),
      ];
    }),
  ];
}

/** Of a pack that the service does not have, something else is wrong already. */
const isScrapedOnly = (alert: Alert | undefined, packs: readonly (string | undefined)[] | undefined): boolean =>
  alert?.scrapedOnly === true && (packs?.includes(alert.pack) ?? false);

/** An alert on what the exporter of the service does not tell: there is no series for it. */
function notShown(
  alert: Alert | undefined,
  exporter: Exporter | undefined,
  packs: readonly (string | undefined)[] | undefined,
  path: At,
): PlatformFinding[] {
  const fact = alert?.signal.fact;
  if (!alert || !exporter || fact === undefined || fact in exporter.facts || !packs?.includes(alert.pack)) return [];
  return [
    {
      path,
      atKey: true,
      rule: "config/not-shown",
      severity: "error",
      summary: `The alert ${alert.name} is about what the instrumentation ${exporter.id} does not show: "${alert.signal.title}".`,
      detail: "There is no series for it, so it could never fire.",
      fix: "Remove this, or choose an instrumentation that shows it.",
    },
  ];
}

/** The overrides of the platform or of one service, and what they stand against. */
interface Scope {
  alerts: ReadonlyMap<string, Alert>;
  platform: Overrides;
  own: Overrides;
  switches: readonly Switches[];
  packs?: readonly (string | undefined)[];
  /** Undefined where the interval itself is at fault. */
  evaluation: Duration | undefined;
  path: At;
}

function scopeFindings({ alerts, platform, own, switches, packs, evaluation, path }: Scope): PlatformFinding[] {
  return Object.entries(own ?? {}).flatMap(([name, change]) => {
    const alert = alerts.get(name);
    const misplaced = alertExists(name, alerts, packs, path);
    if (!alert || !change || misplaced.length > 0) return misplaced;
    const at = [...path, name];
    if (switches.some((features) => features?.[name] === false)) return [switchedOff(at)];
    // For all it may be written where only some services have switched it on.
    const isWanted = packs === undefined || !alert.optIn || switches.some((features) => features?.[name] === true);
    if (!isWanted) return [switchedOff(at)];
    const levels = severities.flatMap((severity) => levelFindings(alert, change[severity], [...at, severity]));
    return [
      ...levels,
      ...(levels.length > 0 ? [] : orderFindings(alert, change, platform?.[name], at)),
      ...heldFindings(change.for, evaluation, [...at, "for"]),
    ];
  });
}

/** A name that is no alert, or an alert of a pack that the service does not have. */
function alertExists(
  name: string,
  alerts: ReadonlyMap<string, Alert>,
  packs: readonly (string | undefined)[] | undefined,
  path: At,
): PlatformFinding[] {
  const alert = alerts.get(name);
  const common = { path: [...path, name], atKey: true, severity: "error" } as const;
  if (!alert) {
    const near = didYouMean(name, alerts.keys());
    return [
      {
        ...common,
        rule: "config/unknown-alert",
        summary: `There is no alert ${shown(name)}.`,
        detail: `There are: ${words([...alerts.keys()])}.`,
        ...(near !== undefined && { fix: `Did you mean ${near}?` }),
      },
    ];
  }
  if (!packs || packs.includes(undefined) || packs.includes(alert.pack)) return [];
  return [
    {
      ...common,
      rule: "config/alert-not-in-packs",
      summary: `The alert ${name} belongs to the pack ${alert.pack}, which this service does not have.`,
      detail: `The service has: ${words(packs as string[])}.`,
      fix: waysIn[alert.pack] ?? `Add ${alert.pack} to its \`packs\`, or remove this.`,
    },
  ];
}

/** What a service does to have a pack that nobody lists. */
const waysIn: Readonly<Record<string, string>> = {
  [sloPack]: "Give it `slos`, or remove this.",
  [anomalyPack]: "List the signals to watch under `anomalies`, or remove this.",
  [capacityPack]: "List the signals to forecast under `forecasts`, or remove this.",
  [experimentsPack]: "Give it `experiments`, or remove this.",
  [releasesPack]: "Give it `versions`, or remove this.",
};

const needsScrape = (path: At): PlatformFinding => ({
  path,
  atKey: true,
  rule: "config/alert-needs-scrape",
  severity: "error",
  summary: `The alert ${path.at(-1)} is about the scrape, and this service is not scraped: it sends OTLP.`,
  detail: "There is no series for it, so it could never fire.",
  fix: "Remove this.",
});

const switchedOff = (path: At): PlatformFinding => ({
  path,
  atKey: true,
  rule: "config/unused-threshold",
  severity: "warning",
  summary: `The alert ${path.at(-1)} is switched off, so this changes nothing.`,
  fix: "Switch it on in `features`, or remove this.",
});

/** One threshold by itself: its unit, and whether the alert could ever fire, or ever be quiet. */
function levelFindings(alert: Alert, level: Quantity | undefined, path: At): PlatformFinding[] {
  if (!level) return [];
  const { unit } = alert.signal;
  if (level.unit !== unit || !Number.isFinite(level.value) || level.value < 0) {
    return [
      {
        path,
        rule: "config/quantity",
        severity: "error",
        summary: `The threshold is ${level.value} (${level.unit}); ${alert.name} is measured in ${unit}.`,
        detail: `Allowed: ${quantityExample(unit)}.`,
      },
    ];
  }
  const why = impossible(alert, level);
  if (!why) return [];
  const summary = `${alert.name} ${alert.direction} ${formatQuantity(level)} ${why}`;
  return [{ path, rule: "config/threshold-range", severity: "error", summary, fix: "Choose another value." }];
}

function impossible({ direction, signal: { unit } }: Alert, { value }: Quantity): string | undefined {
  if (unit === "ratio" && value > 1) return "makes no sense: a share is at most 100 %.";
  if (unit === "ratio" && value === 1 && direction === "above") return "never fires: a share is at most 100 %.";
  if (value === 0 && direction === "below") return "never fires: nothing is below zero.";
  if (value === 0 && unit === "seconds") return "always fires: every time measured is above zero.";
  return undefined;
}

/** Warning must come before critical, with every default merged. Told once, where a level is written. */
function orderFindings(
  alert: Alert,
  change: Draft<ThresholdOverride>,
  platform: Draft<ThresholdOverride> | undefined,
  path: At,
): PlatformFinding[] {
  const warning = change.warning ?? platform?.warning ?? alert.levels.warning;
  const critical = change.critical ?? platform?.critical ?? alert.levels.critical;
  const written: Severity = change.warning ? "warning" : "critical";
  if (!change[written] || !warning || !critical) return [];
  const distance = alert.direction === "above" ? critical.value - warning.value : warning.value - critical.value;
  if (distance > 0) return [];
  const origin = (severity: Severity) => (change[severity] ? "" : platform?.[severity] ? " (for all)" : " (default)");
  const [higher, lower] = alert.direction === "above" ? ["below", "above"] : ["above", "below"];
  return [
    {
      path: [...path, written],
      dependsOn: [path, ["thresholds", alert.name]],
      rule: "config/threshold-order",
      // The same value for both works: the warning is only never seen.
      severity: distance === 0 ? "warning" : "error",
      summary: `${alert.name} warns ${alert.direction} ${formatQuantity(warning)}${origin("warning")}, but is critical ${alert.direction} ${formatQuantity(critical)}${origin("critical")} already.`,
      detail: `A warning comes first: its threshold must be ${higher} the critical one.`,
      fix: `Set a \`warning\` ${higher} ${formatQuantity(critical)}, or a \`critical\` ${lower} ${formatQuantity(warning)}.`,
    },
  ];
}

function heldFindings(held: Duration | undefined, evaluation: Duration | undefined, path: At): PlatformFinding[] {
  if (!held || !evaluation || held.value >= evaluation.value) return [];
  const interval = formatDuration(evaluation);
  return [
    {
      path,
      dependsOn: [path, ["intervals", "evaluation"]],
      rule: "config/for-too-short",
      severity: "error",
      summary: `\`for\` is ${formatDuration(held)}, but rules are evaluated only every ${interval}.`,
      detail: "A single odd reading would fire the alert: nothing is seen between two evaluations.",
      fix: `Choose ${interval} or more, or a shorter \`intervals.evaluation\`.`,
    },
  ];
}

/** An evaluation interval that is longer than what a pack's alert waits; then the interval is at fault. */
function slowEvaluation(
  { intervals, services, thresholds, features }: PlatformDraft,
  alerts: ReadonlyMap<string, Alert>,
  evaluation: Duration,
): PlatformFinding[] {
  if (!intervals?.evaluation) return [];
  const used = new Set(services?.flatMap((service) => service?.packs ?? []));
  const [shortest] = [...alerts.values()]
    .filter(({ name, pack }) => used.has(pack) && features?.[name] !== false && !thresholds?.[name]?.for)
    .sort((a, b) => a.for.value - b.for.value);
  if (!shortest || shortest.for.value >= evaluation.value) return [];
  return [
    {
      path: ["intervals", "evaluation"],
      rule: "config/evaluation-interval",
      severity: "error",
      summary: `Rules are evaluated every ${formatDuration(evaluation)}, but ${shortest.name} waits only ${formatDuration(shortest.for)}.`,
      detail: "An alert that must hold for less than the interval fires on a single reading.",
      fix: `Choose ${formatDuration(shortest.for)} or less; 30s is the default.`,
    },
  ];
}
