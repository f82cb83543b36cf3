import type { ListedComponents } from "./component.ts";
import type { Criticality, Severity } from "./conventions.ts";
import type { ListedPlaces } from "./exporter.ts";
import type { ForbiddenPattern } from "./forbidden-pattern.ts";
import type { SloProps } from "./indicator.ts";
import type { Duration, Quantity } from "./quantity.ts";

/** A secret by name, never by value: a file locally, a secret manager's entry in the cloud. */
export interface SecretReference {
  secret: string;
}

/** One way to reach a team, for the severities it is meant for. Exactly one of the four kinds is given. */
export interface Receiver {
  name: string;
  /** @default - both severities */
  severities?: readonly Severity[];
  /** Of services that are as critical as this. @default - all */
  criticalities?: readonly Criticality[];
  slack?: { channel: string; webhook: SecretReference };
  email?: { to: string };
  pagerduty?: { routingKey: SecretReference };
  webhook?: { url: string | SecretReference };
}

export const receiverKinds = ["slack", "email", "pagerduty", "webhook"] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

export interface Team {
  name: string;
  receivers: readonly Receiver[];
}

export interface Environment {
  name: string;
  /** Whether an alert from here may page. Where not, its critical alerts go where warnings go. @default true */
  pages?: boolean;
}

/** How Prometheus reaches the service. Exactly one of `scrape` and `otlp` is given. */
export interface ScrapeReach {
  /** @default - the exporter's own, else "/metrics" */
  path?: string;
  /** @default - the exporter's own, else "http" */
  scheme?: "http" | "https";
  /** For HTTP basic authentication; needs the password. @default - the exporter's own */
  username?: string;
  password?: SecretReference;
  /** @default - the exporter's own, else the platform's */
  interval?: Duration;
  /** `host:port` by environment. */
  targets: Readonly<Record<string, readonly string[]>>;
}

export interface OtlpReach {
  /** The `service.name` that the service sends. @default - its name here */
  serviceName?: string;
  environments: readonly string[];
}

/** Replaces parts of an alert's promise; what is left out stays as the pack says. */
export interface ThresholdChange {
  warning?: Quantity;
  critical?: Quantity;
  for?: Duration;
}

export interface ThresholdOverride extends ThresholdChange {
  /** What is otherwise in single environments, by their names; `false` switches the alert off there. */
  environments?: Readonly<Record<string, ThresholdChange | false>>;
}

/** How the versions of a service are told apart and compared. */
export interface VersionsProps {
  /** Label of its request metrics that names the version. @default "version" */
  label?: string;
  /** A request that takes longer is slow: an edge of its latency histogram. @default - only failures are compared */
  within?: Duration;
}

/** What two variants of a service are compared by: shares of what goes wrong. */
export const experimentKpis = ["failed", "slow", "missed"] as const;
export type ExperimentKpi = (typeof experimentKpis)[number];

/** Two variants of which each gets a part of the users at the same time. */
export interface ExperimentProps {
  /** Unique within the service; another experiment needs another name. */
  name: string;
  /** Label of its metrics that names the variant. @default "variant" */
  label?: string;
  /** Value of the label for what was there before. */
  control: string;
  /** Value of the label for what is tried. */
  treatment: string;
  /** By KPI the smallest difference that matters, as a share of the events. */
  kpis: Readonly<Partial<Record<ExperimentKpi, Quantity<"ratio">>>>;
  /** For `slow`: a request that takes longer is slow; an edge of its latency histogram. */
  within?: Duration;
  /** For `missed`: the journey that is looked at. */
  journey?: string;
  /** How often, at most, a difference is told of in any KPI where there is none. @default 5 % */
  level?: Quantity<"ratio">;
  /** The part of those who take part that gets the treatment. @default 50 % */
  share?: Quantity<"ratio">;
}

