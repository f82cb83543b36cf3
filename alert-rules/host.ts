import { alert, type Pack } from "../src/model/pack.ts";
import { count, days, eventsPerSecond, hours, minutes, percent, seconds } from "../src/model/quantity.ts";
import { exporterWatch } from "./exporter-watch.ts";
import { nodeExporter } from "./host.exporter.ts";
import {
  clockInSync,
  clockOffset,
  cpuUse,
  diskQueue,
  diskUse,
  memoryUse,
  outOfMemoryKills,
  packetErrors,
  timeUntilFull,
  uptime,
} from "./host.signals.ts";

const watch = exporterWatch({
  pack: "host",
  prefix: "Host",
  thing: "host",
  exporters: [nodeExporter],
  // One of each collector that can be switched off by itself, or that a kernel or a container may lack.
  needs: [
    "node_cpu_seconds_total",
    "node_memory_MemAvailable_bytes",
    "node_vmstat_oom_kill",
    "node_filesystem_avail_bytes",
    "node_disk_io_time_weighted_seconds_total",
    "node_network_receive_packets_total",
    "node_timex_sync_status",
    "node_boot_time_seconds",
  ],
});

const one = "{{ $labels.instance }} of {{ $labels.service }}";
const fileSystem = `{{ $labels.mountpoint }} on ${one}`;
const device = `{{ $labels.device }} of ${one}`;

// Where the node mixin of the Prometheus project has an alert of the kind, its threshold and `for` are taken over.

export const HostCpuHigh = alert({
  name: "HostCpuHigh",
  pack: "host",
  signal: cpuUse,
  above: { warning: percent(90), critical: percent(98) },
  for: minutes(15),
  summary: `the processors of ${one} are busy {{ $value | humanizePercentage }} of the time`,
  impact: "Whatever runs on this host waits for its turn: answers take longer, and work piles up.",
});

export const HostMemoryHigh = alert({
  name: "HostMemoryHigh",
  pack: "host",
  signal: memoryUse,
  above: { warning: percent(90), critical: percent(97) },
  // The mixin waits for 15 minutes; a leak can take the rest in less.
  for: minutes(5),
  summary: `{{ $value | humanizePercentage }} of the memory of ${one} is in use`,
  impact: "When it is all in use, the host swaps and crawls, or the kernel kills a process, often the largest one.",
});

export const HostOutOfMemoryKills = alert({
  name: "HostOutOfMemoryKills",
  pack: "host",
  signal: outOfMemoryKills,
  // One within the window is 0.0011/s.
  above: { warning: eventsPerSecond(0.001) },
  // It is seen for as long as its window: none is missed, and one message tells of a series of them.
  for: minutes(5),
  summary: `the kernel of ${one} has killed a process for want of memory`,
  impact: "That process lost what it was doing. If it is started again and needs as much, it will be killed again.",
});

export const HostDiskSpaceLow = alert({
  name: "HostDiskSpaceLow",
  pack: "host",
  signal: diskUse,
  // The mixin's 5 % and 3 % leave little time to act: 5 % is where root's reserve begins on ext4.
  above: { warning: percent(90), critical: percent(95) },
  for: minutes(10),
  summary: `{{ $value | humanizePercentage }} of ${fileSystem} is in use`,
  impact: "When it is full, whatever writes to it fails: databases stop, logs are lost, deployments break.",
});

export const HostDiskFillingUp = alert({
  name: "HostDiskFillingUp",
  pack: "host",
  signal: timeUntilFull,
  // The mixin warns a day before and is critical at 4 hours; four days get one over a weekend.
  below: { warning: days(4), critical: days(1) },
  for: hours(2),
  // As in the mixin: what is nearly empty can be filled quickly, and is not meant to stay so.
  guard: { signal: diskUse, above: percent(60) },
  summary: `${fileSystem} is full in {{ $value | humanizeDuration }} if it goes on like this`,
  impact: "Nothing fails yet. When it is full, whatever writes to it does: databases stop, logs are lost.",
});

export const HostDiskSaturated = alert({
  name: "HostDiskSaturated",
  pack: "host",
  signal: diskQueue,
  above: { warning: count(10) },
  for: minutes(30),
  summary: `{{ $value | humanize }} requests wait for ${device}`,
  impact: "The disk does not keep up: whatever reads or writes on it waits, and is slow for its users.",
});

export const HostNetworkErrors = alert({
  name: "HostNetworkErrors",
  pack: "host",
  signal: packetErrors,
  above: { warning: percent(1) },
  // The mixin waits for an hour; connections have been slow long before that.
  for: minutes(30),
  summary: `{{ $value | humanizePercentage }} of the packets of ${device} are broken`,
  impact: "Lost packets are sent again after a pause: connections to and from this host are slow or break.",
});

export const HostClockSkewed = alert({
  name: "HostClockSkewed",
  pack: "host",
  signal: clockOffset,
  above: { warning: seconds(0.05) },
  for: minutes(10),
  summary: `the clock of ${one} is off by {{ $value | humanizeDuration }}`,
  impact: "Its logs and events seem to happen before or after what they belong to; clusters may take it out.",
});

export const HostClockNotInSync = alert({
  name: "HostClockNotInSync",
  pack: "host",
  signal: clockInSync,
  below: { warning: count(1) },
  for: minutes(10),
  summary: `nothing keeps the clock of ${one} right`,
  impact: "It drifts, by seconds a week: first logs are out of order, then sign-ins and certificates are refused.",
});

export const HostRebooted = alert({
  name: "HostRebooted",
  pack: "host",
  signal: uptime,
  below: { warning: minutes(10) },
  for: minutes(1),
  summary: `${one} was booted {{ $value | humanizeDuration }} ago`,
  impact: "All that ran on it was interrupted, and is back only where it starts by itself.",
});

/** Of the scrape itself. */
export const HostExporterDown = watch.Down;
export const HostMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const host: Pack = {
  name: "host",
  title: "Hosts",
  shownBy: [nodeExporter],
  signals: [
    cpuUse,
    memoryUse,
    outOfMemoryKills,
    diskUse,
    timeUntilFull,
    diskQueue,
    packetErrors,
    clockOffset,
    clockInSync,
    uptime,
    ...watch.signals,
  ],
  alerts: [
    HostCpuHigh,
    HostMemoryHigh,
    HostOutOfMemoryKills,
    HostDiskSpaceLow,
    HostDiskFillingUp,
    HostDiskSaturated,
    HostNetworkErrors,
    HostClockSkewed,
    HostClockNotInSync,
    HostRebooted,
    ...watch.alerts,
  ],
};
