import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { identityLabels } from "../model/conventions.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { allPromises } from "../model/promises.ts";
import { promqlString } from "../model/promql.ts";
import { formatDuration } from "../model/quantity.ts";
import { alertmanagerAddress } from "./alertmanager.ts";

/** Where the local Loki listens; the collector and Grafana reach it there. */
export const lokiAddress = "127.0.0.1:3100";

/** What Loki calls its only tenant where it asks nobody who they are; its ruler reads the folder of that name. */
export const lokiTenant = "fake";

/**
 * Loki as one process with its data below the folder it is started in. Retention needs the compactor: without
 * `retention_enabled` Loki keeps everything for ever.
 */
export function renderLoki(platform: Platform): Artifact {
  const [host, port] = lokiAddress.split(":");
  // Every stream has one environment, so that of two of these never both match.
  const streams = Object.entries(platform.retention.logsIn).map(([environment, kept]) => ({
    selector: `{environment=${promqlString(environment)}}`,
    priority: 1,
    period: formatDuration(kept),
  }));
  return yamlArtifact("loki/loki.yml", {
    auth_enabled: false,
    server: {
      http_listen_address: host,
      http_listen_port: Number(port),
      grpc_listen_address: host,
      grpc_listen_port: 9096,
    },
    analytics: { reporting_enabled: false },
    common: {
      instance_addr: host,
      path_prefix: "data",
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: { filesystem: { chunks_directory: "data/chunks", rules_directory: "data/rules" } },
    },
    schema_config: {
      // A changed date or schema of an entry orphans the logs written under it: add entries, change none.
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    limits_config: {
      allow_structured_metadata: true,
      retention_period: formatDuration(platform.retention.logs),
      ...(streams.length > 0 && { retention_stream: streams }),
      // Whose a line is says the collector; rules choose by it and keep it, so it must be a label.
      otlp_config: {
        resource_attributes: { attributes_config: [{ action: "index_label", attributes: [...identityLabels] }] },
      },
    },
    ...(hasLogRules(platform) && { ruler: ruler(platform) }),
    compactor: { retention_enabled: true, delete_request_store: "filesystem" },
  });
}

const hasLogRules = ({ services }: Platform): boolean =>
  services.some((service) => allPromises(service).some(({ alert }) => isLogSignal(alert.signal)));

/** Evaluates the rules beside this file and sends alerts to the same Alertmanager as Prometheus does. */
const ruler = ({ intervals }: Platform) => ({
  alertmanager_url: `http://${alertmanagerAddress}`,
  enable_alertmanager_v2: true,
  evaluation_interval: formatDuration(intervals.evaluation),
  // Shows the rules and their state at /prometheus/api/v1/rules.
  enable_api: true,
  ring: { kvstore: { store: "inmemory" } },
  storage: { type: "local", local: { directory: "rules" } },
  rule_path: "data/rules-temp",
});
