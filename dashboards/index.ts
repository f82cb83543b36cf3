import type { Dashboard } from "../src/render/dashboard.ts";
import type { Page } from "../src/render/page.ts";
import { anomalyDashboard } from "./anomaly.ts";
import { canisterDashboard } from "./canister.ts";
import { capacityDashboard } from "./capacity.ts";
import { containerDashboard } from "./container.ts";
import { errorsDashboard } from "./errors.ts";
import { experimentsDashboard } from "./experiments.ts";
import { hostDashboard } from "./host.ts";
import { httpDashboard } from "./http.ts";
import { journeyDashboard } from "./journey.ts";
import { logsDashboard } from "./logs.ts";
import { metaDashboard } from "./meta.ts";
import { mobileDashboard } from "./mobile.ts";
import { n8nDashboard } from "./n8n.ts";
import { netlifyDashboard } from "./netlify.ts";
import { overview } from "./overview.ts";
import { postgresDashboard } from "./postgres.ts";
import { probeDashboard } from "./probe.ts";
import { releasesDashboard } from "./releases.ts";
import { serviceDetail } from "./service.ts";
import { sloDashboard } from "./slo.ts";
import { supabaseDashboard } from "./supabase.ts";
import { webDashboard } from "./web.ts";

/** Every dashboard there is: pages of the whole platform, and one per pack. A new one is one file here, one line below. */
export const dashboards: readonly (Dashboard | Page)[] = [
  overview,
  serviceDetail,
  httpDashboard,
  logsDashboard,
  postgresDashboard,
  hostDashboard,
  containerDashboard,
  probeDashboard,
  n8nDashboard,
  canisterDashboard,
  metaDashboard,
  sloDashboard,
  webDashboard,
  mobileDashboard,
  journeyDashboard,
  supabaseDashboard,
  netlifyDashboard,
  errorsDashboard,
  anomalyDashboard,
  capacityDashboard,
  releasesDashboard,
  experimentsDashboard,
];
