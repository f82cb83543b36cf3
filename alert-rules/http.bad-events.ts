import type { BadEvents } from "../src/boundaries/bad-events.ts";
import { ratio, seconds } from "../src/model/quantity.ts";
import { bisect, shareWithin } from "../src/worlds/latency.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import { happening } from "./http.provoke.ts";

/** How the events of each indicator of the pack go bad. */
export const httpBadEvents: Readonly<Record<string, BadEvents>> = {
  availability: {
    words: (share) => `${share} of requests failing`,
    happens: (world, share, _, from, to) => happening(world, everyRoute().withErrors(ratio(share)), from, to),
  },
  latency: {
    words: (share) => `${share} of requests too slow`,
    happens: (world, share, { within }, from, to) =>
      happening(world, everyRoute().withLatency({ p95: slowP95(share, within?.value ?? 0) }), from, to),
  },
};

/** The p95 with which such a share of requests takes longer than the bound. */
const slowP95 = (share: number, boundSeconds: number) =>
  seconds(bisect(0, 1000 * boundSeconds, (p95) => p95 > 0 && 1 - shareWithin(boundSeconds, p95) >= share));
