import { type Exporter, placesListed } from "./exporter.ts";
import { detailsShown, instrumentations, isHttpInstrumentation } from "./instrumentation.ts";
import { type Alert, exportersOf, isOfScrape, type Pack, type Signal } from "./pack.ts";
import { canFire, isOn, type Platform, packsOf, type Service, shows } from "./platform.ts";
import type { PlatformProps, ServiceProps } from "./platform-props.ts";
import { environmentsNamed, promiseIn, variantsOf, withPromises } from "./promises.ts";
import { count, type Duration, days, percent, seconds } from "./quantity.ts";

/**
 * Applies every default and override. Takes props that `platformFindings` has nothing against; `packs` are those
 * of `alert-rules/`.
 */
export function resolvePlatform(props: PlatformProps, packs: Readonly<Record<string, Pack>>): Platform {
  const on = (feature: string) => props.features?.[feature] !== false;
  const listed = new Set(props.services.flatMap(packsOf));
  const used = Object.values(packs).filter(
    ({ name, derived }) => (derived?.feature && on(derived.feature)) || listed.has(name),
  );
  const defaultsIn = (environment?: string) =>
    new Map(
      used.flatMap((pack) =>
        pack.alerts.map((alert) => [alert.name, promiseIn(alert, environment, [props.thresholds?.[alert.name]])]),
      ),
    );
  const promisedToAll: PromisedToAll = {
    usual: defaultsIn(),
    inEnvironment: new Map(environmentsNamed(props.thresholds).map((one) => [one, defaultsIn(one)])),
  };
  const exporters = exportersOf(Object.values(packs));
  const scrape = props.intervals?.scrape ?? seconds(15);
  const alertsOf = alertsByPacks(used);
  const services = props.services.map((service) =>
    resolveService(service, alertsOf, props, promisedToAll, exporters, scrape),
  );
  const promised = new Set(
    services.flatMap((service) => variantsOf(service).flatMap(({ promises }) => [...promises.keys()])),
  );
  const platform: Platform = {
    ...props,
    links: { grafana: withoutEndSlash(props.links.grafana), runbooks: withoutEndSlash(props.links.runbooks) },
    packs: used.map((pack) => shownParts(pack, services, promised, props)),
    defaults: promisedToAll.usual,
    environmentDefaults: promisedToAll.inEnvironment,
    services,
    intervals: {
      scrape,
      evaluation: props.intervals?.evaluation ?? seconds(30),
    },
    retention: {
      metrics: props.retention?.metrics ?? days(90),
      logs: props.retention?.logs ?? days(90),
      logsIn: props.retention?.logsIn ?? {},
    },
    budget: { series: props.budget?.series ?? count(10_000) },
    aws: props.aws ?? { region: "eu-west-1" },
    featureOn: on,
  };
  return platform;
}

/**
 * What is left of a pack where none of the services in use shows all of it, or none of them is scraped: nobody could
 * record the rest. Nor is there what nobody asks for.
 */
function shownParts(
  pack: Pack,
  services: readonly Service[],
  promised: ReadonlySet<string>,
  props: PlatformProps,
): Pack {
  const shown = new Set(services.flatMap((service) => (shows(pack, service) ? (service.exporter ?? []) : [])));
  const facts = new Set([...shown].flatMap((exporter) => Object.keys(exporter.facts)));
  const isScraped = services.some(({ packs, scrape }) => scrape && packs.includes(pack.name));
  const isPromised = ({ name }: Alert) => promised.has(name);
  const isWanted = ({ name, needs }: Signal) =>
    needs === undefined || pack.alerts.some((alert) => alert.signal.name === name && isPromised(alert));
  const isShown = (signal: Signal) =>
    (signal.fact === undefined || facts.has(signal.fact)) &&
    (isScraped || !isOfScrape(signal, pack)) &&
    (signal.isWanted?.(props) ?? true) &&
    isWanted(signal);
  return {
    ...pack,
    signals: pack.signals.filter(isShown),
    alerts: pack.alerts.filter((alert) => isShown(alert.signal) && (!alert.optIn || isPromised(alert))),
  };
}

