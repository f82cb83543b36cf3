import { anomalyPack, capacityPack, experimentsPack, releasesPack, severities, sloPack } from "../model/conventions.ts";
import type { Exporter } from "../model/exporter.ts";
import { type Alert, exportersOf } from "../model/pack.ts";
import { packsOf } from "../model/platform.ts";
import type { ThresholdOverride } from "../model/platform-props.ts";
import { type Duration, formatDuration, seconds } from "../model/quantity.ts";
import { lacksDetail } from "./detail-findings.ts";
import { didYouMean } from "./did-you-mean.ts";
import {
  environmentFindings,
  environmentsOf,
  known,
  layers,
  orderFindings,
  type Where,
} from "./environment-findings.ts";
import { heldFindings, levelFindings } from "./level-findings.ts";
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
  const all = known(props.environments?.map((environment) => environment?.name));
  const tooSlow = slowEvaluation(props, alerts, evaluation);
  const shared = { alerts, platform: props.thresholds, evaluation: tooSlow.length > 0 ? undefined : evaluation };
  return [
    ...tooSlow,
    ...scopeFindings({
      ...shared,
      platform: undefined,
      own: props.thresholds,
      switches: [props.features],
      path: ["thresholds"],
      where: { all, runsIn: all },
    }),
    ...(props.services ?? []).flatMap((service, s) => {
      const packs = service?.packs && packsOf({ ...service, packs: service.packs });
      return [
        ...scopeFindings({
          ...shared,
          own: service?.thresholds,
          switches: [service?.features, props.features],
          packs,
          path: ["services", s, "thresholds"],
          where: { all, runsIn: service && environmentsOf(service) },
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
  where: Where;
}

function scopeFindings(scope: Scope): PlatformFinding[] {
  const { alerts, platform, own, switches, packs, evaluation, path, where } = scope;
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
      ...(levels.length > 0 ? [] : orderFindings(alert, layers({ own: change, forAll: platform?.[name], path: at }))),
      ...heldFindings(change.for, evaluation, [...at, "for"]),
      ...environmentFindings({ alert, own: change, forAll: platform?.[name], evaluation, path: at, where }),
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
        fix: near !== undefined ? `Did you mean ${near}?` : "Write one of these, or remove it.",
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
