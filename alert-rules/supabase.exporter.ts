import type { Exporter, ExporterMetric, Fact, Facts, Scraped } from "../src/model/exporter.ts";
import { bytes, count, eventsPerSecond, hours, minutes, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of every database of a Supabase project, of the machine below it, and of the API in front. */
const facts = {
  answers: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a database that takes no connections" : "a database that answers"),
    isYesOrNo: true,
  },
  connectionUse: { usual: percent(30), furthest: ratio(1), words: (value) => `${value} of connections in use` },
  queryTime: { usual: seconds(0.005), furthest: seconds(30), words: (value) => `queries of ${value} on average` },
  databaseSize: { usual: bytes(3e9), furthest: bytes(2 ** 40), words: (value) => `a database of ${value}` },
  diskUse: { usual: percent(40), furthest: ratio(1), words: (value) => `${value} of the database's disk in use` },
  processors: { usual: count(2), furthest: count(64), words: (value) => `${value} processors` },
  cpuUse: { usual: percent(20), furthest: ratio(1), words: (value) => `processors busy for ${value} of the time` },
  memoryUse: { usual: percent(60), furthest: ratio(1), words: (value) => `${value} of memory in use` },
  poolTimeouts: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(100),
    words: (value) => `${value} requests to the API that get no connection`,
  },
} satisfies Record<string, Fact>;

/** What only the primary knows: of writes, of who reads its WAL, and of Auth and Realtime. */
const primaryFacts = {
  readOnly: {
    usual: count(0),
    furthest: count(1),
    words: (value) => (value === "0" ? "a database that takes writes" : "a database that takes no writes"),
    isYesOrNo: true,
  },
  slotBacklog: {
    usual: bytes(16 * 2 ** 20),
    furthest: bytes(2 ** 40),
    words: (value) => `${value} of WAL kept for a slot`,
  },
  authRequests: {
    usual: eventsPerSecond(4),
    furthest: eventsPerSecond(2000),
    words: (value) => `${value} requests to Auth`,
  },
  authErrors: { usual: percent(0.1), furthest: ratio(1), words: (value) => `${value} of requests to Auth failing` },
  subscriptions: {
    usual: count(40),
    furthest: count(10_000),
    words: (value) => `${value} Realtime clients`,
  },
} satisfies Record<string, Fact>;

const replicaFacts = {
  replicationLag: {
    usual: seconds(0.2),
    furthest: hours(2),
    words: (value) => `a read replica that is ${value} behind`,
  },
} satisfies Record<string, Fact>;

const maximumConnections = 200;
const bytesOfMemory = 4_000_000_000;
const bytesOfDisk = 100_000_000_000;
const queriesPerSecond = 50;

/** Labels by which the parts of the answer are told apart. */
const project = "abcdefghijklmnopqrst";
const part = (service_type: string) => ({
  supabase_project_ref: project,
  supabase_identifier: project,
  service_type,
});
const machine = part("db");
const database = part("postgresql");
const server = { ...database, server: "localhost:5432" };
const auth = part("gotrue");
const api = part("postgrest");

/** Two processors tell of all of them: each counts half of the time that these spend in a mode. */
const processorTime = (mode: string, shareOf: (busy: number) => number): ExporterMetric[] =>
  ["0", "1"].map((cpu) => ({
    name: "node_cpu_seconds_total",
    type: "counter",
    labels: { ...machine, cpu, mode },
    grows: ({ processors = 0, cpuUse = 0 }) => (processors / 2) * shareOf(cpuUse),
  }));

/** The system's own disk is about as full all the time; the database lies on the other. */
const fileSystem = (device: string, mountpoint: string, usedOf: (facts: Facts) => number): ExporterMetric[] => {
  const labels = { ...machine, device, fstype: "ext4", mountpoint };
  return [
    { name: "node_filesystem_size_bytes", type: "gauge", labels, is: () => bytesOfDisk },
    {
      name: "node_filesystem_avail_bytes",
      type: "gauge",
      labels,
      is: (now) => bytesOfDisk - Math.round(usedOf(now) * bytesOfDisk),
    },
  ];
};

const sizeOf = (datname: string, is: ExporterMetric["is"]): ExporterMetric => ({
  name: "pg_database_size_bytes",
  type: "gauge",
  labels: { ...database, datname },
  is,
});

