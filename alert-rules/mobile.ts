import { alert, type Pack } from "../src/model/pack.ts";
import { bytes, eventsPerSecond, minutes, percent, seconds } from "../src/model/quantity.ts";
import { mobileExporters } from "./mobile.exporter.ts";
import {
  anrs,
  coldStart,
  crashClusters,
  crashFree,
  crashShare,
  frozenFrames,
  longSessions,
  memory,
  releaseSessions,
  screenLoad,
  screenLoads,
  sessionRate,
  slowFrames,
  topCrash,
  warmStart,
} from "./mobile.signals.ts";

const release = "{{ $labels.service }} {{ $labels.release }}";

/** Ninety in half an hour: of fewer, the slowest twentieth is a handful of devices. */
const enough = { signal: releaseSessions, above: eventsPerSecond(0.05) };
/** About a thousand in six hours: at 99.5 % these are five crashes, and one more or less does not decide. */
const enoughForShares = { signal: longSessions, above: eventsPerSecond(0.05) };

export const MobileCrashFreeLow = alert({
  name: "MobileCrashFreeLow",
  pack: "mobile",
  signal: crashFree,
  below: { warning: percent(99.5), critical: percent(99) },
  for: minutes(10),
  guard: enoughForShares,
  summary: `${release} crashes: only {{ $value | humanizePercentage }} of sessions are crash-free`,
  impact: "The app closes under its users' hands; what they had not saved is gone, and some do not come back.",
});

export const MobileCrashCluster = alert({
  name: "MobileCrashCluster",
  pack: "mobile",
  signal: topCrash,
  above: { warning: percent(50) },
  for: minutes(10),
  // Half of what is allowed: of a release that hardly crashes, whatever makes the few crashes is no news.
  guard: { signal: crashShare, above: percent(0.25) },
  summary: `one stack ({{ $labels.stack }}) makes {{ $value | humanizePercentage }} of the crashes of ${release}`,
  impact:
    "One fault, in one place of the code, does most of the harm: whoever mends or switches it off ends most of it.",
});

export const MobileAnrsHigh = alert({
  name: "MobileAnrsHigh",
  pack: "mobile",
  signal: anrs,
  // Google Play counts an app as bad from 0.47 % of daily users with an ANR on.
  above: { warning: percent(0.47), critical: percent(2) },
  for: minutes(10),
  guard: enoughForShares,
  summary: `${release} does not respond in {{ $value | humanizePercentage }} of sessions`,
  impact:
    "The app hangs for five seconds or longer and Android offers to close it; Google Play shows it to fewer people.",
});

export const MobileColdStartSlow = alert({
  name: "MobileColdStartSlow",
  pack: "mobile",
  signal: coldStart,
  // Android vitals call a cold start of 5 s excessive.
  above: { warning: seconds(3), critical: seconds(5) },
  for: minutes(10),
  guard: enough,
  summary: `cold starts of ${release} take {{ $value | humanizeDuration }} (p95)`,
  impact: "Users look at a splash screen; some give up before they have seen the app.",
});

export const MobileWarmStartSlow = alert({
  name: "MobileWarmStartSlow",
  pack: "mobile",
  signal: warmStart,
  // Android vitals call a warm start of 2 s excessive.
  above: { warning: seconds(1), critical: seconds(2) },
  for: minutes(10),
  guard: enough,
  summary: `warm starts of ${release} take {{ $value | humanizeDuration }} (p95)`,
  impact: "Whoever comes back to the app waits: it feels as if it had been started anew each time.",
});

export const MobileScreenLoadSlow = alert({
  name: "MobileScreenLoadSlow",
  pack: "mobile",
  signal: screenLoad,
  above: { warning: seconds(2), critical: seconds(4) },
  for: minutes(10),
  guard: { signal: screenLoads, above: enough.above },
  summary: `the screen {{ $labels.screen }} of ${release} takes {{ $value | humanizeDuration }} to load (p95)`,
  impact: "Users wait for this screen, tap again, or leave; what it is there for is done less often.",
});

export const MobileFramesSlow = alert({
  name: "MobileFramesSlow",
  pack: "mobile",
  signal: slowFrames,
  // Android vitals call it excessive when half of a session's frames are slow.
  above: { warning: percent(25), critical: percent(50) },
  for: minutes(10),
  guard: enough,
  summary: `{{ $value | humanizePercentage }} of frames of ${release} are slow`,
  impact: "Scrolling and animations stutter.",
});

export const MobileFramesFrozen = alert({
  name: "MobileFramesFrozen",
  pack: "mobile",
  signal: frozenFrames,
  // Android vitals call it excessive when one of a thousand frames is frozen.
  above: { warning: percent(0.1), critical: percent(1) },
  for: minutes(10),
  guard: enough,
  summary: `{{ $value | humanizePercentage }} of frames of ${release} are frozen`,
  impact: "The app stands still for most of a second or longer, and taps seem to be lost. ANRs are next.",
});

export const MobileMemoryHigh = alert({
  name: "MobileMemoryHigh",
  pack: "mobile",
  signal: memory,
  above: { warning: bytes(512 * 2 ** 20), critical: bytes(2 ** 30) },
  for: minutes(10),
  guard: enough,
  summary: `${release} takes {{ $value | humanize1024 }}B of memory (p95)`,
  impact: "On devices with little memory the system kills the app, at once in the background: users begin anew.",
});

export const MobileSessionsStopped = alert({
  name: "MobileSessionsStopped",
  pack: "mobile",
  signal: sessionRate,
  // Not even two in half an hour. Where nights are like that, switch it off.
  below: { warning: eventsPerSecond(0.001) },
  for: minutes(15),
  summary: `hardly a session of {{ $labels.service }} has begun in the last half hour`,
  impact: "Either nobody can use the app, or nothing is known of it any more: then none of its other alerts can fire.",
});

export const mobile: Pack = {
  name: "mobile",
  title: "Mobile apps",
  shownBy: mobileExporters,
  signals: [
    sessionRate,
    releaseSessions,
    longSessions,
    crashShare,
    crashFree,
    topCrash,
    crashClusters,
    anrs,
    coldStart,
    warmStart,
    screenLoads,
    screenLoad,
    slowFrames,
    frozenFrames,
    memory,
  ],
  alerts: [
    MobileCrashFreeLow,
    MobileCrashCluster,
    MobileAnrsHigh,
    MobileColdStartSlow,
    MobileWarmStartSlow,
    MobileScreenLoadSlow,
    MobileFramesSlow,
    MobileFramesFrozen,
    MobileMemoryHigh,
    MobileSessionsStopped,
  ],
};
