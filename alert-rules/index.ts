import type { Pack } from "../src/model/pack.ts";
import { anomaly } from "./anomaly.ts";
import { container } from "./container.ts";
import { host } from "./host.ts";
import { http } from "./http.ts";
import { logs } from "./logs.ts";
import { n8n } from "./n8n.ts";
import { postgres } from "./postgres.ts";
import { probe } from "./probe.ts";

/** Every pack there is, by name. A new pack is one file here, one line below. */
export const packs: Readonly<Record<string, Pack>> = { http, logs, postgres, host, container, probe, n8n, anomaly };
