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
} from "../alert-rules/supabase.signals.ts";
import { exporterUp, metricsMissing, supabase } from "../alert-rules/supabase.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Does it answer, is there room, is it fast, do sign-ins and the API work; below, what grows slowly. */
export const supabaseDashboard: Dashboard = {
  pack: supabase.name,
  title: supabase.title,
  stats: [
    { title: "Databases that answer", signal: databaseUp, query: (of) => `min(${of(databaseUp)})` },
    { title: "Disk in use, fullest", signal: diskUse, query: (of) => `max(${of(diskUse)})` },
    { title: "Connections in use, most", signal: connectionUse, query: (of) => `max(${of(connectionUse)})` },
    { title: "Auth failing, most", signal: authErrors, query: (of) => `max(${of(authErrors)})` },
  ],
  panels: [queryTime, connectionUse, cpuUse, diskUse, authErrors, poolTimeouts],
  details: [
    databaseUp,
    readOnly,
    authRequests,
    subscriptions,
    databaseSize,
    memoryUse,
    slotBacklog,
    replicationLag,
    exporterUp,
    metricsMissing,
  ],
};
