import type { Severity } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import type { Alert } from "../model/pack.ts";
import { isOn, type Platform, type Service } from "../model/platform.ts";
import { defaultsIn, type Promised, variantIn, variantsOf } from "../model/promises.ts";
import type { Duration, Quantity } from "../model/quantity.ts";

/** Services with the same threshold and duration of an alert's severity, where one rule can speak of them all. */
export interface ThresholdGroup {
  /** Those that keep to what holds for all of the platform. */
  isDefault: boolean;
  threshold: Quantity;
  for: Duration;
  services: string[];
  /** Of these environments only, or of all but these. @default - of all */
  environments?: { names: readonly string[]; mode: "include" | "exclude" };
}

/** Whether a group speaks of an environment. */
export const speaksOf = ({ environments }: Pick<ThresholdGroup, "environments">, name: string): boolean =>
  environments === undefined || environments.names.includes(name) === (environments.mode === "include");

/** The groups of an alert's severity: those on the default first, then by value. */
export function thresholdGroups(alert: Alert, severity: Severity, platform: Platform): ThresholdGroup[] {
  const groups = new Map<string, ThresholdGroup>();
  const add = (name: string, promise: Promised, part: Pick<ThresholdGroup, "isDefault" | "environments">) => {
    const threshold = promise.levels[severity];
    if (!threshold) return;
    const key = JSON.stringify([part, threshold.value, promise.for.value]);
    const group = groups.get(key) ?? { ...part, threshold, for: promise.for, services: [] };
    if (group.services.at(-1) !== name) group.services.push(name);
    groups.set(key, group);
  };
  const common = commonParts(alert, severity, platform);
  for (const service of promising(alert, platform)) {
    const isDefault = service.environments.every((environment) => {
      const promise = variantIn(service, environment).promises.get(alert.name);
      return isSame(promise, partOf(environment, common)?.promise, severity);
    });
    const parts = isDefault ? common.filter((part) => isIn(service, part)) : ownParts(service, alert, severity);
    for (const { promise, environments } of parts) if (promise) add(service.name, promise, { isDefault, environments });
  }
  return [...groups.values()].sort(
    (a, b) =>
      Number(b.isDefault) - Number(a.isDefault) ||
      a.threshold.value - b.threshold.value ||
      a.for.value - b.for.value ||
      compareText(`${a.environments?.names}`, `${b.environments?.names}`),
  );
}

/** Environments in which the same holds. */
interface Part extends Pick<ThresholdGroup, "environments"> {
  /** Undefined where the alert is off. */
  promise: Promised | undefined;
}

const isIn = ({ environments }: Service, part: Part): boolean => environments.some((name) => speaksOf(part, name));
const partOf = (environment: string, parts: readonly Part[]): Part | undefined =>
  parts.find((part) => speaksOf(part, environment));

/** What holds for all of the platform: in most environments, and in those of which an override says otherwise. */
function commonParts(alert: Alert, severity: Severity, platform: Platform): Part[] {
  // What most services do not have is told of those that have it.
  if (!isOn(alert, platform.features)) return [];
  const usual = platform.defaults.get(alert.name);
  const names = [...platform.environmentDefaults.keys()];
  const [, ...others] = merged(
    [undefined, ...names].map((name) => ({
      names: name === undefined ? [] : [name],
      promise: name === undefined ? usual : defaultsIn(name, platform).get(alert.name),
    })),
    severity,
  );
  const apart = others.flatMap((part) => part.names);
  return [
    { promise: usual, ...(apart.length > 0 && { environments: { names: apart, mode: "exclude" as const } }) },
    ...others.map((part) => ({ promise: part.promise, environments: { names: part.names, mode: "include" as const } })),
  ];
}

/** What holds for one service that does not keep to it. */
function ownParts(service: Service, alert: Alert, severity: Severity): Part[] {
  const parts = merged(
    variantsOf(service).map(({ environments, promises }) => ({
      names: environments,
      promise: promises.get(alert.name),
    })),
    severity,
  );
  if (parts.length === 1) return parts.map(({ promise }) => ({ promise }));
  return parts.map(({ promise, names }) => ({ promise, environments: { names, mode: "include" } }));
}

type Named = { names: readonly string[]; promise: Promised | undefined };

/** Those in which a severity is the same become one. */
function merged(all: readonly Named[], severity: Severity): Named[] {
  const parts: Named[] = [];
  for (const one of all) {
    const index = parts.findIndex(({ promise }) => isSame(promise, one.promise, severity));
    const same = parts[index];
    if (same) parts[index] = { ...same, names: [...same.names, ...one.names] };
    else parts.push(one);
  }
  return parts;
}

function isSame(a: Promised | undefined, b: Promised | undefined, severity: Severity): boolean {
  const [one, other] = [a?.levels[severity], b?.levels[severity]];
  return one?.value === other?.value && (one === undefined || a?.for.value === b?.for.value);
}

/** The services that promise an alert somewhere. Every alert asks for them: with ten thousand they are looked for once. */
function promising({ name }: Alert, platform: Platform): readonly Service[] {
  const known = byAlert.get(platform) ?? promisingByAlert(platform);
  byAlert.set(platform, known);
  return known.get(name) ?? [];
}

const byAlert = new WeakMap<Platform, ReadonlyMap<string, readonly Service[]>>();

function promisingByAlert({ services }: Platform) {
  const all = new Map<string, Service[]>();
  for (const service of services) {
    for (const alert of new Set(variantsOf(service).flatMap(({ promises }) => [...promises.keys()]))) {
      const others = all.get(alert);
      if (others) others.push(service);
      else all.set(alert, [service]);
    }
  }
  return all;
}
