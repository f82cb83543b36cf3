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
} from "../alert-rules/postgres.signals.ts";
import { exporterUp, metricsMissing, postgres } from "../alert-rules/postgres.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it answer, is there room, is it fast, do its copies keep up; below, what grows slowly until it hurts. */
export const postgresDashboard: Dashboard = {
  pack: postgres.name,
  title: postgres.title,
  stats: [
    { title: "Servers that answer", signal: serverUp, query: (of) => `min(${of(serverUp)})` },
    { title: "Connections in use, most", signal: connectionUse, query: (of) => `max(${of(connectionUse)})` },
    { title: "Average query, slowest", signal: queryTime, query: (of) => `max(${of(queryTime)})` },
    { title: "Furthest behind", signal: replicationLag, query: (of) => `max(${of(replicationLag)})` },
  ],
  panels: [connectionUse, queryTime, longestTransaction, replicationLag, cacheHits, deadlockRate],
  details: [
    serverUp,
    lockUse,
    blockRate,
    slotBacklog,
    slotInUse,
    deadRows,
    tableRows,
    transactionAge,
    dataSize,
    exporterUp,
    metricsMissing,
  ],
};
