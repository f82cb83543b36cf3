import type { Exporter } from "../src/model/exporter.ts";
import { signal } from "../src/model/pack.ts";
import { formatDuration, minutes } from "../src/model/quantity.ts";
import { from, perInstance } from "./exporter-watch.ts";
import { postgresExporters } from "./postgres.exporter.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
const perDatabase = [...perInstance, "datname"];
const perTable = [...perDatabase, "schemaname", "relname"];
const perSlot = [...perInstance, "slot_name"];
const these = from(postgresExporters);

const sumBy = (labels: readonly string[], expr: string): string => `sum by (${labels.join(", ")}) (${expr})`;
const maxBy = (labels: readonly string[], expr: string): string => `max by (${labels.join(", ")}) (${expr})`;
/** Of clients: workers of the server itself need no connection, and a vacuum may take hours. */
const ofClients = 'backend_type="client backend"';
const metric = (name: string, ...matchers: string[]): string => `${name}{${[these, ...matchers].join(", ")}}`;
const rateOf = (name: string): string => `rate(${metric(name)}[${window}])`;

export const serverUp = signal({
  name: "postgres_up",
  title: "Servers that take connections",
  description: "1 where the exporter could connect to its server at the last scrape, 0 where it could not.",
  unit: "count",
  labels: perInstance,
  series: "instance:postgres_up:min",
  fact: "answers",
  source: { once: `min by (${perInstance.join(", ")}) (${metric("pg_up")})` },
});

export const connectionUse = signal({
  name: "postgres_connection_use",
  title: "Connections in use",
  description: "Connections of all databases, as a share of those that are not kept for superusers.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:postgres_connections:ratio",
  fact: "connectionUse",
  source: {
    once: [
      sumBy(perInstance, metric("pg_stat_activity_count", ofClients)),
      `/ ${sumBy(perInstance, `${metric("pg_settings_max_connections")} - ${metric("pg_settings_superuser_reserved_connections")}`)}`,
    ].join(" "),
  },
});

export const longestTransaction = signal({
  name: "postgres_longest_transaction",
  title: "Longest open transaction",
  description:
    "How long the oldest transaction of the database has been open: it holds locks, and keeps vacuum from its work.",
  unit: "seconds",
  labels: perDatabase,
  series: "database:postgres_transaction_seconds:max",
  fact: "longestTransaction",
  source: { once: maxBy(perDatabase, metric("pg_stat_activity_max_tx_duration", ofClients)) },
});

export const queryTime = signal({
  name: "postgres_query_time",
  title: "Average time of a query",
  description: "Time that queries of the database took, by their number, over the last 5 minutes (pg_stat_statements).",
  unit: "seconds",
  labels: perDatabase,
  series: "database:postgres_query_seconds:avg5m",
  window: rateWindow,
  fact: "queryTime",
  source: {
    once: `${sumBy(perDatabase, rateOf("pg_stat_statements_seconds_total"))} / ${sumBy(perDatabase, rateOf("pg_stat_statements_calls_total"))}`,
  },
});

export const lockUse = signal({
  name: "postgres_lock_use",
  title: "Locks taken",
  description: "Locks that are held or waited for, as a share of all that the server has room for.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:postgres_locks:ratio",
  fact: "lockUse",
  source: {
    once: [
      sumBy(perInstance, metric("pg_locks_count")),
      `/ ${sumBy(perInstance, `${metric("pg_settings_max_locks_per_transaction")} * ${metric("pg_settings_max_connections")}`)}`,
    ].join(" "),
  },
});

export const deadlockRate = signal({
  name: "postgres_deadlocks",
  title: "Deadlocks per second",
  description:
    "Transactions of the database that Postgres ended because they waited for each other, over the last 5 minutes.",
  unit: "events/second",
  labels: perDatabase,
  series: "database:postgres_deadlocks:rate5m",
  window: rateWindow,
  fact: "deadlocks",
  source: { once: sumBy(perDatabase, rateOf("pg_stat_database_deadlocks")) },
});

