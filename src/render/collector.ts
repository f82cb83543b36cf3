import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentationLabel } from "../model/conventions.ts";
import type { Platform, Service } from "../model/platform.ts";
import { cardCheck } from "./card-check.ts";
import { lokiAddress } from "./loki.ts";
import { prometheusAddress } from "./prometheus.ts";
import { anyMark, type RedactedKind, redactionRules, unlikeRules } from "./redaction.ts";

/** What identifies a service on everything that it sends; set here, removed when the service sets it itself. */
const identity = ["environment", "service", "team", instrumentationLabel];

/** Names of attributes whose values are secrets, whatever these look like. */
const secretKeys = ["(?i)(^|[._-])(authorization|cookie|password|passwd|secret|token|api[._-]?key)($|[._-])"];

/**
 * The OpenTelemetry Collector between services that send OTLP and the stores: it says whose data it is and passes
 * metrics on to Prometheus and logs on to Loki. No file where nothing would flow through it.
 */
export function renderCollector(platform: Platform): Artifact[] {
  const senders = platform.services.filter(({ otlp }) => otlp);
  const logs = platform.featureOn("logging");
  if (!platform.featureOn("otlp") || (senders.length === 0 && !logs)) return [];
  const metrics = senders.length > 0;
  const config = {
    extensions: { health_check: { endpoint: "127.0.0.1:13133" } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } } },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_mib: 512, spike_limit_mib: 128 },
      "transform/identity": {
        error_mode: "ignore",
        ...(metrics && { metric_statements: [...identify(senders), labelEveryPoint, ...labelVersions(senders)] }),
        // A service that is scraped for its metrics may still send its logs.
        ...(logs && { log_statements: identify(platform.services) }),
      },
      ...(logs && {
        "redaction/secrets": {
          allow_all_keys: true,
          blocked_key_patterns: secretKeys.map(plain),
          summary: "silent",
        },
        "transform/redact": { error_mode: "propagate", log_statements: redact(platform.logs?.readable ?? []) },
      }),
      batch: {},
    },
    exporters: {
      ...(metrics && {
        prometheus_remote_write: {
          endpoint: `http://${prometheusAddress}/api/v1/write`,
          tls: { insecure: true },
          disable_scope_info: true,
        },
      }),
      ...(logs && { otlp_http: { endpoint: `http://${lokiAddress}/otlp`, tls: { insecure: true } } }),
    },
    service: {
      extensions: ["health_check"],
      pipelines: {
        ...(metrics && {
          metrics: {
            receivers: ["otlp"],
            processors: ["memory_limiter", "transform/identity", "batch"],
            exporters: ["prometheus_remote_write"],
          },
        }),
        ...(logs && {
          logs: {
            receivers: ["otlp"],
            processors: ["memory_limiter", "transform/identity", "redaction/secrets", "transform/redact", "batch"],
            exporters: ["otlp_http"],
          },
        }),
      },
    },
  };
  return [yamlArtifact("collector/collector.yml", config)];
}

/** `$` starts an expansion in the collector's files; two of them are one. */
const plain = (value: string): string => value.replaceAll("$", "$$$$");

/** A string literal of the transformation language. */
const text = (value: string): string => plain(JSON.stringify(value));

/**
 * Masks what must not be kept in the text of each line and in what stands beside it. What is no text becomes one first,
 * as Loki would make it one: so nothing is hidden deep within. A line of which this fails is not passed on.
 */
function redact(readable: readonly RedactedKind[]) {
  const rules = redactionRules.filter(({ kind }) => !readable.includes(kind));
  const everywhere = ({ pattern, by }: { pattern: string; by: string }) => [
    `replace_pattern(log.body, ${text(pattern)}, ${text(by)})`,
    `replace_all_patterns(log.attributes, "value", ${text(pattern)}, ${text(by)})`,
  ];
  const unmark = everywhere({ pattern: anyMark, by: "" });
  return [
    {
      context: "log",
      statements: [
        "set(log.body, String(log.body)) where log.body != nil and not IsString(log.body)",
        "flatten(log.attributes)",
        // Nobody else may mark anything.
        ...unmark,
        ...unlikeRules.flatMap(everywhere),
      ],
    },
    cardCheck(text),
    { context: "log", statements: [...rules.flatMap(everywhere), ...unmark] },
  ];
}

const attribute = (name: string): string => `resource.attributes[${text(name)}]`;
const set = (target: string, value: string): string => `set(${target}, ${value})`;
const environmentName = attribute("deployment.environment.name");

/**
 * Gives each service of the platform its identity, by `service.name` and, where it is one that the service runs in,
 * `deployment.environment.name` (or its older name, without `.name`). Whatever else comes keeps none: no rule
 * reads it.
 */
function identify(services: readonly Service[]) {
  return [
    {
      statements: [
        ...identity.map((name) => `delete_key(resource.attributes, ${text(name)})`),
        `${set(environmentName, attribute("deployment.environment"))} where ${environmentName} == nil`,
      ],
    },
    ...services.map((service) => ({
      // Not yet identified: the name that one service is given must not be taken for another's own.
      conditions: [
        `${attribute("service")} == nil and ${attribute("service.name")} == ${text(service.otlp?.serviceName ?? service.name)} and (${service.environments
          .map((environment) => `${environmentName} == ${text(environment)}`)
          .join(" or ")})`,
      ],
      statements: [
        set(attribute("service"), text(service.name)),
        // Loki's label `service_name` comes from it, and links to logs ask for it.
        set(attribute("service.name"), text(service.name)),
        set(attribute("team"), text(service.owner)),
        set(attribute(instrumentationLabel), text(service.instrumentation.kind)),
        set(attribute("environment"), environmentName),
      ],
    })),
  ];
}

/** Only these become labels: with every resource attribute as one, each restart would start new series. */
const labelEveryPoint = {
  conditions: [`${attribute("service")} != nil`],
  statements: identity.map((name) => set(`datapoint.attributes[${text(name)}]`, attribute(name))),
};

/** Services whose versions are compared: theirs is the only other attribute of a process that becomes a label. */
const labelVersions = (services: readonly Service[]) =>
  services.flatMap(({ name, versions }) =>
    versions
      ? [
          {
            conditions: [`${attribute("service")} == ${text(name)}`],
            statements: [set(`datapoint.attributes[${text(versions.label)}]`, attribute("service.version"))],
          },
        ]
      : [],
  );