type AlertsOf = (packs: readonly string[]) => readonly Alert[];

/** Alerts by the packs that a service has: ten thousand services have but a few choices of them. */
function alertsByPacks(all: readonly Pack[]): AlertsOf {
  const known = new Map<string, readonly Alert[]>();
  return (packs) => {
    const id = packs.join();
    const alerts = known.get(id) ?? all.filter(({ name }) => packs.includes(name)).flatMap((pack) => pack.alerts);
    known.set(id, alerts);
    return alerts;
  };
}

/** What services without an override of their own promise: everywhere, and where an environment is named, there. */
interface PromisedToAll {
  usual: Platform["defaults"];
  inEnvironment: Platform["environmentDefaults"];
}

function resolveService(
  props: ServiceProps,
  alertsOf: AlertsOf,
  platform: PlatformProps,
  { usual, inEnvironment }: PromisedToAll,
  exporters: readonly Exporter[],
  scrapeInterval: Duration,
): Service {
  const { kind, latencyBucketsSeconds } = props.instrumentation;
  const http = isHttpInstrumentation(kind) ? instrumentations[kind] : undefined;
  const exporter = exporters.find(({ id }) => id === kind);
  const service = {
    ...props,
    packs: packsOf(props),
    criticality: props.criticality ?? "medium",
    routes: http ? (props.routes?.length ? props.routes : ["/"]) : [],
    http,
    exporter,
    details: detailsShown(http, props.instrumentation),
    places: exporter?.places ? (placesListed(props[exporter.places.key]) ?? exporter.places.default) : [],
    latencyBucketsSeconds: latencyBucketsSeconds ?? http?.defaultBucketsSeconds ?? [],
    environments: props.otlp ? props.otlp.environments : Object.keys(props.scrape?.targets ?? {}),
    slos: (props.slos ?? []).map((slo) => ({
      ...slo,
      name: slo.name ?? slo.indicator,
      window: slo.window ?? sloWindow,
    })),
    versions: props.versions && { ...props.versions, label: props.versions.label ?? versionLabel },
    experiments: (props.experiments ?? []).map((one) => ({
      ...one,
      label: one.label ?? variantLabel,
      level: one.level ?? experimentLevel,
      share: one.share ?? experimentShare,
    })),
    forbidden: [...(platform.logs?.never ?? []), ...(props.logs?.never ?? [])],
    scrapeInterval: (props.scrape && (props.scrape.interval ?? exporter?.scraped?.interval)) ?? scrapeInterval,
  };
  const alerts = alertsOf(service.packs).filter(
    (alert) => isOn(alert, platform.features, props.features) && canFire(alert, service),
  );
  const promisedIn = (environment?: string) =>
    alerts
      .map((alert) => {
        const own = props.thresholds?.[alert.name];
        // Ten thousand services share what none of them says of its own.
        const common = (environment === undefined ? undefined : inEnvironment.get(environment)) ?? usual;
        const shared = own ? undefined : common.get(alert.name);
        return shared ?? promiseIn(alert, environment, [platform.thresholds?.[alert.name], own]);
      })
      // Who has no threshold for what has none by itself is not promised anything.
      .filter(({ levels }) => levels.warning || levels.critical);
  return withPromises(service, new Set([...inEnvironment.keys(), ...environmentsNamed(props.thresholds)]), promisedIn);
}

/** Default of `window`. */
const sloWindow = days(30);

/** Default of `label`. */
const versionLabel = "version";

/** Defaults of an experiment. */
const variantLabel = "variant";
const experimentLevel = percent(5);
const experimentShare = percent(50);

/** Links are made by appending to these. */
const withoutEndSlash = (address: string): string => address.replace(/\/$/, "");
