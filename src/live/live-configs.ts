import { dirname, join } from "node:path/posix";
import { parse, stringify } from "yaml";
import type { Artifact } from "../model/artifact.ts";
import { type ReceiverKind, receiverKinds } from "../model/platform-props.ts";
import type { AlertmanagerConfig } from "../render/alertmanager.ts";
import { type SpeedChange, speedUp } from "./live-speed.ts";

/** Where the parts of a live drill listen, all on 127.0.0.1, and what is drilled. */
export interface LiveEndpoints {
  /** The job and the environment whose target is replaced. Every other target is left out. */
  service: string;
  environment: string;
  servicePort: number;
  alertmanagerPort: number;
  /** Takes what is for Slack, PagerDuty and webhooks. */
  webhookPort: number;
  /** By the name of the receiver: mail has no address that tells them apart. */
  mailPorts: ReadonlyMap<string, number>;
}

/** An address that is another one for the run. */
export interface AddressChange {
  file: string;
  what: string;
  from: string;
  to: string;
}

export interface LiveConfigs {
  files: Artifact[];
  speedChanges: SpeedChange[];
  addressChanges: AddressChange[];
}

/** Every secret of the run: the real ones are never read. */
const noSecret = "not-a-secret-of-this-live-drill";

/**
 * The generated configurations as a live drill runs them: the rules, routes and templates that are deployed, with
 * durations divided by `speed` and addresses on this computer. Nothing else is changed, and every change is told.
 */
export function liveConfigs(artifacts: readonly Artifact[], endpoints: LiveEndpoints, speed: number): LiveConfigs {
  const files: Artifact[] = [];
  const speedChanges: SpeedChange[] = [];
  const addressChanges: AddressChange[] = [];
  const secrets = new Set<string>();
  for (const { path, text } of artifacts) {
    if (!/^(prometheus|alertmanager)\//.test(path)) continue;
    if (!path.endsWith(".yml")) {
      files.push({ path, text });
      continue;
    }
    const { content, changes } = speedUp(parse(text) as object, speed);
    speedChanges.push(...changes);
    const tell = (what: string, from: string, to: string) => addressChanges.push({ file: path, what, from, to });
    if (path === "prometheus/prometheus.yml") redirectPrometheus(content as PrometheusConfig, endpoints, tell);
    if (path === "alertmanager/alertmanager.yml") {
      redirectAlertmanager(content as AlertmanagerConfig, endpoints, tell);
    }
    for (const file of secretFilesIn(content)) secrets.add(join(dirname(path), file));
    files.push({ path, text: stringify(content, { aliasDuplicateObjects: false, lineWidth: 0 }) });
  }
  const secretFiles = [...secrets].sort().map((path) => ({ path, text: noSecret }));
  return { files: [...files, ...secretFiles], speedChanges, addressChanges };
}

interface PrometheusConfig {
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  scrape_configs: {
    job_name: string;
    scheme?: string;
    static_configs: { targets: string[]; labels: Record<string, string> }[];
  }[];
}

type Tell = (what: string, from: string, to: string) => void;

function redirectPrometheus(config: PrometheusConfig, endpoints: LiveEndpoints, tell: Tell): void {
  const alertmanager = `127.0.0.1:${endpoints.alertmanagerPort}`;
  for (const group of config.alerting.alertmanagers.flatMap(({ static_configs }) => static_configs)) {
    tell("Alertmanager", group.targets.join(", "), alertmanager);
    group.targets = [alertmanager];
  }
  for (const job of config.scrape_configs) {
    for (const group of job.static_configs) {
      const { environment = "" } = group.labels;
      const isDrilled = job.job_name === endpoints.service && environment === endpoints.environment;
      const targets = isDrilled ? [`127.0.0.1:${endpoints.servicePort}`] : [];
      tell(`${job.job_name} in ${environment}`, group.targets.join(", "), targets.join(", ") || "not scraped");
      group.targets = targets;
      if (isDrilled && job.scheme === "https") {
        tell(`scheme of ${job.job_name}`, "https", "http");
        job.scheme = "http";
      }
    }
  }
}

type ReceiverSettings = Record<string, unknown>;

/** What each kind of receiver calls its address, in the order in which it takes it, and the address of the run. */
const redirections: Readonly<
  Record<ReceiverKind, (name: string, endpoints: LiveEndpoints) => { replaced: string[]; settings: ReceiverSettings }>
> = {
  slack: (name, { webhookPort }) => ({
    replaced: ["api_url_file", "api_url"],
    settings: { api_url: receiverUrl("slack", name, webhookPort) },
  }),
  pagerduty: (name, { webhookPort }) => ({
    replaced: ["url"],
    settings: { url: receiverUrl("pagerduty", name, webhookPort) },
  }),
  webhook: (name, { webhookPort }) => ({
    replaced: ["url_file", "url"],
    settings: { url: receiverUrl("webhook", name, webhookPort) },
  }),
  email: (name, { mailPorts }) => ({
    replaced: ["smarthost"],
    // Nobody else is on the way, and the receiving end of the run has no certificate.
    settings: { smarthost: `127.0.0.1:${mailPorts.get(name) ?? 0}`, require_tls: false },
  }),
};

function redirectAlertmanager(config: AlertmanagerConfig, endpoints: LiveEndpoints, tell: Tell): void {
  const mail = config.global;
  for (const receiver of config.receivers) {
    for (const kind of receiverKinds) {
      const configs = receiver[`${kind}_configs`];
      if (!configs) continue;
      receiver[`${kind}_configs`] = configs.map((own) => {
        const { replaced, settings } = redirections[kind](receiver.name, endpoints);
        const shared = kind === "email" ? mail?.smtp_smarthost : undefined;
        const from = replaced.map((key) => own[key]).find((value) => value !== undefined) ?? shared ?? "its default";
        tell(`${kind} of ${receiver.name}`, String(from), String(Object.values(settings)[0]));
        return { ...Object.fromEntries(Object.entries(own).filter(([key]) => !replaced.includes(key))), ...settings };
      });
    }
  }
  // No receiver uses it any more; nothing of the run may know an address outside.
  if (mail?.smtp_smarthost !== undefined) mail.smtp_smarthost = "127.0.0.1:0";
}

/** Where a receiver's notifications go; `receiverAt` reads it back. */
const receiverUrl = (kind: ReceiverKind, name: string, port: number): string =>
  `http://127.0.0.1:${port}/${kind}/${encodeURIComponent(name)}`;

/** The receiver that a decoded path of the webhook receiver is for; `undefined` when it is nobody's. */
export function receiverAt(path: string): { kind: ReceiverKind; name: string } | undefined {
  const [, kind, name] = /^\/([a-z]+)\/(.+)$/s.exec(path) ?? [];
  const known = receiverKinds.find((one) => one === kind);
  return known && name !== undefined ? { kind: known, name } : undefined;
}

/** Files that a configuration reads secrets from (`…_file`), wherever they stand in it. */
function secretFilesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key.endsWith("_file") && typeof item === "string" ? [item] : secretFilesIn(item),
  );
}

/** Names of the receivers that send mail: each gets a port of its own. */
export function mailReceivers(artifacts: readonly Artifact[]): string[] {
  const text = artifacts.find(({ path }) => path === "alertmanager/alertmanager.yml")?.text ?? "receivers: []";
  const { receivers } = parse(text) as AlertmanagerConfig;
  return receivers.filter((receiver) => receiver.email_configs).map(({ name }) => name);
}
