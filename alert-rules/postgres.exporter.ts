import { type Exporter, type ExporterMetric, type Fact, type Facts, partOf } from "../src/model/exporter.ts";
import { bytes, count, eventsPerSecond, hours, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of a Postgres server, and of each of its databases. */
const facts = {
  answers: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a server that takes no connections" : "a server that answers"),
    isYesOrNo: true,
  },
  connectionUse: { usual: percent(30), furthest: ratio(1), words: (value) => `${value} of connections in use` },
  longestTransaction: {
    usual: seconds(2),
    furthest: hours(6),
    words: (value) => `a transaction that is open for ${value}`,
    perPlace: true,
  },
  queryTime: {
    usual: seconds(0.005),
    furthest: seconds(30),
    words: (value) => `queries of ${value} on average`,
    perPlace: true,
  },
  lockUse: { usual: percent(1), furthest: ratio(1), words: (value) => `${value} of locks taken` },
  deadlocks: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(10),
    words: (value) => `${value} deadlocks`,
    perPlace: true,
  },
  blocks: {
    usual: eventsPerSecond(2000),
    furthest: eventsPerSecond(10_000),
    words: (value) => `${value} blocks read`,
    perPlace: true,
  },
  cacheHits: {
    usual: percent(99.5),
    furthest: ratio(0),
    words: (value) => `${value} of blocks from the cache`,
    perPlace: true,
  },
  replicationLag: { usual: seconds(0.2), furthest: hours(2), words: (value) => `a replica that is ${value} behind` },
  slotBacklog: {
    usual: bytes(16 * 2 ** 20),
    furthest: bytes(2 ** 40),
    words: (value) => `${value} of WAL kept for a slot`,
  },
  slotInUse: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a slot that nobody reads" : "a slot that is read"),
    isYesOrNo: true,
  },
  deadRows: { usual: percent(2), furthest: percent(90), words: (value) => `${value} dead rows`, perPlace: true },
  tableRows: {
    usual: count(1_000_000),
    furthest: count(100_000_000),
    words: (value) => `a table of ${value} rows`,
    perPlace: true,
  },
  size: {
    usual: bytes(20 * 2 ** 30),
    furthest: bytes(2 ** 50),
    words: (value) => `${value} of data and WAL`,
  },
  transactionAge: {
    usual: count(150_000_000),
    furthest: count(2_100_000_000),
    words: (value) => `transaction ids of age ${value}`,
    perPlace: true,
  },
} satisfies Record<string, Fact>;

/**
 * `max_connections`, of which these are kept for superusers; and `max_locks_per_transaction`. So many that a threshold of
 * any share is a whole number of connections, and of locks.
 */
const connections = 125_000;
const reserved = 25_000;
const locksPerTransaction = 8;

/** The label `backend_type` of what a client has connected. */
const client = "client backend";
const vacuumWorkers = 3;

/** So many connections are at work; the others of those in use are idle. */
const active = 4;
const inUse = ({ connectionUse = 0 }: Facts) => Math.round(connectionUse * (connections - reserved));

const dead = ({ deadRows = 0, tableRows = 0 }: Facts) => Math.round(deadRows * tableRows);

const queriesPerSecond = 50;

/** WAL that the server keeps, of all that it has on the disk. */
const wal = ({ size = 0 }: Facts) => Math.min(2 ** 30, Math.floor(size / 2));

/** Names that changed with 0.20. */
const slotInUse = (name: string): ExporterMetric => ({
  name,
  type: "gauge",
  labels: { slot_name: "replica", slot_type: "physical" },
  is: ({ slotInUse: value = 0 }) => value,
});

