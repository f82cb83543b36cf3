import type { Slo } from "../model/indicator.ts";
import type { World } from "../worlds/world.ts";

/** How the events that an indicator counts are made to go bad. */
export interface BadEvents {
  /** What happens, with the share in words: `2 % of requests failing`. */
  words: (share: string) => string;
  /** Such a share of them is bad from a time of day (else from the beginning) to another (else for good). */
  happens: (world: World, share: number, slo: Slo, from?: string, to?: string) => World;
}
