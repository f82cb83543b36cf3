import { signal } from "../src/model/pack.ts";
import { days, formatDuration, hours, minutes } from "../src/model/quantity.ts";
import { canisterExporters, icCanister, icPoller, mostHeapBytes, mostInstructions } from "./canister.exporter.ts";
import { from, perInstance } from "./exporter-watch.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
/** Long enough that a job every few minutes is no trend, and shorter than what an alert needs to be of any help. */
const burnWindow = hours(3);
const spikeWindow = hours(1);
/** What a spike is compared with: a whole day, which ends so early that the spike is not in it while it is new. */
const before = { length: days(1), ago: hours(6) };

const perCanister = [...perInstance, "canister"];
const perMethod = [...perCanister, "method"];
const perCallee = [...perCanister, "callee"];

const both = from(canisterExporters);
const own = from([icCanister]);

const by = (operation: string, labels: readonly string[], expr: string): string =>
  `${operation} by (${labels.join(", ")}) (${expr})`;
const metric = (name: string): string => `${name}{${both}}`;
const rateOf = (name: string, labels: readonly string[]): string =>
  by("sum", labels, `rate(${name}{${own}}[${window}])`);

const balance = metric("canister_cycle_balance");
const reserve = metric("canister_freezing_reserve_cycles");
const trillion = 1e12;

export const cycles = signal({
  name: "canister_cycles",
  title: "Cycles, in trillions",
  description: "What the canister has, the freezing reserve included.",
  unit: "count",
  labels: perCanister,
  series: "canister:canister_cycles:trillions",
  source: { once: by("max", perCanister, `${balance} / ${trillion}`) },
});

export const burn = signal({
  name: "canister_burn",
  title: "Cycles burned per day, in trillions",
  description: "As in the last 3 hours, less what was topped up meanwhile. Zero where more was added than burned.",
  unit: "count",
  labels: perCanister,
  series: "canister:canister_burned_per_day:trillions",
  window: burnWindow,
  source: {
    once: by(
      "max",
      perCanister,
      `clamp_min(-delta(${balance}[${formatDuration(burnWindow)}]), 0) / ${(burnWindow.value / days(1).value) * trillion}`,
    ),
  },
});

export const timeLeft = signal({
  name: "canister_time_left",
  title: "Time until it freezes",
  description:
    "If it burns cycles as in the last 3 hours, until only the freezing reserve is left. A year stands for a year or more, and for one that was just topped up; one that is frozen has none.",
  unit: "seconds",
  labels: perCanister,
  series: "canister:canister_seconds_until_frozen:min",
  window: burnWindow,
  fact: "timeLeft",
  source: {
    once: by(
      "min",
      perCanister,
      `clamp_max(${burnWindow.value} * (${balance} - ${reserve} > 0) / clamp_min(-delta(${balance}[${formatDuration(burnWindow)}]), 1), ${days(365).value})`,
    ),
  },
});

export const freeCycles = signal({
  name: "canister_free_cycles",
  title: "Cycles above the freezing reserve",
  description:
    "As a share of what it has. The reserve is what it burns idle within its freezing threshold; at 0 % it is frozen.",
  unit: "ratio",
  labels: perCanister,
  series: "canister:canister_cycles_above_reserve:ratio",
  fact: "freeCycles",
  source: { once: by("min", perCanister, `clamp_min((${balance} - ${reserve}) / ${balance}, 0)`) },
});

/** In cycles per day. What burns less costs a few cents a day, ten times as much still does. */
const leastBurn = 0.1 * trillion;

export const burnGrowth = signal({
  name: "canister_burn_growth",
  title: "Cycles burned, by those of the day before",
  description:
    "How many times as fast as on the day that ended 6 hours ago they burned within the last hour. A day of less than 0.1 trillion counts as that; after a top-up it says nothing until that is over a day ago.",
  unit: "count",
  labels: perCanister,
  series: "canister:canister_burn_growth:ratio1h",
  window: spikeWindow,
  reach: hours(31),
  fact: "burnGrowth",
  source: {
    once: by(
      "max",
      perCanister,
      [
        `-delta(${balance}[${formatDuration(spikeWindow)}]) * ${days(1).value / spikeWindow.value}`,
        // A slope: of a canister that is new, a difference over the whole day would be too small.
        `/ clamp_min(-deriv(${balance}[${formatDuration(before.length)}] offset ${formatDuration(before.ago)}) * ${days(1).value} >= 0, ${leastBurn})`,
      ].join(" "),
    ),
  },
});

export const heapUse = signal({
  name: "canister_heap_use",
  title: "Wasm memory in use",
  description: "The heap, as a share of the canister's `wasm_memory_limit`, or of 4 GiB where it has none.",
  unit: "ratio",
  labels: perCanister,
  series: "canister:canister_wasm_memory:ratio",
  fact: "heapUse",
  source: {
    once: by(
      "max",
      perCanister,
      [
        `${metric("canister_wasm_memory_bytes")}`,
        `/ (${metric("canister_wasm_memory_limit_bytes")} > 0 or 0 * ${metric("canister_wasm_memory_bytes")} + ${mostHeapBytes})`,
      ].join(" "),
    ),
  },
});

