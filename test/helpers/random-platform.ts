import { packs } from "../../alert-rules/index.ts";
import { platformFindings } from "../../src/config/platform-findings.ts";
import { criticalities } from "../../src/model/conventions.ts";
import { instrumentations } from "../../src/model/instrumentation.ts";
import type { Alert } from "../../src/model/pack.ts";
import type { Platform } from "../../src/model/platform.ts";
import type { PlatformProps, ServiceProps, ThresholdOverride } from "../../src/model/platform-props.ts";
import { type Quantity, seconds } from "../../src/model/quantity.ts";
import { resolvePlatform } from "../../src/model/resolve-platform.ts";
import { seededRandom } from "../../src/worlds/random.ts";

/** Thresholds as people choose them, the mildest first; `critical` is further on than `warning`. */
const ladders: Readonly<Record<string, readonly number[]>> = {
  seconds: [0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 8, 10, 30],
  ratio: [0.001, 0.005, 0.01, 0.02, 0.025, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.333, 0.5, 0.75, 0.9],
  "requests/second": [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 25, 100],
  "lines/second": [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
};

/** Bucket edges of other libraries and of hand-made lists, in seconds. */
const bucketLists: readonly (readonly number[])[] = [
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 5],
  [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8],
  [0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 8, 10, 30, 60],
  [1, 2, 3, 5, 10],
  [0.5],
];

/**
 * A platform as somebody might describe it, without an error that `firedrill check` would find in monitoring.yaml; the
 * same seed gives the same. Its buckets may be too coarse for its thresholds: that it cannot keep its promise is what
 * `measurableFindings` are for.
 */
export const randomPlatform = (seed: number): Platform => resolvePlatform(randomProps(seed), packs);

export function randomProps(seed: number): PlatformProps {
  for (let attempt = 0; ; attempt += 1) {
    const props = anyProps(seed, attempt);
    if (!platformFindings(props, packs).some(({ severity }) => severity === "error")) return props;
  }
}

/** Thresholds of a service and those for all may stand in the wrong order here. */
function anyProps(seed: number, attempt: number): PlatformProps {
  const random = seededRandom(seed, attempt);
  const chance = (share: number) => random.uniform() < share;
  const pick = <T>(among: readonly T[]): T => among[Math.floor(random.uniform() * among.length)] as T;
  const upTo = (most: number) => 1 + Math.floor(random.uniform() * most);
  const many = <T>(count: number, make: (number: number) => T): T[] =>
    Array.from({ length: count }, (_, number) => make(number + 1));

  const scrape = pick([5, 10, 15, 15, 20, 30, 60]);
  const evaluation = pick([10, 15, 30, 30, 60]);
  const environments = many(upTo(3), (number) => ({
    name: `env-${number}`,
    ...(chance(0.3) && number > 1 && { pages: false }),
  }));
  const teams = many(upTo(2), (number) => ({
    name: `team-${number}`,
    receivers: [{ name: `hook-${number}`, webhook: { url: `http://127.0.0.1:9/${number}` } }],
  }));

  const held = (): number => pick([60, 120, 180, 300, 420, 600, 900, 1800]);

  function override({ signal, levels, direction }: Alert): ThresholdOverride {
    const ladder = ladders[signal.unit];
    const change: { warning?: Quantity; critical?: Quantity } = {};
    if (ladder) {
      const rungs = direction === "above" ? ladder : [...ladder].reverse();
      const lower = Math.floor(random.uniform() * (rungs.length - 1));
      const higher = lower + 1 + Math.floor(random.uniform() * (rungs.length - 1 - lower));
      const at = (rung: number): Quantity => ({ unit: signal.unit, value: rungs[rung] ?? Number.NaN });
      if (levels.warning) change.warning = at(lower);
      if (levels.critical || (change.warning && chance(0.1))) change.critical = at(higher);
    }
    return { ...(chance(0.7) && change), ...(chance(0.6) && { for: seconds(held()) }) };
  }
  const alerts = Object.values(packs).flatMap((pack) => pack.alerts);
  const overrides = (of: readonly Alert[], share: number): Record<string, ThresholdOverride> =>
    Object.fromEntries(of.flatMap((alert) => (chance(share) ? [[alert.name, override(alert)]] : [])));

  function service(number: number): ServiceProps {
    const kind = pick(["fastapi-instrumentator", "otel-http"] as const);
    const own = chance(0.3) ? instrumentations[kind].defaultBucketsSeconds : pick(bucketLists);
    const where = environments.filter((_, index) => index === 0 || chance(0.6)).map(({ name }) => name);
    const isScraped = chance(0.6);
    const used = chance(0.15) ? ["http", "logs"] : ["http"];
    const has = alerts.filter(({ pack, scrapedOnly }) => used.includes(pack) && (isScraped || !scrapedOnly));
    return {
      name: `service-${number}`,
      owner: pick(teams).name,
      ...(chance(0.5) && { criticality: pick(criticalities) }),
      packs: used,
      ...(isScraped
        ? {
            scrape: {
              targets: Object.fromEntries(
                where.map((name) => [name, many(upTo(4), (host) => `service-${number}-${host}.${name}:8000`)]),
              ),
            },
          }
        : { otlp: { environments: where } }),
      instrumentation: { kind, latencyBucketsSeconds: own },
      routes: many(upTo(4), (route) => `/route-${route}`),
      ...(chance(0.5) && { thresholds: overrides(has, 0.5) }),
      ...(chance(0.25) && {
        features: Object.fromEntries(has.flatMap(({ name }) => (chance(0.3) ? [[name, false]] : []))),
      }),
    };
  }
  return {
    name: `random-${seed}`,
    links: { grafana: "https://grafana.example.com", runbooks: "https://git.example.com/runbooks" },
    environments,
    teams,
    services: many(upTo(3), service),
    ...(chance(0.3) && { thresholds: overrides(alerts, 0.4) }),
    ...(chance(0.1) && { features: { [pick(alerts).name]: false } }),
    intervals: { scrape: seconds(scrape), evaluation: seconds(evaluation) },
  };
}
