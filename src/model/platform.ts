import { anomalyPack, type Criticality, capacityPack, releasesPack, type Severity, sloPack } from "./conventions.ts";
import { type Exporter, placesListed } from "./exporter.ts";
import type { ForbiddenPattern } from "./forbidden-pattern.ts";
import type { Slo } from "./indicator.ts";
import {
  detailsShown,
  type HttpInstrumentation,
  instrumentations,
  isHttpInstrumentation,
  type RequestDetail,
} from "./instrumentation.ts";
import { type Alert, exportersOf, type Pack, type Signal } from "./pack.ts";
import type {
  PlatformFeature,
  PlatformProps,
  ServiceProps,
  ThresholdOverride,
  VersionsProps,
} from "./platform-props.ts";
import { count, type Duration, days, type Quantity, seconds } from "./quantity.ts";

/** One alert as it holds for one service: every override applied. */
export interface AlertPromise {
  alert: Alert;
  service: Service;
  levels: Partial<Record<Severity, Quantity>>;
  for: Duration;
  /** True when it differs from what most services have: a service's own override. */
  overridden: boolean;
}

export interface Service extends ServiceProps {
  criticality: Criticality;
  /** None where it answers no requests. */
  routes: readonly string[];
  /** Undefined where it answers no requests: an exporter tells of it. */
  http?: HttpInstrumentation;
  exporter?: Exporter;
  /** What it shows of its requests besides what every HTTP instrumentation does. */
  details: ReadonlySet<RequestDetail>;
  /** Places that its exporter tells apart; none where it does not. */
  places: readonly string[];
  /** Finite edges of its latency histogram, ascending, in seconds; none where it answers no requests. */
  latencyBucketsSeconds: readonly number[];
  environments: readonly string[];
  slos: readonly Slo[];
  versions?: VersionsProps & { label: string };
  /** What must be in none of its log lines: what is forbidden to all services, then what is to this one. */
  forbidden: readonly ForbiddenPattern[];
  /** Time between two samples of its series. */
  scrapeInterval: Duration;
  /** Its alerts that are switched on, by alert name. */
  promises: ReadonlyMap<string, AlertPromise>;
}

export interface Platform extends PlatformProps {
  services: readonly Service[];
  packs: readonly Pack[];
  /** The promise of each alert for services without an override of their own, by alert name. */
  defaults: ReadonlyMap<string, Pick<AlertPromise, "alert" | "levels" | "for">>;
  intervals: { scrape: Duration; evaluation: Duration };
  retention: { metrics: Duration; logs: Duration; logsIn: Readonly<Record<string, Duration>> };
  budget: { series: Quantity<"count"> };
  aws: { region: string };
  featureOn: (feature: PlatformFeature) => boolean;
}

/**
 * Applies every default and override. Takes props that `platformFindings` has nothing against; `packs` are those
 * of `alert-rules/`.
 */
