import type { Component } from "../model/component.ts";

/** Whether more journeys were begun than at the time that is compared with. */
export const loads = ["as many journeys", "more journeys"] as const;
export type Load = (typeof loads)[number];

interface Advice {
  /** Where to look first: one or two sentences of at most 130 characters, for a message is cut after 300. */
  text: string;
  /** Runbooks that say how, the first that the component's service has a pack for. */
  runbooks: readonly string[];
}

/**
 * What to do first about a component that users wait longer for than they did. What became slower with as many journeys
 * has changed; what became slower with more of them is short of room.
 */
export const advice: Readonly<Record<Component, Readonly<Record<Load, Advice>>>> = {
  client: {
    "as many journeys": {
      text: "A release, or heavier pages: compare it with the release before, then find the screen that became slow.",
      runbooks: ["web/WebPageLoadSlow", "mobile/MobileScreenLoadSlow"],
    },
    "more journeys": {
      text: "New users with slower devices, or fuller lists: look at devices and screens before the code.",
      runbooks: ["web/WebPageLoadSlow", "mobile/MobileScreenLoadSlow"],
    },
  },
  network: {
    "as many journeys": {
      text: "Larger answers, more round trips or a provider in trouble: compare sizes and countries, then probe from outside.",
      runbooks: ["web/WebUsersNetworkSlow", "probe/ProbeSlow", "host/HostNetworkErrors"],
    },
    "more journeys": {
      text: "New users from farther away, or no bandwidth left: look at countries, then at what the hosts send.",
      runbooks: ["web/WebUsersNetworkSlow", "probe/ProbeSlow", "host/HostNetworkErrors"],
    },
  },
  edge: {
    "as many journeys": {
      text: "Fewer answers from the cache, or a rule that changed: compare the hit ratio and the last deployment.",
      runbooks: ["netlify/NetlifyFunctionsSlow", "probe/ProbeSlow", "http/HttpLatencyHigh"],
    },
    "more journeys": {
      text: "New traffic passes by the cache or is throttled: look at the hit ratio, limits and bots.",
      runbooks: ["netlify/NetlifyPlanNearlyUsed", "probe/ProbeSlow", "http/HttpLatencyHigh"],
    },
  },
  service: {
    "as many journeys": {
      text: "Its code or its settings changed: compare it with the release before, then profile its slowest route.",
      runbooks: ["http/HttpLatencyHigh", "container/ContainerThrottled", "host/HostCpuHigh"],
    },
    "more journeys": {
      text: "It is short of room: look at requests in progress, throttling and pools, then add instances.",
      runbooks: ["http/HttpLatencyHigh", "container/ContainerThrottled", "host/HostCpuHigh"],
    },
  },
  database: {
    "as many journeys": {
      text: "A slow query, a lock or a lost index: look at the slowest queries and at locks, then at the last migration.",
      runbooks: ["postgres/PostgresQueriesSlow", "supabase/SupabaseQueriesSlow"],
    },
    "more journeys": {
      text: "More work at once than it can do: look at connections and cache hits; bound the pools before adding replicas.",
      runbooks: ["postgres/PostgresConnectionsHigh", "supabase/SupabaseConnectionsHigh"],
    },
  },
  canister: {
    "as many journeys": {
      text: "A method needs more instructions or awaits others: find the method, then compare with the last upgrade.",
      runbooks: ["canister/CanisterCallsSlow"],
    },
    "more journeys": {
      text: "Its updates wait for each other: turn reads into queries, batch calls, or split the canister.",
      runbooks: ["canister/CanisterCallsSlow"],
    },
  },
};

/** The packs that tell of a component. */
export const packsThatTell = (component: Component): string[] => [
  ...new Set(
    Object.values(advice[component]).flatMap(({ runbooks }) => runbooks.map((path) => path.replace(/\/.*/, ""))),
  ),
];

/** The runbook that says how, as far as a service with these packs has one: `postgres/PostgresQueriesSlow`. */
export const runbookFor = (component: Component, load: Load, packs: readonly string[]): string | undefined =>
  advice[component][load].runbooks.find((path) => packs.some((pack) => path.startsWith(`${pack}/`)));
