import type { Pack } from "../src/model/pack.ts";
import { host } from "./host.ts";
import { http } from "./http.ts";
import { logs } from "./logs.ts";
import { postgres } from "./postgres.ts";

/** Every pack there is, by name. A new pack is one file here, one line below. */
export const packs: Readonly<Record<string, Pack>> = { http, logs, postgres, host };
