import { type Severity, severities } from "../model/conventions.ts";
import type { Alert } from "../model/pack.ts";
import type { ServiceProps, ThresholdChange, ThresholdOverride } from "../model/platform-props.ts";
import { type Duration, formatQuantity } from "../model/quantity.ts";
import { didYouMean } from "./did-you-mean.ts";
import { heldFindings, levelFindings } from "./level-findings.ts";
import type { Draft, PlatformFinding } from "./platform-draft.ts";
import { shown, words } from "./seen.ts";

type At = (string | number)[];

/** Environments that thresholds can be of. Undefined where not all of their names can be read: then nothing is said. */
export interface Where {
  all: readonly string[] | undefined;
  /** Those of the service; of an override for every service, all. */
  runsIn: readonly string[] | undefined;
}

export const known = (names: readonly (string | undefined)[] | undefined): readonly string[] | undefined =>
  names?.every((name) => name !== undefined) ? names : undefined;

export const environmentsOf = ({ scrape, otlp }: Draft<ServiceProps>): readonly string[] | undefined =>
  known(otlp?.environments ?? (scrape?.targets && Object.keys(scrape.targets)));

/** One alert's override, of a service or of all, and where it stands. */
interface Override {
  own: Draft<ThresholdOverride>;
  /** What is written for every service, where this is of one. */
  forAll: Draft<ThresholdOverride> | undefined;
  path: At;
}

interface Subject extends Override {
  alert: Alert;
  evaluation: Duration | undefined;
  where: Where;
}

/** What an override says of single environments. */
export function environmentFindings(subject: Subject): PlatformFinding[] {
  const { alert, own, forAll, evaluation, path, where } = subject;
  const written = Object.entries(own.environments ?? {}).flatMap(([name, there]): PlatformFinding[] => {
    const at = [...path, "environments", name];
    const misplaced = placeFindings(name, at, where);
    if (misplaced.length > 0 || !there) return misplaced;
    // The schema knows true and false.
    if (typeof there !== "object") return [alreadyOn(at, alert)];
    return [
      ...severities.flatMap((severity) => levelFindings(alert, there[severity], [...at, severity])),
      ...heldFindings(there.for, evaluation, [...at, "for"]),
    ];
  });
  if (written.length > 0) return written;
  const names = new Set([...Object.keys(own.environments ?? {}), ...Object.keys(forAll?.environments ?? {})]);
  return [...names]
    .filter((name) => where.runsIn?.includes(name))
    .flatMap((name) => orderFindings(alert, layers(subject, name), name));
}

function placeFindings(name: string, path: At, { all, runsIn }: Where): PlatformFinding[] {
  const common = { path, atKey: true, severity: "error" } as const;
  if (all && !all.includes(name)) {
    const near = didYouMean(name, runsIn ?? all);
    return [
      {
        ...common,
        rule: "config/unknown-environment",
        summary: `There is no environment ${shown(name)}.`,
        detail: `There are: ${words([...all])}.`,
        fix: near !== undefined ? `Did you mean ${near}?` : "Write one of these, or add it to `environments`.",
      },
    ];
  }
  if (!runsIn || runsIn.includes(name)) return [];
  return [
    {
      ...common,
      rule: "config/not-in-environment",
      summary: `This service does not run in ${name}, so this changes nothing.`,
      detail: `It runs in: ${words([...runsIn])}.`,
      fix: "Remove this, or say how the service is reached there.",
    },
  ];
}

const alreadyOn = (path: At, { name }: Alert): PlatformFinding => ({
  path,
  rule: "config/unused-threshold",
  severity: "error",
  summary: `${name} is on in every environment where nothing says otherwise, so \`true\` says nothing.`,
  fix: "Write what is otherwise there, such as `{ critical: … }`, `false` to switch it off, or remove this.",
});

/** What says something of an alert's levels, the first that says one decides. */
interface Layer {
  change: Draft<ThresholdChange>;
  /** Where it stands; undefined where somebody else is told of it. */
  path?: At;
  /** Whether it is of the environment in question alone. */
  isThere?: true;
  /** What a message says of where a value comes from. */
  origin: string;
}

/** From an environment's own to what is written for every service. */
export function layers({ own, forAll, path }: Override, environment?: string): Layer[] {
  const of = (override: Draft<ThresholdOverride> | undefined) =>
    environment === undefined ? undefined : override?.environments?.[environment];
  const [ownThere, allThere] = [of(own), of(forAll)];
  // Where it is off, nothing is compared.
  if (ownThere === false || (allThere === false && ownThere === undefined)) return [];
  return [
    ...(typeof ownThere === "object"
      ? [{ change: ownThere, path: [...path, "environments", environment ?? ""], isThere: true as const, origin: "" }]
      : []),
    { change: own, path, origin: environment === undefined ? "" : " (everywhere)" },
    ...(typeof allThere === "object"
      ? [{ change: allThere, isThere: true as const, origin: ` (for all in ${environment})` }]
      : []),
    ...(forAll ? [{ change: forAll, origin: " (for all)" }] : []),
  ];
}

/** Warning must come before critical, with every default merged. Told once, where a level is written. */
export function orderFindings(alert: Alert, all: readonly Layer[], environment?: string): PlatformFinding[] {
  if (all.length === 0) return [];
  const complete = [...all, { change: alert.levels, origin: " (default)" } as Layer];
  const source = (severity: Severity) => complete.find(({ change }) => change[severity] !== undefined);
  const [ofWarning, ofCritical] = [source("warning"), source("critical")];
  const [warning, critical] = [ofWarning?.change.warning, ofCritical?.change.critical];
  if (!warning || !critical) return [];
  // What is so in every environment is told of all of them.
  if (environment !== undefined && !ofWarning?.isThere && !ofCritical?.isThere) return [];
  const distance = alert.direction === "above" ? critical.value - warning.value : warning.value - critical.value;
  const told = all.find((layer) => layer.path !== undefined && (layer === ofWarning || layer === ofCritical));
  if (distance > 0 || !told?.path) return [];
  const severity: Severity = told === ofWarning ? "warning" : "critical";
  const [higher, lower] = alert.direction === "above" ? ["below", "above"] : ["above", "below"];
  // Nothing is less than nothing, and no share is more than all.
  const hasRoom =
    alert.direction === "above" ? critical.value > 0 : alert.signal.unit !== "ratio" || critical.value < 1;
  const where = environment === undefined ? "" : `In ${environment}, `;
  return [
    {
      path: [...told.path, severity],
      dependsOn: [told.path, ["thresholds", alert.name]],
      rule: "config/threshold-order",
      // The same value for both works: the warning is only never seen.
      severity: distance === 0 ? "warning" : "error",
      summary: `${where}${alert.name} warns ${alert.direction} ${formatQuantity(warning)}${ofWarning?.origin}, but is critical ${alert.direction} ${formatQuantity(critical)}${ofCritical?.origin} already.`,
      detail: `A warning comes first: its threshold must be ${higher} the critical one.`,
      fix: `Set ${hasRoom ? `a \`warning\` ${higher} ${formatQuantity(critical)}, or ` : ""}a \`critical\` ${lower} ${formatQuantity(warning)}.`,
    },
  ];
}
