import type { Exporter, ExporterMetric, Fact, Facts } from "../src/model/exporter.ts";
import { count, days, eventsPerSecond, minutes, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of the cycles and the memory of a canister. */
const cycleFacts = {
  timeLeft: {
    usual: days(3650),
    furthest: days(0.1),
    words: (value) => `cycles for ${value}`,
  },
  freeCycles: { usual: percent(80), furthest: ratio(0), words: (value) => `${value} of cycles above the reserve` },
  burnGrowth: {
    usual: count(1),
    // With more it would soon have none left, which is another alert.
    furthest: count(100),
    words: (value) => `cycles that burn ${value} times as fast as the day before`,
  },
  heapUse: { usual: percent(30), furthest: ratio(1), words: (value) => `${value} of its Wasm memory` },
} satisfies Record<string, Fact>;

/** What the canister itself counts of its update methods, and of the calls that it makes to other canisters. */
const callFacts = {
  calls: {
    usual: eventsPerSecond(2),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} calls`,
    perPlace: true,
  },
  callFailures: {
    usual: percent(0.5),
    furthest: ratio(1),
    words: (value) => `${value} of calls that fail`,
    perPlace: true,
  },
  callTime: {
    usual: seconds(2),
    furthest: minutes(5),
    words: (value) => `calls of ${value} on average`,
    perPlace: true,
  },
  instructions: {
    usual: percent(1),
    furthest: ratio(1),
    words: (value) => `${value} of the instructions that a call may take`,
    perPlace: true,
  },
  outgoingCalls: {
    usual: eventsPerSecond(3),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} calls to another canister`,
  },
  outgoingFailures: {
    usual: percent(0.5),
    furthest: ratio(1),
    words: (value) => `${value} of calls to another canister that fail`,
  },
  outgoingTime: {
    usual: seconds(3),
    furthest: minutes(5),
    words: (value) => `calls to another canister of ${value} on average`,
  },
} satisfies Record<string, Fact>;

const statusFacts = {
  running: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a canister that is stopped" : "a canister that runs"),
    isYesOrNo: true,
  },
} satisfies Record<string, Fact>;

const perPlace = (facts: Readonly<Record<string, Fact>>): Record<string, Fact> =>
  Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, { ...fact, perPlace: true }]));

/** Instructions that one message of an update call may take (Internet Computer, resource limits). */
export const mostInstructions = 40_000_000_000;
/** Of 32-bit Wasm, in bytes; a `wasm_memory_limit` of 0 leaves it at that. */
export const mostHeapBytes = 4 * 2 ** 30;

/** A thousand trillion. */
const balance = 1e15;
const heapLimitBytes = 3_000_000_000;

const free = ({ freeCycles = 0 }: Facts): number => Math.round(freeCycles * balance);

const cycleMetrics: readonly ExporterMetric[] = [
  {
    name: "canister_cycle_balance",
    type: "gauge",
    is: () => balance,
    grows: (facts) => (-free(facts) * (facts.burnGrowth ?? 1)) / (facts.timeLeft ?? 1),
  },
  { name: "canister_freezing_reserve_cycles", type: "gauge", is: (facts) => balance - free(facts) },
  {
    name: "canister_wasm_memory_bytes",
    type: "gauge",
    is: ({ heapUse = 0 }) => Math.round(heapUse * heapLimitBytes),
  },
  { name: "canister_wasm_memory_limit_bytes", type: "gauge", is: () => heapLimitBytes },
  { name: "canister_stable_memory_bytes", type: "gauge", is: () => 12 * 2 ** 30 },
];

const counter = (name: string, grows: NonNullable<ExporterMetric["grows"]>): ExporterMetric => ({
  name,
  type: "counter",
  grows,
});

const methodMetrics: readonly ExporterMetric[] = [
  { ...counter("canister_method_calls_total", ({ calls = 0 }) => calls), whole: true },
  {
    ...counter("canister_method_errors_total", ({ calls = 0, callFailures = 0 }) => calls * callFailures),
    whole: true,
    fromFirst: true,
  },
  { ...counter("canister_method_duration_seconds_count", ({ calls = 0 }) => calls), whole: true },
  counter("canister_method_duration_seconds_sum", ({ calls = 0, callTime = 0 }) => calls * callTime),
  counter(
    "canister_method_instructions_total",
    ({ calls = 0, instructions = 0 }) => calls * instructions * mostInstructions,
  ),
].map((metric) => ({ ...metric, perPlace: true }));

/** To a ledger, of which the facts speak, and to a registry that is always well. */
const outgoing = (name: string, toLedger: NonNullable<ExporterMetric["grows"]>, toRegistry: number) =>
  [
    { ...counter(name, toLedger), labels: { callee: "ledger" } },
    { ...counter(name, () => toRegistry), labels: { callee: "registry" } },
  ] satisfies ExporterMetric[];

const outgoingMetrics: readonly ExporterMetric[] = [
  ...outgoing("canister_inter_canister_calls_total", ({ outgoingCalls = 0 }) => outgoingCalls, 5),
  ...outgoing(
    "canister_inter_canister_call_errors_total",
    ({ outgoingCalls = 0, outgoingFailures = 0 }) => outgoingCalls * outgoingFailures,
    0,
  ).map((metric) => ({ ...metric, fromFirst: true })),
  ...outgoing("canister_inter_canister_call_duration_seconds_count", ({ outgoingCalls = 0 }) => outgoingCalls, 5),
].map((metric) => ({ ...metric, whole: true }));

const outgoingTime = outgoing(
  "canister_inter_canister_call_duration_seconds_sum",
  ({ outgoingCalls = 0, outgoingTime: each = 0 }) => outgoingCalls * each,
  10,
);

/** One series for each state; the one that holds is 1. */
const statusMetrics: readonly ExporterMetric[] = (["running", "stopping", "stopped"] as const).map((status) => ({
  name: "canister_status",
  type: "gauge",
  labels: { status },
  is: ({ running = 0 }) => (status === "running" ? running : status === "stopped" ? 1 - running : 0),
}));

/**
 * The Internet Computer has no standard names for what a canister shows. These are this pack's contract, in the style of
 * what real ones expose (`<service>_cycle_balance`, `<service>_stable_memory_bytes`); `instrumentation.metrics` gives
 * the names of a canister that has others. Two things are as they are on the Internet Computer: queries keep no state, so
 * only update calls are counted; and what traps undoes its own counting, so that a trap is counted by who called.
 */
export const icCanister: Exporter = {
  id: "ic-canister",
  title: "a canister's own /metrics, answered by its http_request",
  places: { key: "methods", label: "method", title: "method", default: ["update"] },
  hostLabel: "canister",
  isContract: true,
  facts: { ...cycleFacts, ...callFacts },
  metrics: [...cycleMetrics, ...methodMetrics, ...outgoingMetrics, ...outgoingTime],
};

/** A program that asks the management canister for `canister_status` of each canister, as one of its controllers. */
export const icPoller: Exporter = {
  id: "ic-poller",
  title: "a poller of canister_status",
  places: { key: "canisters", label: "canister", title: "canister", default: [] },
  isContract: true,
  facts: perPlace({ ...cycleFacts, ...statusFacts }),
  metrics: [...cycleMetrics, ...statusMetrics].map((metric) => ({ ...metric, perPlace: true })),
};

export const canisterExporters: readonly Exporter[] = [icCanister, icPoller];
