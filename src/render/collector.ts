import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { instrumentationLabel } from "../model/conventions.ts";
import type { Platform, Service } from "../model/platform.ts";
import type { PersonalKind } from "../model/platform-props.ts";
import { lokiAddress } from "./loki.ts";
import { masking } from "./masking.ts";
import { plain, text } from "./ottl.ts";
import { prometheusAddress } from "./prometheus.ts";
import { keyedAttributes } from "./redaction.ts";

/** What identifies a service on everything that it sends; set here, removed when the service sets it itself. */
const identity = ["environment", "service", "team", instrumentationLabel];

/**
 * The OpenTelemetry Collector between services that send OTLP and the stores: it says whose data it is and passes
 * metrics on to Prometheus, logs on to Loki and spans on to Tempo. No file where nothing would flow through it.
 */
export function renderCollector(platform: Platform): Artifact[] {
  const senders = platform.services.filter(({ otlp }) => otlp);
  const logs = platform.featureOn("logging");
  const { traces } = platform;
  if (!platform.featureOn("otlp") || (senders.length === 0 && !logs && !traces)) return [];
  const metrics = senders.length > 0;
  const readable = platform.logs?.readable ?? [];
  const cleaned = [
    "memory_limiter",
    "transform/identity",
    "transform/flatten",
    "redaction/secrets",
    "transform/redact",
    "batch",
  ];
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
        ...(traces && { trace_statements: identify(platform.services) }),
      },
      ...((logs || traces) && {
        // What is deep within has its name before names are looked at.
        "transform/flatten": {
          error_mode: "propagate",
          ...(logs && { log_statements: [flatten("log")] }),
          ...(traces && { trace_statements: [flatten("span"), flatten("spanevent")] }),
        },
        "redaction/secrets": {
          allow_all_keys: true,
          blocked_key_patterns: keyedAttributes(readable).map(plain),
          summary: "silent",
        },
        "transform/redact": {
          error_mode: "propagate",
          ...(logs && { log_statements: redactLogs(readable) }),
          ...(traces && { trace_statements: redactSpans(readable) }),
        },
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
      ...(traces && { [tempoExporter]: { endpoint: plain(traces.otlp) } }),
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
            processors: cleaned,
            exporters: ["otlp_http"],
          },
        }),
        ...(traces && { traces: { receivers: ["otlp"], processors: cleaned, exporters: [tempoExporter] } }),
      },
    },
  };
  return [yamlArtifact("collector/collector.yml", config)];
}

const tempoExporter = "otlp_http/tempo";

const flatten = (context: string) => ({ context, statements: [`flatten(${context}.attributes)`] });

/**
 * In the text of each line and in what stands beside it. What is no text becomes one first, as Loki would make it one:
 * so nothing is hidden. A line of which this fails is not passed on.
 */
function redactLogs(readable: readonly PersonalKind[]) {
  const places = { context: "log", texts: ["log.body"], attributes: "log.attributes" };
  const asText = [
    "set(log.body, String(log.body)) where log.body != nil and not IsString(log.body)",
    "stringify_all(log.attributes)",
  ];
  return [{ context: "log", statements: asText }, ...masking(places, readable)];
}

/** In what a span is called, in what it says of its end, in its attributes and in those of what happened in it. */
function redactSpans(readable: readonly PersonalKind[]) {
  const whole = (context: string, names: readonly string[]) =>
    masking(
      { context, texts: names.map((name) => `${context}.${name}`), attributes: `${context}.attributes` },
      readable,
    );
  return [...whole("span", ["name", "status.message"]), ...whole("spanevent", ["name"])];
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
