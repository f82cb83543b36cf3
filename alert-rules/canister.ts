import { alert, type Pack } from "../src/model/pack.ts";
import { count, days, eventsPerSecond, hours, minutes, percent, seconds } from "../src/model/quantity.ts";
import { canisterExporters } from "./canister.exporter.ts";
import {
  burn,
  burnGrowth,
  callFailures,
  callRate,
  callTime,
  cycles,
  freeCycles,
  heapUse,
  instructions,
  instructionsSpent,
  outgoingFailures,
  outgoingRate,
  outgoingTime,
  running,
  stableMemory,
  timeLeft,
  timeSpent,
} from "./canister.signals.ts";
import { exporterWatch } from "./exporter-watch.ts";

const watch = exporterWatch({
  pack: "canister",
  prefix: "Canister",
  thing: "canister",
  exporters: canisterExporters,
  needs: [
    "canister_cycle_balance",
    "canister_freezing_reserve_cycles",
    "canister_wasm_memory_bytes",
    "canister_status",
    "canister_method_calls_total",
  ],
});

const which = "{{ $labels.canister }} of {{ $labels.service }}";
const method = "{{ $labels.method }} of {{ $labels.service }} ({{ $labels.canister }})";
const callee = "{{ $labels.callee }} by {{ $labels.service }} ({{ $labels.canister }})";

export const CanisterCyclesRunningOut = alert({
  name: "CanisterCyclesRunningOut",
  pack: "canister",
  signal: timeLeft,
  // As long as the freezing threshold by default, and time enough to top up; within a week it must not wait.
  below: { warning: days(30), critical: days(7) },
  for: hours(1),
  summary: `${which} burns its cycles: it freezes in {{ $value | humanizeDuration }}`,
  impact: "A frozen canister rejects every call. When the reserve is burned too, its code and its data are deleted.",
});

export const CanisterFreezingNear = alert({
  name: "CanisterFreezingNear",
  pack: "canister",
  signal: freeCycles,
  below: { warning: percent(50), critical: percent(20) },
  for: minutes(5),
  summary: `${which} has {{ $value | humanizePercentage }} of its cycles above the freezing reserve`,
  impact:
    "At 0 % it freezes and rejects every call, its metrics too. The reserve grows with its memory: it can freeze without a call.",
});

export const CanisterBurnSpike = alert({
  name: "CanisterBurnSpike",
  pack: "canister",
  signal: burnGrowth,
  above: { warning: count(3), critical: count(10) },
  for: minutes(30),
  summary: `${which} burns cycles {{ $value | humanize }} times as fast as the day before`,
  impact: "Cycles are money. If it goes on, they end sooner than planned: a loop, a release, an attack or more users.",
});

export const CanisterMemoryHigh = alert({
  name: "CanisterMemoryHigh",
  pack: "canister",
  signal: heapUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(10),
  summary: `${which} has {{ $value | humanizePercentage }} of its Wasm memory in use`,
  impact: "Wasm memory never shrinks. At the limit calls that need more trap, and an upgrade may fail as well.",
});

export const CanisterStopped = alert({
  name: "CanisterStopped",
  pack: "canister",
  signal: running,
  below: { critical: count(1) },
  // An upgrade stops it for some seconds.
  for: minutes(5),
  explainsOthers: true,
  summary: `${which} is stopped`,
  impact: "Every call to it is rejected: to its users and to canisters that need it that is an outage.",
});

export const CanisterCallsFail = alert({
  name: "CanisterCallsFail",
  pack: "canister",
  signal: callFailures,
  above: { warning: percent(5), critical: percent(25) },
  for: minutes(5),
  // Six calls in five minutes: one failure of two says nothing.
  guard: { signal: callRate, above: eventsPerSecond(0.02) },
  summary: `calls of ${method} fail: {{ $value | humanizePercentage }}`,
  impact: "Whoever called got an error: what they wanted to do was not done.",
});

export const CanisterCallsSlow = alert({
  name: "CanisterCallsSlow",
  pack: "canister",
  signal: callTime,
  above: { warning: seconds(10), critical: seconds(30) },
  for: minutes(5),
  summary: `calls of ${method} take {{ $value | humanizeDuration }} on average`,
  impact: "Users wait, and clients that poll for the answer may give up although the call goes on.",
});

export const CanisterInstructionsHigh = alert({
  name: "CanisterInstructionsHigh",
  pack: "canister",
  signal: instructions,
  // An average: where it is at 40 %, the calls that take twice as much are near the limit already.
  above: { warning: percent(40), critical: percent(80) },
  for: minutes(10),
  summary: `calls of ${method} take {{ $value | humanizePercentage }} of the instructions that they may`,
  impact: "Calls beyond 40 billion instructions trap and are undone. Most often the data grew that they go through.",
});

export const CanisterOutgoingCallsFail = alert({
  name: "CanisterOutgoingCallsFail",
  pack: "canister",
  signal: outgoingFailures,
  above: { warning: percent(5), critical: percent(25) },
  for: minutes(5),
  guard: { signal: outgoingRate, above: eventsPerSecond(0.02) },
  summary: `calls of ${callee} fail: {{ $value | humanizePercentage }}`,
  impact:
    "What needs the other canister is not done, or only in part: state from before the call stays when the rest fails.",
});

export const CanisterOutgoingCallsSlow = alert({
  name: "CanisterOutgoingCallsSlow",
  pack: "canister",
  signal: outgoingTime,
  above: { warning: seconds(15), critical: seconds(60) },
  for: minutes(5),
  summary: `calls of ${callee} take {{ $value | humanizeDuration }} on average`,
  impact:
    "Methods that wait for the other canister are as slow, and a canister that waits cannot be stopped or upgraded.",
});

/** Of the scrape itself: a frozen or stopped canister does not answer it. */
export const CanisterExporterDown = watch.Down;
export const CanisterMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const canister: Pack = {
  name: "canister",
  title: "Canisters",
  shownBy: canisterExporters,
  signals: [
    cycles,
    burn,
    timeLeft,
    freeCycles,
    burnGrowth,
    heapUse,
    stableMemory,
    running,
    callRate,
    callFailures,
    callTime,
    timeSpent,
    instructionsSpent,
    instructions,
    outgoingRate,
    outgoingFailures,
    outgoingTime,
    ...watch.signals,
  ],
  alerts: [
    CanisterCyclesRunningOut,
    CanisterFreezingNear,
    CanisterBurnSpike,
    CanisterMemoryHigh,
    CanisterStopped,
    CanisterCallsFail,
    CanisterCallsSlow,
    CanisterInstructionsHigh,
    CanisterOutgoingCallsFail,
    CanisterOutgoingCallsSlow,
    ...watch.alerts,
  ],
};