export const stableMemory = signal({
  name: "canister_stable_memory",
  title: "Stable memory",
  description: "It can grow to 500 GiB, and is paid for by the byte, every second.",
  unit: "bytes",
  labels: perCanister,
  series: "canister:canister_stable_memory_bytes:max",
  source: { once: by("max", perCanister, metric("canister_stable_memory_bytes")) },
});

export const running = signal({
  name: "canister_running",
  title: "Canisters that run",
  description: "1 where canister_status says running, 0 where it says stopping or stopped.",
  unit: "count",
  labels: perCanister,
  series: "canister:canister_running:max",
  fact: "running",
  source: { once: by("max", perCanister, `canister_status{${from([icPoller])}, status="running"}`) },
});

export const callRate = signal({
  name: "canister_calls",
  title: "Update calls per second",
  description:
    "Calls of each method that ended, over the last 5 minutes. Queries keep no state, so they are not counted.",
  unit: "events/second",
  labels: perMethod,
  series: "method:canister_calls:rate5m",
  window: rateWindow,
  fact: "calls",
  source: { once: rateOf("canister_method_calls_total", perMethod) },
});

export const callFailures = signal({
  name: "canister_call_failures",
  title: "Share of update calls that fail",
  description:
    "Calls that the method answered with an error, over the last 5 minutes. A trap undoes the counting too: only who called knows of it.",
  unit: "ratio",
  labels: perMethod,
  series: "method:canister_call_failures:ratio5m",
  window: rateWindow,
  fact: "callFailures",
  source: {
    // The series of errors is made by the first.
    once: `(${rateOf("canister_method_errors_total", perMethod)} or 0 * ${callRate.series}) / ${callRate.series}`,
  },
});

export const callTime = signal({
  name: "canister_call_time",
  title: "Average time of an update call",
  description:
    "From the first message of a call to its answer, over the last 5 minutes. Within one message time stands still: a method that awaits nothing takes 0 s here, whatever its callers wait.",
  unit: "seconds",
  labels: perMethod,
  series: "method:canister_call_seconds:avg5m",
  window: rateWindow,
  fact: "callTime",
  source: {
    once: `${rateOf("canister_method_duration_seconds_sum", perMethod)} / ${rateOf("canister_method_duration_seconds_count", perMethod)}`,
  },
});

export const timeSpent = signal({
  name: "canister_time_spent",
  title: "Where the time goes: seconds per second, by method",
  description:
    "Time of all calls of a method together, over the last 5 minutes. The highest is the bottleneck: there a second saved per call saves the most.",
  unit: "seconds",
  labels: perMethod,
  series: "method:canister_call_seconds:rate5m",
  window: rateWindow,
  fact: "callTime",
  source: { once: rateOf("canister_method_duration_seconds_sum", perMethod) },
});

export const instructionsSpent = signal({
  name: "canister_instructions_spent",
  title: "Where the work goes: instructions per second, by method",
  description: "Instructions of all calls of a method together, over the last 5 minutes. They are paid for in cycles.",
  unit: "count",
  labels: perMethod,
  series: "method:canister_instructions:rate5m",
  window: rateWindow,
  fact: "instructions",
  source: { once: rateOf("canister_method_instructions_total", perMethod) },
});

export const instructions = signal({
  name: "canister_instructions",
  title: "Instructions of a call, of what it may take",
  description:
    "On average over the last 5 minutes, as a share of the 40 billion of one update message. A call that takes more traps.",
  unit: "ratio",
  labels: perMethod,
  series: "method:canister_instructions_per_call:ratio5m",
  window: rateWindow,
  fact: "instructions",
  source: { once: `${instructionsSpent.series} / ${callRate.series} / ${mostInstructions}` },
});

export const outgoingRate = signal({
  name: "canister_outgoing_calls",
  title: "Calls to other canisters per second",
  description: "That ended over the last 5 minutes, by the canister that was called.",
  unit: "events/second",
  labels: perCallee,
  series: "callee:canister_outgoing_calls:rate5m",
  window: rateWindow,
  fact: "outgoingCalls",
  source: { once: rateOf("canister_inter_canister_calls_total", perCallee) },
});

export const outgoingFailures = signal({
  name: "canister_outgoing_failures",
  title: "Share of calls to other canisters that fail",
  description: "Calls that were rejected, by trap, by a full queue or by the other canister, over the last 5 minutes.",
  unit: "ratio",
  labels: perCallee,
  series: "callee:canister_outgoing_failures:ratio5m",
  window: rateWindow,
  fact: "outgoingFailures",
  source: {
    once: `(${rateOf("canister_inter_canister_call_errors_total", perCallee)} or 0 * ${outgoingRate.series}) / ${outgoingRate.series}`,
  },
});

export const outgoingTime = signal({
  name: "canister_outgoing_time",
  title: "Average time of a call to another canister",
  description: "From the call to its answer, over the last 5 minutes. To another subnet it takes a few seconds.",
  unit: "seconds",
  labels: perCallee,
  series: "callee:canister_outgoing_seconds:avg5m",
  window: rateWindow,
  fact: "outgoingTime",
  source: {
    once: `${rateOf("canister_inter_canister_call_duration_seconds_sum", perCallee)} / ${rateOf("canister_inter_canister_call_duration_seconds_count", perCallee)}`,
  },
});
