import { alert, type Pack } from "../src/model/pack.ts";
import { bytes, count, eventsPerSecond, hours, minutes, percent, seconds } from "../src/model/quantity.ts";
import { exporterWatch } from "./exporter-watch.ts";
import { postgresExporters } from "./postgres.exporter.ts";
import {
  blockRate,
  cacheHits,
  connectionUse,
  dataSize,
  deadlockRate,
  deadRows,
  lockUse,
  longestTransaction,
  queryTime,
  replicationLag,
  serverUp,
  slotBacklog,
  slotInUse,
  tableRows,
  transactionAge,
} from "./postgres.signals.ts";

const watch = exporterWatch({
  pack: "postgres",
  prefix: "Postgres",
  thing: "Postgres server",
  exporters: postgresExporters,
  needs: [
    "pg_stat_activity_count",
    "pg_stat_statements_calls_total",
    "pg_database_wraparound_age_datfrozenxid_seconds",
  ],
  // A server that cannot be reached has no metrics; that is told by its own alert.
  knownMissing: `${serverUp.series} == 0`,
});

const server = "{{ $labels.instance }} of {{ $labels.service }}";
const database = "{{ $labels.datname }} on {{ $labels.instance }}";

export const PostgresDown = alert({
  name: "PostgresDown",
  pack: "postgres",
  signal: serverUp,
  below: { critical: count(1) },
  for: minutes(2),
  explainsOthers: true,
  summary: `${server} takes no connections`,
  impact: "Whatever needs this database fails or waits. Nothing can be read or written on it.",
});

export const PostgresConnectionsHigh = alert({
  name: "PostgresConnectionsHigh",
  pack: "postgres",
  signal: connectionUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(5),
  summary: `${server} has {{ $value | humanizePercentage }} of its connections in use`,
  impact: "When none is left, services that want to connect are refused: to their users that is an outage.",
});

export const PostgresTransactionLong = alert({
  name: "PostgresTransactionLong",
  pack: "postgres",
  signal: longestTransaction,
  above: { warning: minutes(10), critical: hours(1) },
  for: minutes(2),
  summary: `a transaction in ${database} is open for {{ $value | humanizeDuration }}`,
  impact: "What it has locked, others wait for; and vacuum can remove no row that it might still see.",
});

export const PostgresQueriesSlow = alert({
  name: "PostgresQueriesSlow",
  pack: "postgres",
  signal: queryTime,
  above: { warning: seconds(0.25), critical: seconds(1) },
  for: minutes(5),
  summary: `queries in ${database} take {{ $value | humanizeDuration }} on average`,
  impact: "Requests that need this database are as slow as its queries; connections pile up behind them.",
});

export const PostgresLocksHigh = alert({
  name: "PostgresLocksHigh",
  pack: "postgres",
  signal: lockUse,
  above: { warning: percent(20), critical: percent(60) },
  for: minutes(5),
  summary: `${server} has {{ $value | humanizePercentage }} of its locks taken`,
  impact:
    "When its room for locks is full, queries fail with `out of shared memory`; until then many wait for each other.",
});

export const PostgresDeadlocks = alert({
  name: "PostgresDeadlocks",
  pack: "postgres",
  signal: deadlockRate,
  above: { warning: eventsPerSecond(0.1), critical: eventsPerSecond(1) },
  for: minutes(5),
  summary: `{{ $value | humanize }} deadlocks/s in ${database}`,
  impact: "For each of them Postgres has ended a transaction: somebody's request failed, or was tried again.",
});

export const PostgresCacheHitsLow = alert({
  name: "PostgresCacheHitsLow",
  pack: "postgres",
  signal: cacheHits,
  below: { warning: percent(98), critical: percent(90) },
  for: minutes(15),
  guard: { signal: blockRate, above: eventsPerSecond(100) },
  summary: `only {{ $value | humanizePercentage }} of blocks of ${database} come from the cache`,
  impact: "The rest is read from the disk, which is many times slower: queries slow down, and the disk gets busy.",
});