export interface ServiceProps extends ListedPlaces {
  name: string;
  description?: string;
  /** Name of the team whose receivers get its alerts. */
  owner: string;
  /** @default "medium" */
  criticality?: Criticality;
  packs: readonly string[];
  /** Names of signals of its packs that are watched for values that are unusual for them. @default - none */
  anomalies?: readonly string[];
  /** Names of signals of its packs whose trend is followed, and when they reach their alert's threshold. @default - none */
  forecasts?: readonly string[];
  scrape?: ScrapeReach;
  otlp?: OtlpReach;
  instrumentation: {
    /** Id of an HTTP instrumentation, or of an exporter of a pack. */
    kind: string;
    /** Finite edges of its latency histogram, ascending, in seconds. @default - the instrumentation's own */
    latencyBucketsSeconds?: readonly number[];
    /** Whether it counts each status code, not each class of them. @default - as the instrumentation does by itself */
    singleStatusCodes?: boolean;
    /** Requests that one instance can work on at once. @default - nobody knows: nothing is said of saturation */
    concurrencyLimit?: Quantity<"count">;
    /**
     * What its metrics are called, by the names of its exporter's contract: the scrape renames them.
     * @default - as in the contract
     */
    metrics?: Readonly<Record<string, string>>;
    /** Where an error tracker lists the issues of a project, up to the project's name. @default - messages link to none */
    issuesUrl?: string;
  };
  /** Its routes as its HTTP instrumentation names them; drills and reports speak of them. @default ["/"] */
  routes?: readonly string[];
  /** By alert name. */
  thresholds?: Readonly<Record<string, ThresholdOverride>>;
  /** By alert name; `false` switches the alert off for this service, `true` on where it is off by itself. */
  features?: Readonly<Record<string, boolean>>;
  /** What it is held to over weeks. @default - nothing */
  slos?: readonly SloProps[];
  /** Each new version is compared with what ran before it. @default - they are not told apart */
  versions?: VersionsProps;
  /** Variants that are compared. @default - none */
  experiments?: readonly ExperimentProps[];
  /** What users of its journeys wait for, each with the service that is watched for it. @default - it does not tell */
  components?: ListedComponents;
  /** Of its log lines. `never`: what must not be in one, besides what is forbidden to all services. */
  logs?: { never?: readonly ForbiddenPattern[] };
}

/** Parts of the stack that can be switched off as a whole. Alerts are switched off by their name. */
export const platformFeatures = ["logging", "otlp", "dashboards", "health"] as const;
export type PlatformFeature = (typeof platformFeatures)[number];

/** Kinds of personal data that the collector masks in log lines unless a platform wants to read them. */
export const personalKinds = [
  "email",
  "ip-address",
  "phone",
  "iban",
  "principal",
  "name",
  "address",
  "birth-date",
  "id-number",
  "device-id",
  "location",
] as const;
export type PersonalKind = (typeof personalKinds)[number];

/** Everything that one monitoring.yaml describes, typed: what a CDKTF program of your own passes to a construct. */
export interface PlatformProps {
  name: string;
  links: {
    /** Base address of Grafana, for links in messages. */
    grafana: string;
    /** Where the folder `runbooks/` can be read. */
    runbooks: string;
  };
  environments: readonly Environment[];
  teams: readonly Team[];
  services: readonly ServiceProps[];
  /** Overrides for every service; a service's own go first. */
  thresholds?: Readonly<Record<string, ThresholdOverride>>;
  /** By name of a platform feature or an alert. @default - everything is on */
  features?: Readonly<Record<string, boolean>>;
  /** How mail leaves; needed when a receiver is an email. */
  email?: { from: string; smarthost: string; username?: string; password?: SecretReference };
  /**
   * Who is told all the time that alerts can be told at all, and raises the alarm when that ends. @default - nobody: a
   * chain that is broken as a whole is silent
   */
  heartbeat?: { url: string | SecretReference; every?: Duration };
  /** @default scrape 15 s, evaluation 30 s */
  intervals?: { scrape?: Duration; evaluation?: Duration };
  /** `logsIn`: of logs of an environment, by its name, where it differs. @default 90 days each */
  retention?: { metrics?: Duration; logs?: Duration; logsIn?: Readonly<Record<string, Duration>> };
  /** Series that one service may have in Prometheus before `check` warns. @default 10,000 */
  budget?: { series?: Quantity<"count"> };
  /**
   * Of all log lines. `never`: what must be in no line of any service. `readable`: kinds of personal data that the
   * collector leaves in them as they are; by default it masks all that it knows. `pricePerGib`: what a GiB of them costs.
   */
  logs?: {
    never?: readonly ForbiddenPattern[];
    readable?: readonly PersonalKind[];
    pricePerGib?: Quantity<"score">;
  };
  /** Where the collector passes spans on to, OTLP over HTTP, and with it links to traces. @default - spans are not taken */
  traces?: { otlp: string };
  /** Where the `aws` stack deploys. @default region eu-west-1 */
  aws?: { region: string };
}
