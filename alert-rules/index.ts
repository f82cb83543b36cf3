import type { Pack } from "../src/model/pack.ts";
import { anomaly } from "./anomaly.ts";
import { bottleneck } from "./bottleneck.ts";
import { canister } from "./canister.ts";
import { capacity } from "./capacity.ts";
import { container } from "./container.ts";
import { errors } from "./errors.ts";
import { experiments } from "./experiments.ts";
import { health } from "./health.ts";
import { host } from "./host.ts";
import { http } from "./http.ts";
import { journeyPack } from "./journey.ts";
import { logs } from "./logs.ts";
import { meta } from "./meta.ts";
import { mobile } from "./mobile.ts";
import { n8n } from "./n8n.ts";
import { netlify } from "./netlify.ts";
import { postgres } from "./postgres.ts";
import { probe } from "./probe.ts";
import { releases } from "./releases.ts";
import { slo } from "./slo.ts";
import { supabase } from "./supabase.ts";
import { web } from "./web.ts";

/** Every pack there is, by name. A new pack is one file here, one line below. */
export const packs: Readonly<Record<string, Pack>> = {
  http,
  logs,
  postgres,
  host,
  container,
  probe,
  n8n,
  canister,
  meta,
  slo,
  web,
  mobile,
  // What messages of the journeys' alerts ask for is recorded before them.
  bottleneck,
  journey: journeyPack,
  supabase,
  netlify,
  errors,
  anomaly,
  capacity,
  releases,
  experiments,
  // Reads the alerts of all others, so it is the last.
  health,
};