/** Auth's requests by route and status; a pair that has not occurred has no series. */
const answered = (http_route: string, code: string, grows: ExporterMetric["grows"]): ExporterMetric => ({
  name: "http_status_codes_total",
  type: "counter",
  labels: { ...auth, http_route, code },
  whole: true,
  fromFirst: true,
  grows,
});

const metrics: readonly ExporterMetric[] = [
  { name: "pg_up", type: "gauge", labels: database, is: ({ answers = 0 }) => answers },
  { name: "max_connections_connection_count", type: "gauge", labels: server, is: () => maximumConnections },
  {
    name: "pg_stat_database_num_backends",
    type: "gauge",
    labels: server,
    is: ({ connectionUse = 0 }) => Math.round(connectionUse * maximumConnections),
  },
  {
    name: "pg_stat_statements_total_queries",
    type: "counter",
    labels: server,
    whole: true,
    grows: () => queriesPerSecond,
  },
  {
    name: "pg_stat_statements_total_time_seconds",
    type: "counter",
    labels: server,
    grows: ({ queryTime = 0 }) => queriesPerSecond * queryTime,
  },
  // What a template database takes is little, and always the same.
  sizeOf("template0", () => 8_000_000),
  sizeOf("postgres", ({ databaseSize = 0 }) => databaseSize),
  ...processorTime("user", (busy) => busy),
  ...processorTime("idle", (busy) => (1 - busy) / 2),
  ...processorTime("iowait", (busy) => (1 - busy) / 2),
  { name: "node_memory_MemTotal_bytes", type: "gauge", labels: machine, is: () => bytesOfMemory },
  {
    name: "node_memory_MemAvailable_bytes",
    type: "gauge",
    labels: machine,
    is: ({ memoryUse = 0 }) => bytesOfMemory - Math.round(memoryUse * bytesOfMemory),
  },
  ...fileSystem("/dev/nvme0n1p2", "/", () => 0.5),
  ...fileSystem("/dev/nvme1n1", "/data", ({ diskUse = 0 }) => diskUse),
  {
    name: "pgrst_db_pool_timeouts_total",
    type: "counter",
    labels: api,
    whole: true,
    grows: ({ poolTimeouts = 0 }) => poolTimeouts,
  },
];

const primaryMetrics: readonly ExporterMetric[] = [
  {
    name: "pg_settings_default_transaction_read_only",
    type: "gauge",
    labels: server,
    is: ({ readOnly = 0 }) => readOnly,
  },
  {
    name: "replication_slots_max_lag_bytes",
    type: "gauge",
    labels: server,
    is: ({ slotBacklog = 0 }) => slotBacklog,
  },
  answered("/token", "200", ({ authRequests = 0, authErrors = 0 }) => authRequests - authRequests * authErrors),
  answered("/token", "500", ({ authRequests = 0, authErrors = 0 }) => authRequests * authErrors),
  // Whatever happens to people who sign in, Supabase itself asks how it goes, once a second.
  answered("/health", "200", () => 1),
  {
    name: "realtime_postgres_changes_client_subscriptions",
    type: "gauge",
    labels: server,
    is: ({ subscriptions = 0 }) => subscriptions,
  },
];

const replicaMetrics: readonly ExporterMetric[] = [
  {
    name: "physical_replication_lag_physical_replication_lag_seconds",
    type: "gauge",
    labels: server,
    is: ({ replicationLag = 0 }) => replicationLag,
  },
];

/**
 * The metrics that Supabase shows of a hosted project: of its primary, and of each read replica under an address of its
 * own. They are in beta: names are those of `metrics.md` in Supabase's repository supabase-grafana (2025). They are
 * renewed once a minute, and only the service role may read them.
 */
const scraped: Scraped = {
  path: "/customer/v1/privileged/metrics",
  scheme: "https",
  username: "service_role",
  interval: minutes(1),
};

export const supabaseProject: Exporter = {
  id: "supabase",
  title: "Supabase (hosted project)",
  scraped,
  facts: { ...facts, ...primaryFacts },
  metrics: [...metrics, ...primaryMetrics],
};

export const supabaseReplica: Exporter = {
  id: "supabase-replica",
  title: "Supabase (read replica of a project)",
  scraped,
  facts: { ...facts, ...replicaFacts },
  metrics: [...metrics, ...replicaMetrics],
};

export const supabaseExporters: readonly Exporter[] = [supabaseProject, supabaseReplica];
