import type { Drill } from "../src/drills/drill.ts";
import type { Platform, Service } from "../src/model/platform.ts";
import { httpDrills } from "./http.drills.ts";
import { logsDrills } from "./logs.drills.ts";

/** The drills of every pack, by its name. A new pack is one line here. */
const packDrills: Readonly<Record<string, (service: Service, platform: Platform) => Drill[]>> = {
  http: httpDrills,
  logs: logsDrills,
};

/** Every drill of every service of a platform, in the order of monitoring.yaml. */
export const drillsOf = (platform: Platform): Drill[] =>
  platform.services.flatMap((service) => service.packs.flatMap((pack) => packDrills[pack]?.(service, platform) ?? []));
