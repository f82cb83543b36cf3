import { alert, type Pack } from "../src/model/pack.ts";
import { bytes, count, eventsPerSecond, minutes, percent, seconds } from "../src/model/quantity.ts";
import { exporterWatch } from "./exporter-watch.ts";
import { supabaseExporters } from "./supabase.exporter.ts";
import {
  authErrors,
  authRequests,
  connectionUse,
  cpuUse,
  databaseSize,
  databaseUp,
  diskUse,
  memoryUse,
  poolTimeouts,
  queryTime,
  readOnly,
  replicationLag,
  slotBacklog,
  subscriptions,
} from "./supabase.signals.ts";

/** The endpoint is in beta: names may change, and then the alerts on them are silent. Not every project has PostgREST's. */
const watch = exporterWatch({
  pack: "supabase",
  prefix: "Supabase",
  thing: "Supabase project",
  exporters: supabaseExporters,
  needs: [
    "pg_stat_database_num_backends",
    "pg_stat_statements_total_queries",
    "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "http_status_codes_total",
  ],
  // Of a database that cannot be reached there is nothing else to tell; that is told by its own alert.
  knownMissing: `${databaseUp.series} == 0`,
});

const database = "{{ $labels.instance }} of {{ $labels.service }}";

export const SupabaseDatabaseDown = alert({
  name: "SupabaseDatabaseDown",
  pack: "supabase",
  signal: databaseUp,
  below: { critical: count(1) },
  // Supabase's own example waits for 5 minutes; a restart takes one or two.
  for: minutes(3),
  explainsOthers: true,
  summary: `the database ${database} takes no connections`,
  impact: "Data API, Auth, Storage and Realtime of this project all need it: to its users the product is down.",
});

export const SupabaseReadOnly = alert({
  name: "SupabaseReadOnly",
  pack: "supabase",
  signal: readOnly,
  above: { critical: count(0) },
  for: minutes(2),
  summary: `the database ${database} takes no writes`,
  impact: "Whatever is to be saved fails, sign-ups and sign-ins too. Supabase does this when the disk is 95 % full.",
});

export const SupabaseDiskSpaceLow = alert({
  name: "SupabaseDiskSpaceLow",
  pack: "supabase",
  signal: diskUse,
  // At 90 % Supabase enlarges the disk by itself, though not every few hours; at 95 % it stops writes.
  above: { warning: percent(85), critical: percent(92) },
  for: minutes(10),
  summary: `{{ $value | humanizePercentage }} of the disk {{ $labels.mountpoint }} of ${database} is in use`,
  impact: "At 95 % Supabase makes the database read-only, until there is room again: nothing can be saved then.",
});

export const SupabaseConnectionsHigh = alert({
  name: "SupabaseConnectionsHigh",
  pack: "supabase",
  signal: connectionUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(5),
  summary: `${database} has {{ $value | humanizePercentage }} of its connections in use`,
  impact: "When none is left, new ones are refused, those of Auth and of the dashboard too.",
});

export const SupabaseQueriesSlow = alert({
  name: "SupabaseQueriesSlow",
  pack: "supabase",
  signal: queryTime,
  above: { warning: seconds(0.25), critical: seconds(1) },
  for: minutes(5),
  summary: `queries on ${database} take {{ $value | humanizeDuration }} on average`,
  impact: "Screens that need this data are as slow; requests pile up and take connections from others.",
});

export const SupabaseReplicationLagHigh = alert({
  name: "SupabaseReplicationLagHigh",
  pack: "supabase",
  signal: replicationLag,
  // Supabase's own example is at 10 minutes.
  above: { warning: minutes(1), critical: minutes(10) },
  for: minutes(5),
  summary: `the read replica ${database} is {{ $value | humanizeDuration }} behind`,
  impact: "Who reads from this replica sees old data: what somebody has just saved is not there yet.",
});

export const SupabaseSlotBacklogHigh = alert({
  name: "SupabaseSlotBacklogHigh",
  pack: "supabase",
  signal: slotBacklog,
  above: { warning: bytes(2 ** 30), critical: bytes(4 * 2 ** 30) },
  for: minutes(10),
  summary: `${database} keeps {{ $value | humanize1024 }}B of WAL for a slot`,
  impact:
    "It fills the disk, until the slot's reader has it or Postgres gives the slot up: then the reader must start anew.",
});

export const SupabaseCpuHigh = alert({
  name: "SupabaseCpuHigh",
  pack: "supabase",
  signal: cpuUse,
  above: { warning: percent(90), critical: percent(98) },
  for: minutes(15),
  summary: `the processors of ${database} are busy {{ $value | humanizePercentage }} of the time`,
  impact: "Queries wait for their turn; a small instance that has used up its burst is slow until load goes down.",
});

export const SupabaseAuthErrors = alert({
  name: "SupabaseAuthErrors",
  pack: "supabase",
  signal: authErrors,
  above: { warning: percent(2), critical: percent(10) },
  for: minutes(5),
  // One failure of three requests says nothing.
  guard: { signal: authRequests, above: eventsPerSecond(0.1) },
  summary: `{{ $value | humanizePercentage }} of the requests to Auth of ${database} fail`,
  impact: "People cannot sign in or up, and sessions that run out are not renewed: sooner or later all are signed out.",
});

export const SupabaseApiPoolExhausted = alert({
  name: "SupabaseApiPoolExhausted",
  pack: "supabase",
  signal: poolTimeouts,
  above: { warning: eventsPerSecond(0.1), critical: eventsPerSecond(1) },
  for: minutes(5),
  summary: `{{ $value | humanize }} requests/s to the API of ${database} get no connection`,
  impact: "Their callers waited 10 seconds and then got 504: screens of the app stay empty or show an error.",
});

/** Of the scrape itself. */
export const SupabaseExporterDown = watch.Down;
export const SupabaseMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const supabase: Pack = {
  name: "supabase",
  title: "Supabase",
  shownBy: supabaseExporters,
  signals: [
    databaseUp,
    readOnly,
    connectionUse,
    queryTime,
    replicationLag,
    slotBacklog,
    databaseSize,
    diskUse,
    cpuUse,
    memoryUse,
    authRequests,
    authErrors,
    poolTimeouts,
    subscriptions,
    ...watch.signals,
  ],
  alerts: [
    SupabaseDatabaseDown,
    SupabaseReadOnly,
    SupabaseDiskSpaceLow,
    SupabaseConnectionsHigh,
    SupabaseQueriesSlow,
    SupabaseReplicationLagHigh,
    SupabaseSlotBacklogHigh,
    SupabaseCpuHigh,
    SupabaseAuthErrors,
    SupabaseApiPoolExhausted,
    ...watch.alerts,
  ],
};
