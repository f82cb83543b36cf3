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
import type { Exporter } from "./exporter.ts";
import type { ForbiddenPattern } from "./forbidden-pattern.ts";
import type { Slo } from "./indicator.ts";
import type { HttpInstrumentation, RequestDetail } from "./instrumentation.ts";
import type { Alert, Pack, Signal } from "./pack.ts";
import type { ExperimentProps, PlatformFeature, PlatformProps, ServiceProps, VersionsProps } from "./platform-props.ts";
import type { Promised } from "./promises.ts";
import type { Duration, Quantity } from "./quantity.ts";

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
