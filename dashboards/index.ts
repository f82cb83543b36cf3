import type { Dashboard } from "../src/render/dashboard.ts";
import { anomalyDashboard } from "./anomaly.ts";
import { containerDashboard } from "./container.ts";
import { hostDashboard } from "./host.ts";
import { httpDashboard } from "./http.ts";
import { logsDashboard } from "./logs.ts";
import { n8nDashboard } from "./n8n.ts";
import { postgresDashboard } from "./postgres.ts";
import { probeDashboard } from "./probe.ts";

/** Every dashboard there is, one per pack. A new one is one file here, one line below. */
export const dashboards: readonly Dashboard[] = [
  httpDashboard,
  logsDashboard,
  postgresDashboard,
  hostDashboard,
  containerDashboard,
  probeDashboard,
  n8nDashboard,
  anomalyDashboard,
];
