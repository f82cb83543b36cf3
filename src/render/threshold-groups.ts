import type { Severity } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import type { Alert } from "../model/pack.ts";
import { isOn, type Platform, type Service } from "../model/platform.ts";
import { defaultsIn, type Promised, promiseId, variantIn, variantsOf } from "../model/promises.ts";
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

/** The groups of an alert's severity: those on the default first, then by value. Services in the platform's order. */
export function thresholdGroups(alert: Alert, severity: Severity, platform: Platform): ThresholdGroup[] {
  const groups = new Map<string, ThresholdGroup & { members: Member[] }>();
  const add = (alike: Alike, promise: Promised, part: Pick<ThresholdGroup, "isDefault" | "environments">) => {
    const threshold = promise.levels[severity];
    if (!threshold) return;
    const key = JSON.stringify([part, threshold.value, promise.for.value]);
    const group = groups.get(key) ?? { ...part, threshold, for: promise.for, services: [], members: [] };
    group.members = group.members.concat(alike.members);
    groups.set(key, group);
  };
  const common = commonParts(alert, severity, platform);
  for (const alike of promising(alert, platform)) {
    const { service } = alike;
    const isDefault = service.environments.every((environment) => {
      const promise = variantIn(service, environment).promises.get(alert.name);
      return isSame(promise, partOf(environment, common)?.promise, severity);
    });
    const parts = isDefault ? common.filter((part) => isIn(service, part)) : ownParts(service, alert, severity);
    for (const { promise, environments } of parts) if (promise) add(alike, promise, { isDefault, environments });
  }
  return [...groups.values()]
    .map(({ members, ...group }) => ({ ...group, services: namesOf(members) }))
    .sort(
      (a, b) =>
        Number(b.isDefault) - Number(a.isDefault) ||
        a.threshold.value - b.threshold.value ||
        a.for.value - b.for.value ||
        compareText(`${a.environments?.names}`, `${b.environments?.names}`),
    );
}

/** Some of a service's parts may be in the same group: it is named once. */
const namesOf = (members: readonly Member[]): string[] => [
  ...new Set([...members].sort((a, b) => a.index - b.index).map(({ name }) => name)),
];

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

/** A service by name, and where it stands in the platform. */
interface Member {
  name: string;
  index: number;
}

/** Services that promise the same of an alert in the same environments: with ten thousand, most of them. */
interface Alike {
  /** One of them. */
  service: Service;
  members: Member[];
}

/** The services that promise an alert somewhere. Every alert asks for them: they are looked for once. */
function promising({ name }: Alert, platform: Platform): readonly Alike[] {
  const known = byAlert.get(platform) ?? promisingByAlert(platform);
  byAlert.set(platform, known);
  return known.get(name) ?? [];
}

const byAlert = new WeakMap<Platform, ReadonlyMap<string, readonly Alike[]>>();

function promisingByAlert({ services }: Platform) {
  const all = new Map<string, Map<string, Alike>>();
  for (const [index, service] of services.entries()) {
    const { name, variants, environments, promises } = service;
    const where = environments.join();
    for (const [alert, promise] of variants ? new Map(variants.flatMap((one) => [...one.promises])) : promises) {
      const key = variants ? `only ${name}` : `${promiseId(promise)} ${where}`;
      const alikes = all.get(alert) ?? new Map<string, Alike>();
      all.set(alert, alikes);
      const alike = alikes.get(key) ?? { service, members: [] };
      alikes.set(key, alike);
      alike.members.push({ name, index });
    }
  }
  return new Map([...all].map(([alert, alikes]) => [alert, [...alikes.values()]]));
}
