import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { findTool, freePort, startServer } from "../local/real-servers.ts";
import type { Platform } from "../model/platform.ts";
import { renderLoki } from "../render/loki.ts";

/** A real Loki that is there for drills only, with lines of any age, kept apart by tenant. */
export interface DrillLoki {
  /** `http://127.0.0.1:…`, for `lokiClient`. */
  address: string;
  pid: number;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts Loki with what the platform's own configuration says of labels, limits and schema; undefined where there is
 * no Loki (`npm run tools` provides it). It listens on this computer only and is ended with this process at the latest.
 */
export async function startDrillLoki(platform: Platform): Promise<DrillLoki | undefined> {
  const command = findTool("loki")?.path;
  if (!command) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "firedrill-loki-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const [http, grpc] = [await freePort(), await freePort()];
    const address = `http://127.0.0.1:${http}`;
    writeFileSync(join(folder, "loki.yml"), stringify(drillConfig(platform, http, grpc)));
    const server = await startServer({
      name: "Loki",
      command,
      args: ["-config.file=loki.yml"],
      cwd: folder,
      readyUrl: `${address}/ready`,
      readyTimeoutMs: 60_000,
    });
    return {
      address,
      pid: server.pid,
      async stop() {
        await server.stop();
        remove();
        process.off("exit", remove);
      },
    };
  } catch (error) {
    remove();
    process.off("exit", remove);
    throw error;
  }
}

/** The deployed configuration, but for where it listens, tenants, and everything that keeps old or many lines away. */
function drillConfig(platform: Platform, http: number, grpc: number) {
  const deployed = parse(renderLoki(platform).text);
  const { limits_config, common, server, compactor: _, ruler: __, ...rest } = deployed;
  return {
    ...rest,
    // No frontend, which would wait ten seconds for its scheduler; no compactor and no ruler, which would do nothing.
    target: "distributor,ingester,querier",
    auth_enabled: true,
    server: {
      ...server,
      http_listen_port: http,
      grpc_listen_port: grpc,
      grpc_server_max_recv_msg_size: 1 << 28,
      grpc_server_max_send_msg_size: 1 << 28,
      log_level: "error",
    },
    // Asked for by the querier, and then not used: nothing is ever deleted here.
    common: { ...common, compactor_address: `http://127.0.0.1:${http}` },
    limits_config: {
      ...limits_config,
      retention_period: 0,
      retention_stream: [],
      reject_old_samples: false,
      max_query_length: 0,
      ingestion_rate_mb: 1000,
      ingestion_burst_size_mb: 1000,
      per_stream_rate_limit: "1GB",
      per_stream_rate_limit_burst: "1GB",
    },
    ingester: {
      wal: { enabled: false },
      // What is written to disk is no longer in memory, which is where it is looked for.
      flush_check_period: "24h",
      // Alone: nobody to wait for before it works, nobody to tell when it goes.
      lifecycler: { min_ready_duration: 0, join_after: 0, final_sleep: 0 },
    },
    // It talks to itself: on a busy computer an answer that comes late must not end the connection.
    ingester_client: { remote_timeout: "60s", pool_config: { health_check_ingesters: false } },
    // All lines are still in memory, however old they are.
    querier: { query_ingester_only: true, query_ingesters_within: 0 },
  };
}
