import { signal } from "../src/model/pack.ts";
import { formatDuration, minutes } from "../src/model/quantity.ts";
import { from, perInstance } from "./exporter-watch.ts";
import { supabaseExporters } from "./supabase.exporter.ts";

/** Five samples, or four where one is lost: a minute apart is as often as there are new ones. */
const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
const these = from(supabaseExporters);
const perFileSystem = [...perInstance, "mountpoint"];

const by = (operation: string, labels: readonly string[], expr: string): string =>
  `${operation} by (${labels.join(", ")}) (${expr})`;
const sum = (expr: string): string => by("sum", perInstance, expr);
const max = (expr: string): string => by("max", perInstance, expr);
const metric = (name: string, ...matchers: string[]): string => `${name}{${[these, ...matchers].join(", ")}}`;
const rateOf = (name: string, ...matchers: string[]): string => `rate(${metric(name, ...matchers)}[${window}])`;

export const databaseUp = signal({
  name: "supabase_database_up",
  title: "Databases that take connections",
  description: "1 where Supabase could connect to the database at its last look, 0 where it could not.",
  unit: "count",
  labels: perInstance,
  series: "instance:supabase_database_up:min",
  fact: "answers",
  source: { once: by("min", perInstance, metric("pg_up")) },
});

export const readOnly = signal({
  name: "supabase_read_only",
  title: "Databases that take no writes",
  description: "1 where a project begins its transactions read-only, 0 where it does not.",
  unit: "count",
  labels: perInstance,
  series: "instance:supabase_read_only:max",
  fact: "readOnly",
  source: { once: max(metric("pg_settings_default_transaction_read_only")) },
});

export const connectionUse = signal({
  name: "supabase_connection_use",
  title: "Connections in use",
  description: "Connections to the database, those of Supabase's own services included, as a share of all it allows.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:supabase_connections:ratio",
  fact: "connectionUse",
  source: {
    once: `${max(metric("pg_stat_database_num_backends"))} / ${max(metric("max_connections_connection_count"))}`,
  },
});

export const queryTime = signal({
  name: "supabase_query_time",
  title: "Average time of a query",
  description: "Time that queries took, by their number, over the last 5 minutes (pg_stat_statements).",
  unit: "seconds",
  labels: perInstance,
  series: "instance:supabase_query_seconds:avg5m",
  window: rateWindow,
  fact: "queryTime",
  source: {
    once: `${sum(rateOf("pg_stat_statements_total_time_seconds"))} / ${sum(rateOf("pg_stat_statements_total_queries"))}`,
  },
});

export const replicationLag = signal({
  name: "supabase_replication_lag",
  title: "How far read replicas are behind",
  description: "Age of the last transaction that the read replica has replayed.",
  unit: "seconds",
  labels: perInstance,
  series: "instance:supabase_replication_lag_seconds:max",
  fact: "replicationLag",
  source: { once: max(metric("physical_replication_lag_physical_replication_lag_seconds")) },
});

export const slotBacklog = signal({
  name: "supabase_slot_backlog",
  title: "WAL kept for replication slots",
  description:
    "Bytes of WAL that the slot that is furthest behind has not confirmed: Realtime, a read replica, or a consumer of yours.",
  unit: "bytes",
  labels: perInstance,
  series: "instance:supabase_wal_kept_bytes:max",
  fact: "slotBacklog",
  source: { once: max(metric("replication_slots_max_lag_bytes")) },
});

export const databaseSize = signal({
  name: "supabase_database_size",
  title: "Size of the databases",
  description: "What all databases take on the disk, without WAL.",
  unit: "bytes",
  labels: perInstance,
  series: "instance:supabase_database_bytes:sum",
  fact: "databaseSize",
  source: { once: sum(metric("pg_database_size_bytes", 'datname!~"template.*"')) },
});

export const diskUse = signal({
  name: "supabase_disk_use",
  title: "Disk space in use",
  description: "Of the system's disk (/) and of the database's (/data).",
  unit: "ratio",
  labels: perFileSystem,
  series: "filesystem:supabase_disk_used:ratio",
  fact: "diskUse",
  source: {
    once: by(
      "max",
      perFileSystem,
      `(${metric("node_filesystem_size_bytes")} - ${metric("node_filesystem_avail_bytes")}) / ${metric("node_filesystem_size_bytes")}`,
    ),
  },
});

export const cpuUse = signal({
  name: "supabase_cpu_use",
  title: "Processors busy",
  description:
    "Time that the processors worked or were withheld by the hypervisor, as a share of all, over the last 5 minutes.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:supabase_cpu_busy:ratio5m",
  window: rateWindow,
  fact: "cpuUse",
  source: {
    once: `${sum(rateOf("node_cpu_seconds_total", 'mode!~"idle|iowait"'))} / ${sum(rateOf("node_cpu_seconds_total"))}`,
  },
});

export const memoryUse = signal({
  name: "supabase_memory_use",
  title: "Memory in use",
  description: "Memory that the database cannot get without swapping, as a share of all. Its cache counts as free.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:supabase_memory_used:ratio",
  fact: "memoryUse",
  source: {
    once: max(
      `(${metric("node_memory_MemTotal_bytes")} - ${metric("node_memory_MemAvailable_bytes")}) / ${metric("node_memory_MemTotal_bytes")}`,
    ),
  },
});

/** Supabase asks for Auth's health all the time; that says nothing of those who sign in. */
const ofPeople = 'http_route!="/health"';

export const authRequests = signal({
  name: "supabase_auth_requests",
  title: "Requests to Auth per second",
  description: "Sign-ins, sign-ups, renewed sessions and the like, over the last 5 minutes; without health checks.",
  unit: "events/second",
  labels: perInstance,
  series: "instance:supabase_auth_requests:rate5m",
  window: rateWindow,
  fact: "authRequests",
  source: { once: sum(rateOf("http_status_codes_total", ofPeople)) },
});

export const authErrors = signal({
  name: "supabase_auth_errors",
  title: "Share of requests to Auth that fail",
  description:
    "Answers with a status of 5xx, as a share of all but health checks, over the last 5 minutes. A wrong password is none.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:supabase_auth_errors:ratio5m",
  window: rateWindow,
  fact: "authErrors",
  source: {
    // A status that has not occurred has no series: then that is zero, not absent.
    once: `(${sum(rateOf("http_status_codes_total", ofPeople, 'code=~"5.."'))} or 0 * ${authRequests.series}) / ${authRequests.series}`,
  },
});

export const poolTimeouts = signal({
  name: "supabase_api_pool_timeouts",
  title: "Requests to the API that get no connection, per second",
  description:
    "Requests that PostgREST answered with 504 because none of its connections to the database became free, over the last 5 minutes.",
  unit: "events/second",
  labels: perInstance,
  series: "instance:supabase_api_pool_timeouts:rate5m",
  window: rateWindow,
  fact: "poolTimeouts",
  source: { once: sum(rateOf("pgrst_db_pool_timeouts_total")) },
});

export const subscriptions = signal({
  name: "supabase_realtime_subscriptions",
  title: "Realtime subscriptions",
  description: "Client subscriptions that listen for changes of the database.",
  unit: "count",
  labels: perInstance,
  series: "instance:supabase_realtime_subscriptions:max",
  fact: "subscriptions",
  source: { once: max(metric("realtime_postgres_changes_client_subscriptions")) },
});
