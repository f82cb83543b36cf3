import { compareText } from "./finding.ts";
import { base, dashboardUid } from "./links.ts";
import { type Alert, placeLabels } from "./pack.ts";
import { canFire, isOn, type Platform, type Service } from "./platform.ts";
import { defaultsIn, isSamePromise, type Promised, variantsOf } from "./promises.ts";

/** One of the dashboards of a pack: the lines on it are true of all that it shows. */
export interface OwnDashboard {
  uid: string;
  /** The one service that it is about, with what it promises there. @default - all that have none of their own */
  service?: Service;
  /** The environments that it is about, or those that it is not. @default - all */
  environments?: { names: readonly string[]; mode: "include" | "exclude" };
  /** By alert name. */
  promises: ReadonlyMap<string, Promised>;
}

/**
 * Services for which the lines on the pack's shared dashboards would lie: their threshold or duration of an alert
 * differs from the default, or an alert that others have is off for them. Sorted by name.
 */
export function servicesWithOwnDashboard(pack: string, platform: Platform): readonly Service[] {
  const known = ownDashboards.get(platform) ?? new Map<string, readonly Service[]>();
  ownDashboards.set(platform, known);
  const services = known.get(pack) ?? withOwnDashboard(pack, platform);
  known.set(pack, services);
  return services;
}

/** Every rule of a pack links to them: found out once, for ten thousand services. */
const ownDashboards = new WeakMap<Platform, Map<string, readonly Service[]>>();

function withOwnDashboard(pack: string, platform: Platform): Service[] {
  const shared = [...platform.defaults.values()].filter(
    ({ alert }) => alert.pack === pack && platform.features?.[alert.name] !== false,
  );
  const differs = (service: Service, { alert }: Promised, common: Promised | undefined) => {
    const own = service.promises.get(alert.name);
    if (isSamePromise(own, isOn(alert, platform.features) ? common : undefined)) return false;
    return (own !== undefined || Object.keys(common?.levels ?? {}).length > 0) && canFire(alert, service);
  };
  return platform.services
    .filter(
      (service) =>
        service.packs.includes(pack) &&
        shared.some((usual) => {
          if (platform.environmentDefaults.size === 0 && !service.variants) return differs(service, usual, usual);
          return variantsOf(service).some((variant) =>
            variant.environments.some((name) =>
              differs(variant, usual, defaultsIn(name, platform).get(usual.alert.name)),
            ),
          );
        }),
    )
    .sort((a, b) => compareText(a.name, b.name));
}

/** The dashboards of a service with thresholds of its own: one, unless its environments differ in what this pack promises. */
export function dashboardsOf(service: Service, pack: string): OwnDashboard[] {
  const variants = variantsOf(service);
  const [first, ...others] = variants.map(({ promises }) => ofPack(promises, pack));
  if (!first || others.every((one) => isSame(one, first))) {
    const promises = variants[0]?.promises ?? service.promises;
    return [{ uid: dashboardUid(pack, service.name), service: { ...service, promises }, promises }];
  }
  return variants.map((variant) => ({
    uid: dashboardUid(pack, service.name, variant.environments[0]),
    service: variant,
    environments: { names: variant.environments, mode: "include" },
    promises: variant.promises,
  }));
}

/** The dashboards of all other services: one, and one for each environment in which all have thresholds of its own. */
export function sharedDashboards(pack: string, platform: Platform): OwnDashboard[] {
  const on = (promises: ReadonlyMap<string, Promised>) =>
    new Map([...promises].filter(([, { alert }]) => isOn(alert, platform.features)));
  const apart = [...platform.environmentDefaults].filter(
    ([, promises]) => !isSame(ofPack(promises, pack), ofPack(platform.defaults, pack)),
  );
  const names = apart.map(([name]) => name);
  return [
    {
      uid: dashboardUid(pack),
      ...(names.length > 0 && { environments: { names, mode: "exclude" } }),
      promises: on(platform.defaults),
    },
    ...apart.map(([name, promises]): OwnDashboard => {
      const environments = { names: [name], mode: "include" as const };
      return { uid: dashboardUid(pack, undefined, name), environments, promises: on(promises) };
    }),
  ];
}

const ofPack = (promises: ReadonlyMap<string, Promised>, pack: string): Map<string, Promised> =>
  new Map([...promises].filter(([, { alert }]) => alert.pack === pack));

const isSame = (a: ReadonlyMap<string, Promised>, b: ReadonlyMap<string, Promised>): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every((name) => isSamePromise(a.get(name), b.get(name)));

/** Whether a dashboard shows an environment. */
export const showsEnvironment = ({ environments }: OwnDashboard, name: string): boolean =>
  environments === undefined || environments.names.includes(name) === (environments.mode === "include");

/** The dashboard that shows an alert's pack for a service in an environment. */
export function dashboardFor(pack: string, service: string, environment: string, platform: Platform): string {
  const own = servicesWithOwnDashboard(pack, platform).find(({ name }) => name === service);
  const all = own ? dashboardsOf(own, pack) : sharedDashboards(pack, platform);
  return (all.find((one) => showsEnvironment(one, environment)) ?? all[0])?.uid ?? dashboardUid(pack);
}

/**
 * Link to the dashboard with service, environment and route chosen; an annotation template. `services` are those that the
 * rule can fire for, in the environments of which it speaks: only they are told apart in it.
 */
export function dashboardLink(
  { pack, signal }: Alert,
  platform: Platform,
  services: ReadonlySet<string> = new Set(platform.services.map(({ name }) => name)),
  speaksOf: (environment: string) => boolean = () => true,
): string {
  const own = servicesWithOwnDashboard(pack, platform).filter(({ name }) => services.has(name));
  const spoken = (dashboard: OwnDashboard, environments: readonly string[]) =>
    environments.some((name) => speaksOf(name) && showsEnvironment(dashboard, name));
  const cases = own.flatMap((service) => {
    const isService = `eq $labels.service ${JSON.stringify(service.name)}`;
    const some = dashboardsOf(service, pack).filter((one) => spoken(one, service.environments));
    return some.map((one, index) =>
      // The last of a service is what remains of it.
      index === some.length - 1
        ? { test: isService, uid: one.uid }
        : { test: `and (${isService}) (${isEnvironment(one)})`, uid: one.uid },
    );
  });
  const everywhere = platform.environments.map(({ name }) => name);
  const shared = sharedDashboards(pack, platform).filter((one) => spoken(one, everywhere));
  // Where every service has one of its own, the last is what remains: there is no shared one to fall back to.
  const isAll = own.length === services.size;
  const [usual, ...others] = isAll ? [] : shared;
  cases.push(...others.map((one) => ({ test: isEnvironment(one), uid: one.uid })));
  const rest = (isAll ? cases.pop()?.uid : usual?.uid) ?? dashboardUid(pack);
  const tests = cases.map(({ test, uid }, index) => `{{ ${index > 0 ? "else " : ""}if ${test} }}${uid}`);
  const uid = tests.length > 0 ? `${tests.join("")}{{ else }}${rest}{{ end }}` : rest;
  const variables = placeLabels(signal).map((label) => `var-${label}={{ $labels.${label} | urlquery }}`);
  return `${base(platform.links.grafana)}/d/${uid}?${variables.join("&")}`;
}

/** In Go's templates `eq` compares its first argument with each of the others. */
const isEnvironment = ({ environments }: OwnDashboard): string =>
  `eq $labels.environment ${(environments?.names ?? []).map((name) => JSON.stringify(name)).join(" ")}`;