export const PostgresReplicationLagHigh = alert({
  name: "PostgresReplicationLagHigh",
  pack: "postgres",
  signal: replicationLag,
  above: { warning: seconds(30), critical: minutes(5) },
  for: minutes(5),
  summary: `${server} is {{ $value | humanizeDuration }} behind its primary`,
  impact:
    "Who reads from this replica sees old data; if the primary were lost now, so would be what it has not got yet.",
});

export const PostgresSlotBacklogHigh = alert({
  name: "PostgresSlotBacklogHigh",
  pack: "postgres",
  signal: slotBacklog,
  above: { warning: bytes(10 * 2 ** 30), critical: bytes(50 * 2 ** 30) },
  for: minutes(5),
  summary: `${server} keeps {{ $value | humanize1024 }}B of WAL for the slot {{ $labels.slot_name }}`,
  impact: "It is kept until the slot's reader has it. When the disk is full, the server stops.",
});

export const PostgresSlotUnused = alert({
  name: "PostgresSlotUnused",
  pack: "postgres",
  signal: slotInUse,
  below: { warning: count(1) },
  for: minutes(30),
  summary: `nobody reads the slot {{ $labels.slot_name }} of ${server}`,
  impact: "A replica or a consumer has stopped. Until it is back or the slot is dropped, WAL piles up for it.",
});

export const PostgresVacuumLate = alert({
  name: "PostgresVacuumLate",
  pack: "postgres",
  signal: deadRows,
  above: { warning: percent(20), critical: percent(50) },
  for: minutes(30),
  // Of a small table a vacuum is nothing, and a few dead rows are a large share.
  guard: { signal: tableRows, above: count(50_000) },
  summary: `{{ $value | humanizePercentage }} of {{ $labels.schemaname }}.{{ $labels.relname }} in ${database} are dead rows`,
  impact: "Vacuum does not keep up with this table: it grows on the disk, and queries read through rows that are gone.",
});

export const PostgresWraparoundNear = alert({
  name: "PostgresWraparoundNear",
  pack: "postgres",
  signal: transactionAge,
  above: { warning: count(500_000_000), critical: count(1_500_000_000) },
  for: minutes(10),
  summary: `transaction ids of ${database} are {{ $value | humanize }} old`,
  impact:
    "At about 2.1 billion Postgres refuses every write, to save the data, until a vacuum that can take hours is through.",
});

/** How much is too much, the server does not know: who sets thresholds has the alert. */
export const PostgresSizeHigh = alert({
  name: "PostgresSizeHigh",
  pack: "postgres",
  signal: dataSize,
  above: {},
  for: minutes(10),
  summary: `${server} holds {{ $value | humanize1024 }}B of data and WAL`,
  impact: "Nothing fails yet. When its disk is full, the server stops: nobody can write, and it may not start again.",
});

/** Of the scrape itself. */
export const PostgresExporterDown = watch.Down;
export const PostgresMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const postgres: Pack = {
  name: "postgres",
  title: "Postgres",
  shownBy: postgresExporters,
  signals: [
    serverUp,
    connectionUse,
    longestTransaction,
    queryTime,
    lockUse,
    deadlockRate,
    blockRate,
    cacheHits,
    replicationLag,
    slotBacklog,
    slotInUse,
    tableRows,
    deadRows,
    transactionAge,
    dataSize,
    ...watch.signals,
  ],
  alerts: [
    PostgresDown,
    PostgresConnectionsHigh,
    PostgresTransactionLong,
    PostgresQueriesSlow,
    PostgresLocksHigh,
    PostgresDeadlocks,
    PostgresCacheHitsLow,
    PostgresReplicationLagHigh,
    PostgresSlotBacklogHigh,
    PostgresSlotUnused,
    PostgresVacuumLate,
    PostgresWraparoundNear,
    PostgresSizeHigh,
    ...watch.alerts,
  ],
};
