import type { Alert } from "./pack.ts";
import type { AlertPromise, Platform, Service } from "./platform.ts";
import type { ThresholdChange, ThresholdOverride } from "./platform-props.ts";

/** What an alert promises, whoever has it. */
export type Promised = Pick<AlertPromise, "alert" | "levels" | "for">;

/**
 * An alert with every change applied, the later ones last; of each, what it says of the environment goes before what it
 * says of all. Without any level where the alert is switched off there.
 *
 * @param environment undefined: those that no change names
 */
export function promiseIn(
  alert: Alert,
  environment: string | undefined,
  changes: readonly (ThresholdOverride | undefined)[],
): Promised {
  let promise: Promised = { alert, levels: alert.levels, for: alert.for };
  let isOff = false;
  for (const change of changes) {
    const own = environment === undefined ? undefined : change?.environments?.[environment];
    promise = changed(changed(promise, change), own || undefined);
    // What is off in an environment is not switched on by what is said of all of them.
    if (own !== undefined) isOff = own === false;
  }
  return isOff ? { ...promise, levels: {} } : promise;
}

function changed(base: Promised, change: ThresholdChange | undefined): Promised {
  if (!change) return base;
  const { warning = base.levels.warning, critical = base.levels.critical } = change;
  return {
    alert: base.alert,
    levels: { ...(warning && { warning }), ...(critical && { critical }) },
    for: change.for ?? base.for,
  };
}

/** The environments for which some of these overrides say something of their own. */
export const environmentsNamed = (overrides: Readonly<Record<string, ThresholdOverride>> = {}): string[] => [
  ...new Set(Object.values(overrides).flatMap(({ environments }) => Object.keys(environments ?? {}))),
];

/**
 * The service as it is in groups of its environments: those of a group promise the same. The service itself where all do.
 * A variant has no further ones.
 */
export const variantsOf = (service: Service): readonly Service[] => service.variants ?? [service];

/** The service as it is in one environment. */
export const variantIn = (service: Service, environment: string): Service =>
  service.variants?.find(({ environments }) => environments.includes(environment)) ?? service;

/** Everything that a service promises anywhere; an alert once for each group of environments with promises of its own. */
export const allPromises = (service: Service): AlertPromise[] =>
  variantsOf(service).flatMap(({ promises }) => [...promises.values()]);

/** The promises of services without an override of their own, as they are in an environment. */
export const defaultsIn = (environment: string, { defaults, environmentDefaults }: Platform): Platform["defaults"] =>
  environmentDefaults.get(environment) ?? defaults;

/** Whether two promises of an alert come to the same; one without any level is none. */
export const isSamePromise = (a: Omit<Promised, "alert"> | undefined, b: Omit<Promised, "alert"> | undefined) =>
  (a?.levels === b?.levels && a?.for === b?.for) || promiseId(a) === promiseId(b);

/** The levels and the duration of a promise, as text; nothing where it has no level. */
export function promiseId(promise: Omit<Promised, "alert"> | undefined): string {
  const { warning, critical } = promise?.levels ?? {};
  return warning || critical ? `${warning?.value} ${critical?.value} ${promise?.for.value}` : "";
}

/**
 * A service with what it promises, and its variants where its environments differ.
 *
 * @param promisedIn in one environment; without one, in all that `named` does not name
 */
export function withPromises(
  service: Omit<Service, "promises" | "variants">,
  named: ReadonlySet<string>,
  promisedIn: (environment?: string) => readonly Promised[],
): Service {
  const usual = promisedIn();
  const groups = new Map<string, { environments: string[]; promised: readonly Promised[] }>();
  for (const environment of service.environments.some((name) => named.has(name)) ? service.environments : []) {
    const promised = named.has(environment) ? promisedIn(environment) : usual;
    const id = promised.map((one) => `${one.alert.name} ${promiseId(one)}`).join("\n");
    const group = groups.get(id) ?? { environments: [], promised };
    group.environments.push(environment);
    groups.set(id, group);
  }
  const [first, ...others] = groups.values();
  const whole = promising(service, others.length > 0 ? usual : (first?.promised ?? usual));
  if (!first || others.length === 0) return whole;
  const variants = [first, ...others].map(({ environments, promised }) =>
    promising({ ...service, environments }, promised),
  );
  return { ...whole, variants };
}

function promising(service: Omit<Service, "promises">, promised: readonly Promised[]): Service {
  const promises = new Map<string, AlertPromise>();
  const whole: Service = { ...service, promises };
  for (const promise of promised) promises.set(promise.alert.name, { ...promise, service: whole });
  return whole;
}

/** ` in staging`, where a promise is not that of every environment of its service; else nothing. */
export const whereText = (service: Service, { service: { environments } }: Pick<AlertPromise, "service">): string =>
  environments.length < service.environments.length ? ` in ${environments.join(", ")}` : "";