export const blockRate = signal({
  name: "postgres_blocks",
  title: "Blocks read per second",
  description: "Blocks that queries of the database asked for, from the cache or the disk, over the last 5 minutes.",
  unit: "events/second",
  labels: perDatabase,
  series: "database:postgres_blocks:rate5m",
  window: rateWindow,
  fact: "blocks",
  source: {
    once: `${sumBy(perDatabase, rateOf("pg_stat_database_blks_hit"))} + ${sumBy(perDatabase, rateOf("pg_stat_database_blks_read"))}`,
  },
});

export const cacheHits = signal({
  name: "postgres_cache_hits",
  title: "Blocks found in the cache",
  description: "Blocks that were in shared buffers, as a share of all that were asked for, over the last 5 minutes.",
  unit: "ratio",
  labels: perDatabase,
  series: "database:postgres_cache_hits:ratio5m",
  window: rateWindow,
  fact: "cacheHits",
  source: { once: `${sumBy(perDatabase, rateOf("pg_stat_database_blks_hit"))} / ${blockRate.series}` },
});

export const replicationLag = signal({
  name: "postgres_replication_lag",
  title: "How far replicas are behind",
  description: "Age of the last transaction that the replica has replayed. A primary is always at zero.",
  unit: "seconds",
  labels: perInstance,
  series: "instance:postgres_replication_lag_seconds:max",
  fact: "replicationLag",
  source: { once: maxBy(perInstance, metric("pg_replication_lag_seconds")) },
});

export const slotBacklog = signal({
  name: "postgres_slot_backlog",
  title: "WAL kept for replication slots",
  description:
    "Bytes of WAL that may not be removed, because the slot's reader has not confirmed them. They fill the disk.",
  unit: "bytes",
  labels: perSlot,
  series: "slot:postgres_wal_kept_bytes:max",
  fact: "slotBacklog",
  source: { once: maxBy(perSlot, metric("pg_replication_slots_pg_wal_lsn_diff")) },
});

const slotIsActive = ({ id, metrics }: Exporter): string => {
  const name = metrics.find((one) => one.name.endsWith("_slot_is_active"))?.name ?? "";
  return `min by (${perSlot.join(", ")}) (${name}{${from([{ id } as Exporter])}})`;
};

export const slotInUse = signal({
  name: "postgres_slot_in_use",
  title: "Replication slots that are read",
  description: "1 where somebody reads the slot, 0 where nobody does.",
  unit: "count",
  labels: perSlot,
  series: "slot:postgres_slot_active:min",
  fact: "slotInUse",
  source: { perExporter: slotIsActive },
});

export const tableRows = signal({
  name: "postgres_table_rows",
  title: "Rows of the largest tables",
  description: "Rows of each table, dead ones included, as the statistics have them.",
  unit: "count",
  labels: perTable,
  series: "table:postgres_rows:max",
  fact: "tableRows",
  source: {
    once: `${maxBy(perTable, metric("pg_stat_user_tables_n_dead_tup"))} + ${maxBy(perTable, metric("pg_stat_user_tables_n_live_tup"))}`,
  },
});

export const deadRows = signal({
  name: "postgres_dead_rows",
  title: "Dead rows of the worst tables",
  description: "Rows that are deleted or outdated and not yet vacuumed, as a share of all rows of the table.",
  unit: "ratio",
  labels: perTable,
  series: "table:postgres_dead_rows:ratio",
  fact: "deadRows",
  source: { once: `${maxBy(perTable, metric("pg_stat_user_tables_n_dead_tup"))} / ${tableRows.series}` },
});

export const transactionAge = signal({
  name: "postgres_transaction_age",
  title: "Age of the oldest transaction id",
  description: "Transactions since the oldest that is not frozen. At about 2.1 billion the server stops taking writes.",
  unit: "count",
  labels: perDatabase,
  series: "database:postgres_transaction_age:max",
  fact: "transactionAge",
  source: { once: maxBy(perDatabase, metric("pg_database_wraparound_age_datfrozenxid_seconds")) },
});

const databases = sumBy(perInstance, metric("pg_database_size_bytes"));

export const dataSize = signal({
  name: "postgres_size",
  title: "Size of data and WAL",
  description: "What all databases of the server take on its disk, and its WAL, where the exporter may see that.",
  unit: "bytes",
  labels: perInstance,
  series: "instance:postgres_size_bytes:sum",
  fact: "size",
  source: { once: `${databases} + (${sumBy(perInstance, metric("pg_wal_size_bytes"))} or 0 * ${databases})` },
});