export function resolvePlatform(props: PlatformProps, packs: Readonly<Record<string, Pack>>): Platform {
  const on = (feature: string) => props.features?.[feature] !== false;
  const used = Object.values(packs).filter(
    ({ name, derived }) =>
      (derived?.feature && on(derived.feature)) || props.services.some((service) => packsOf(service).includes(name)),
  );
  const defaults = new Map(
    used.flatMap((pack) => pack.alerts.map((alert) => [alert.name, override(alert, props.thresholds?.[alert.name])])),
  );
  const exporters = exportersOf(Object.values(packs));
  const scrape = props.intervals?.scrape ?? seconds(15);
  const services = props.services.map((service) =>
    resolveService(service, used, defaults, props.features, exporters, scrape, props.logs?.never ?? []),
  );
  const platform: Platform = {
    ...props,
    links: { grafana: withoutEndSlash(props.links.grafana), runbooks: withoutEndSlash(props.links.runbooks) },
    packs: used.map((pack) => shownParts(pack, services, props)),
    defaults,
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
function shownParts(pack: Pack, services: readonly Service[], props: PlatformProps): Pack {
  const shown = services.flatMap((service) => (shows(pack, service) ? (service.exporter ?? []) : []));
  const facts = new Set(shown.flatMap((exporter) => Object.keys(exporter.facts)));
  const isScraped = services.some(({ packs, scrape }) => scrape && packs.includes(pack.name));
  const isOfScrape = ({ name }: Signal) => {
    const alerts = pack.alerts.filter(({ signal }) => signal.name === name);
    return alerts.length > 0 && alerts.every(({ scrapedOnly }) => scrapedOnly);
  };
  const isPromised = ({ name }: Alert) => services.some(({ promises }) => promises.has(name));
  const isWanted = ({ name, needs }: Signal) =>
    needs === undefined || pack.alerts.some((alert) => alert.signal.name === name && isPromised(alert));
  const isShown = (signal: Signal) =>
    (signal.fact === undefined || facts.has(signal.fact)) &&
    (isScraped || !isOfScrape(signal)) &&
    (signal.isWanted?.(props) ?? true) &&
    isWanted(signal);
  return {
    ...pack,
    signals: pack.signals.filter(isShown),
    alerts: pack.alerts.filter((alert) => isShown(alert.signal) && (!alert.optIn || isPromised(alert))),
  };
}

/** Default of `window`. */
const sloWindow = days(30);

/** Default of `label`. */
const versionLabel = "version";

/** Links are made by appending to these. */
const withoutEndSlash = (address: string): string => address.replace(/\/$/, "");

type Default = Pick<AlertPromise, "alert" | "levels" | "for">;

function override(
  alert: Alert,
  change: ThresholdOverride | undefined,
  base: Default = { alert, levels: alert.levels, for: alert.for },
): Default {
  if (!change) return base;
  const { warning = base.levels.warning, critical = base.levels.critical } = change;
  return {
    alert,
    levels: { ...(warning && { warning }), ...(critical && { critical }) },
    for: change.for ?? base.for,
  };
}

/** A service that answers requests and counts them. */
export type HttpService = Service & { http: HttpInstrumentation };
export const isHttpService = (service: Service): service is HttpService => service.http !== undefined;

/**
 * Whether there is ever a series for the alert: one about the scrape has none where nothing is scraped, and one about a
 * fact that the service's exporter does not show has none either.
 */
export const canFire = (
  { scrapedOnly, signal, canReach }: Alert,
  {
    scrape,
    exporter,
    slos,
    details,
    forbidden,
  }: Pick<Service, "scrape" | "exporter" | "slos" | "details" | "forbidden">,
): boolean =>
  (!scrapedOnly || scrape !== undefined) &&
  (canReach?.({ slos, forbidden }) ?? true) &&
  tells(signal, { exporter, details });

/** Whether the service shows the fact that a signal tells, or the detail of requests that it needs, if any. */
export const tells = (
  { fact, needs }: Pick<Signal, "fact" | "needs">,
  { exporter, details }: Pick<Service, "exporter" | "details">,
): boolean =>
  (fact === undefined || exporter === undefined || fact in exporter.facts) &&
  (needs === undefined || details.has(needs));

type Switches = Readonly<Record<string, boolean>> | undefined;

/** Whether an alert is on: one that is on by itself unless somebody switches it off, any other where somebody wants it. */
export const isOn = ({ name, optIn }: Pick<Alert, "name" | "optIn">, ...switches: readonly Switches[]): boolean =>
  switches.every((features) => features?.[name] !== false) &&
  (!optIn || switches.some((features) => features?.[name] === true));

/** Whether a service shows the signals of a pack, be it that it has the pack or not. */
export function shows(
  { name, shownBy, derived }: Pack,
  { http, exporter, packs }: Pick<Service, "http" | "exporter" | "packs">,
): boolean {
  if (shownBy === "http") return http !== undefined;
  if (shownBy === undefined) return derived === undefined || packs.includes(name);
  return shownBy.some(({ id }) => id === exporter?.id);
}

/** The packs that a service lists, and those that follow from its other keys. */
export const packsOf = <Name extends string | undefined>({
  packs,
  slos = [],
  anomalies = [],
  forecasts = [],
  versions,
}: {
  packs: readonly Name[];
  slos?: readonly unknown[];
  anomalies?: readonly unknown[];
  forecasts?: readonly unknown[];
  versions?: object;
}): (Name | string)[] => [
  ...packs,
  ...(slos.length > 0 ? [sloPack] : []),
  ...(anomalies.length > 0 ? [anomalyPack] : []),
  ...(forecasts.length > 0 ? [capacityPack] : []),
  ...(versions ? [releasesPack] : []),
];

function resolveService(
  props: ServiceProps,
  packs: readonly Pack[],
  defaults: ReadonlyMap<string, Default>,
  features: Switches,
  exporters: readonly Exporter[],
  scrapeInterval: Duration,
  forbiddenToAll: readonly ForbiddenPattern[],
): Service {
  const { kind, latencyBucketsSeconds } = props.instrumentation;
  const http = isHttpInstrumentation(kind) ? instrumentations[kind] : undefined;
  const exporter = exporters.find(({ id }) => id === kind);
  const promises = new Map<string, AlertPromise>();
  const service: Service = {
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
    forbidden: [...forbiddenToAll, ...(props.logs?.never ?? [])],
    scrapeInterval: (props.scrape && (props.scrape.interval ?? exporter?.scraped?.interval)) ?? scrapeInterval,
    promises,
  };
  for (const alert of packs.filter(({ name }) => service.packs.includes(name)).flatMap((pack) => pack.alerts)) {
    if (!isOn(alert, features, props.features) || !canFire(alert, service)) continue;
    const change = props.thresholds?.[alert.name];
    const promise = override(alert, change, defaults.get(alert.name));
    // Who has no threshold for what has none by itself is not promised anything.
    if (Object.keys(promise.levels).length === 0) continue;
    promises.set(alert.name, { ...promise, service, overridden: change !== undefined });
  }
  return service;
}
