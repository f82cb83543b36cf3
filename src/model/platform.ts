import {
  anomalyPack,
  bottleneckPack,
  type Criticality,
  capacityPack,
  experimentsPack,
  releasesPack,
  type Severity,
  sloPack,
} from "./conventions.ts";
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
import type { ExperimentProps, PlatformFeature, PlatformProps, ServiceProps, VersionsProps } from "./platform-props.ts";
import { environmentsNamed, type Promised, promiseIn, variantsOf, withPromises } from "./promises.ts";
import { count, type Duration, days, percent, type Quantity, seconds } from "./quantity.ts";

/** One alert as it holds for one service: every override applied. */
export interface AlertPromise {
  alert: Alert;
  service: Service;
  levels: Partial<Record<Severity, Quantity>>;
  for: Duration;
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
  experiments: readonly Experiment[];
  /** What must be in none of its log lines: what is forbidden to all services, then what is to this one. */
  forbidden: readonly ForbiddenPattern[];
  /** Time between two samples of its series. */
  scrapeInterval: Duration;
  /** Its alerts that are switched on, by alert name; as they are where no override says otherwise of an environment. */
  promises: ReadonlyMap<string, AlertPromise>;
  /** See `variantsOf`. */
  variants?: readonly Service[];
}

export type Experiment = ExperimentProps & Required<Pick<ExperimentProps, "label" | "level" | "share">>;

export interface Platform extends PlatformProps {
  services: readonly Service[];
  packs: readonly Pack[];
  /** The promise of each alert for services without an override of their own, by alert name. */
  defaults: ReadonlyMap<string, Promised>;
  /** The same in each environment of which an override for every service says something of its own. */
  environmentDefaults: ReadonlyMap<string, ReadonlyMap<string, Promised>>;
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
  const isOfScrape = ({ name }: Signal) => {
    const alerts = pack.alerts.filter(({ signal }) => signal.name === name);
    return alerts.length > 0 && alerts.every(({ scrapedOnly }) => scrapedOnly);
  };
  const isPromised = ({ name }: Alert) => promised.has(name);
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

/** Defaults of an experiment. */
const variantLabel = "variant";
const experimentLevel = percent(5);
const experimentShare = percent(50);

/** Links are made by appending to these. */
const withoutEndSlash = (address: string): string => address.replace(/\/$/, "");

/** A service that answers requests and counts them. */
export type HttpService = Service & { http: HttpInstrumentation };
export const isHttpService = (service: Service): service is HttpService => service.http !== undefined;

/**
 * Whether there is ever a series for the alert: one about the scrape has none where nothing is scraped, and one about a
 * fact that the service's exporter does not show has none either.
 */
export const canFire = (
  { scrapedOnly, signal, canReach }: Alert,
  service: Pick<Service, "scrape" | "exporter" | "slos" | "details" | "forbidden">,
): boolean => (!scrapedOnly || service.scrape !== undefined) && (canReach?.(service) ?? true) && tells(signal, service);

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
  experiments = [],
  components,
}: {
  packs: readonly Name[];
  slos?: readonly unknown[];
  anomalies?: readonly unknown[];
  forecasts?: readonly unknown[];
  versions?: object;
  experiments?: readonly unknown[];
  components?: object;
}): (Name | string)[] => [
  ...packs,
  ...(slos.length > 0 ? [sloPack] : []),
  ...(anomalies.length > 0 ? [anomalyPack] : []),
  ...(forecasts.length > 0 ? [capacityPack] : []),
  ...(versions ? [releasesPack] : []),
  ...(experiments.length > 0 ? [experimentsPack] : []),
  ...(components ? [bottleneckPack] : []),
];

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