/** Without labels that the pack's signals add up, such as `usename` and `datid`. */
const metrics: readonly ExporterMetric[] = [
  { name: "pg_up", type: "gauge", is: ({ answers = 0 }) => answers },
  { name: "pg_settings_max_connections", type: "gauge", is: () => connections },
  { name: "pg_settings_superuser_reserved_connections", type: "gauge", is: () => reserved },
  { name: "pg_settings_max_locks_per_transaction", type: "gauge", is: () => locksPerTransaction },
  {
    name: "pg_stat_activity_count",
    type: "gauge",
    labels: { backend_type: client, state: "active" },
    perPlace: true,
    is: (now, at) => partOf(Math.min(active, inUse(now)), at),
  },
  {
    name: "pg_stat_activity_count",
    type: "gauge",
    labels: { backend_type: client, state: "idle" },
    perPlace: true,
    is: (now, at) => partOf(Math.max(0, inUse(now) - active), at),
  },
  // Workers of the server itself take no connection, and a vacuum may well take hours.
  {
    name: "pg_stat_activity_count",
    type: "gauge",
    labels: { backend_type: "autovacuum worker", state: "active" },
    perPlace: true,
    is: (_, at) => partOf(vacuumWorkers, at),
  },
  {
    name: "pg_stat_activity_max_tx_duration",
    type: "gauge",
    labels: { backend_type: "autovacuum worker", state: "active" },
    perPlace: true,
    is: () => hours(3).value,
  },
  {
    name: "pg_stat_activity_max_tx_duration",
    type: "gauge",
    labels: { backend_type: client, state: "active" },
    perPlace: true,
    is: ({ longestTransaction = 0 }) => longestTransaction,
  },
  {
    name: "pg_stat_statements_calls_total",
    type: "counter",
    perPlace: true,
    whole: true,
    grows: () => queriesPerSecond,
  },
  {
    name: "pg_stat_statements_seconds_total",
    type: "counter",
    perPlace: true,
    grows: ({ queryTime = 0 }) => queriesPerSecond * queryTime,
  },
  {
    name: "pg_locks_count",
    type: "gauge",
    labels: { mode: "accesssharelock" },
    perPlace: true,
    is: ({ lockUse = 0 }, at) => partOf(Math.round(lockUse * locksPerTransaction * connections), at),
  },
  {
    name: "pg_stat_database_deadlocks",
    type: "counter",
    perPlace: true,
    whole: true,
    grows: ({ deadlocks = 0 }) => deadlocks,
  },
  {
    name: "pg_stat_database_blks_hit",
    type: "counter",
    perPlace: true,
    whole: true,
    grows: ({ blocks = 0, cacheHits = 0 }) => blocks * cacheHits,
  },
  {
    name: "pg_stat_database_blks_read",
    type: "counter",
    perPlace: true,
    whole: true,
    grows: ({ blocks = 0, cacheHits = 0 }) => blocks - blocks * cacheHits,
  },
  { name: "pg_replication_lag_seconds", type: "gauge", is: ({ replicationLag = 0 }) => replicationLag },
  {
    name: "pg_replication_slots_pg_wal_lsn_diff",
    type: "gauge",
    labels: { slot_name: "replica" },
    is: ({ slotBacklog = 0 }) => slotBacklog,
  },
  {
    name: "pg_stat_user_tables_n_live_tup",
    type: "gauge",
    labels: { schemaname: "public", relname: "items" },
    perPlace: true,
    is: (now) => (now.tableRows ?? 0) - dead(now),
  },
  {
    name: "pg_stat_user_tables_n_dead_tup",
    type: "gauge",
    labels: { schemaname: "public", relname: "items" },
    perPlace: true,
    is: dead,
  },
  {
    name: "pg_database_size_bytes",
    type: "gauge",
    perPlace: true,
    is: (now, at) => partOf((now.size ?? 0) - wal(now), at),
  },
  { name: "pg_wal_size_bytes", type: "gauge", is: wal },
  {
    // It counts transactions, whatever its name says.
    name: "pg_database_wraparound_age_datfrozenxid_seconds",
    type: "gauge",
    perPlace: true,
    is: ({ transactionAge = 0 }) => transactionAge,
  },
];

/**
 * postgres_exporter (prometheus-community), with `--collector.stat_statements` and `--collector.database_wraparound`,
 * which are off by default. Names from the source code of 0.20 and of 0.19, which Grafana Alloy embeds.
 */
const postgresExporterWith = (id: string, title: string, slots: string): Exporter => ({
  id,
  title,
  places: { key: "databases", label: "datname", title: "database", default: ["postgres"] },
  facts,
  metrics: [...metrics, slotInUse(`${slots}_slot_is_active`)],
});

export const postgresExporters: readonly Exporter[] = [
  postgresExporterWith("postgres-exporter", "postgres_exporter", "pg_replication_slots"),
  postgresExporterWith("postgres-exporter-0.19", "postgres_exporter before 0.20", "pg_replication_slot"),
];
