import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import type { Platform } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";

/** Where the local Loki listens; the collector and Grafana reach it there. */
export const lokiAddress = "127.0.0.1:3100";

/**
 * Loki as one process with its data below the folder it is started in. Retention needs the compactor: without
 * `retention_enabled` Loki keeps everything for ever.
 */
export function renderLoki(platform: Platform): Artifact {
  const [host, port] = lokiAddress.split(":");
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
    },
    compactor: { retention_enabled: true, delete_request_store: "filesystem" },
  });
}
