import { signal } from "../src/model/pack.ts";
import { days, formatDuration, hours, minutes } from "../src/model/quantity.ts";
import { from, perInstance } from "./exporter-watch.ts";
import { nodeExporter } from "./host.exporter.ts";

const rateWindow = minutes(5);
/** The kernel kills rarely, and once is enough. */
const killWindow = minutes(15);
const perFileSystem = [...perInstance, "mountpoint"];
const perDevice = [...perInstance, "device"];
const these = from([nodeExporter]);

const by = (operation: string, labels: readonly string[], expr: string): string =>
  `${operation} by (${labels.join(", ")}) (${expr})`;
const metric = (name: string, matcher?: string): string =>
  `${name}{${[these, ...(matcher === undefined ? [] : [matcher])].join(", ")}}`;
const rateOf = (selector: string, window = rateWindow): string => `rate(${selector}[${formatDuration(window)}])`;

export const cpuUse = signal({
  name: "host_cpu_use",
  title: "Processors busy",
  description:
    "Time that the processors worked or were withheld by the hypervisor, as a share of all, over the last 5 minutes.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:host_cpu_busy:ratio5m",
  window: rateWindow,
  fact: "cpuUse",
  source: {
    once: [
      by("sum", perInstance, rateOf(metric("node_cpu_seconds_total", 'mode!~"idle|iowait"'))),
      `/ ${by("sum", perInstance, rateOf(metric("node_cpu_seconds_total")))}`,
    ].join(" "),
  },
});

export const memoryUse = signal({
  name: "host_memory_use",
  title: "Memory in use",
  description: "Memory that programs cannot get without swapping, as a share of all. Caches count as free.",
  unit: "ratio",
  labels: perInstance,
  series: "instance:host_memory_used:ratio",
  fact: "memoryUse",
  source: {
    once: by(
      "max",
      perInstance,
      `(${metric("node_memory_MemTotal_bytes")} - ${metric("node_memory_MemAvailable_bytes")}) / ${metric("node_memory_MemTotal_bytes")}`,
    ),
  },
});

export const outOfMemoryKills = signal({
  name: "host_out_of_memory_kills",
  title: "Processes killed for want of memory",
  description: "Per second, over the last 15 minutes: a single one is 0.0011/s.",
  unit: "events/second",
  labels: perInstance,
  series: "instance:host_out_of_memory_kills:rate15m",
  window: killWindow,
  fact: "outOfMemoryKills",
  source: { once: by("sum", perInstance, rateOf(metric("node_vmstat_oom_kill"), killWindow)) },
});

// Read-only images are full by nature, and what is in memory is told by the alert on memory.
const onDisk = 'fstype!~"tmpfs|iso9660"';

export const diskUse = signal({
  name: "host_disk_use",
  title: "Disk space in use",
  description: "Space of a file system that programs cannot write to any more, what is reserved for root included.",
  unit: "ratio",
  labels: perFileSystem,
  series: "filesystem:host_disk_used:ratio",
  fact: "diskUse",
  source: {
    once: by(
      "max",
      perFileSystem,
      `(${metric("node_filesystem_size_bytes", onDisk)} - ${metric("node_filesystem_avail_bytes", onDisk)}) / ${metric("node_filesystem_size_bytes", onDisk)}`,
    ),
  },
});

/** Shorter than the alert's `for`: what is written once and not again is over before it is told. */
const growthWindow = hours(1);

export const timeUntilFull = signal({
  name: "host_time_until_full",
  title: "Time until the disk is full",
  description:
    "If it goes on as in the last hour. A year stands for a year or more, and for a disk that does not fill up; one that is full has none.",
  unit: "seconds",
  labels: perFileSystem,
  series: "filesystem:host_disk_seconds_until_full:min",
  window: growthWindow,
  fact: "timeUntilFull",
  source: {
    once: by(
      "min",
      perFileSystem,
      `clamp_max(${growthWindow.value} * (${metric("node_filesystem_avail_bytes", onDisk)} > 0) / clamp_min(-delta(${metric("node_filesystem_avail_bytes", onDisk)}[${formatDuration(growthWindow)}]), 1), ${days(365).value})`,
    ),
  },
});

export const diskQueue = signal({
  name: "host_disk_queue",
  title: "Requests waiting for a disk",
  description: "Reads and writes that were under way or waiting at a time, on average over the last 5 minutes.",
  unit: "count",
  labels: perDevice,
  series: "device:host_disk_queue:avg5m",
  window: rateWindow,
  fact: "diskQueue",
  source: { once: by("sum", perDevice, rateOf(metric("node_disk_io_time_weighted_seconds_total"))) },
});

const bothWays = (what: string): string =>
  ["receive", "transmit"]
    .map((way) => by("sum", perDevice, rateOf(metric(`node_network_${way}_${what}_total`))))
    .join(" + ");

export const packetErrors = signal({
  name: "host_packet_errors",
  title: "Broken packets",
  description:
    "Packets that the interface could not receive or send, as a share of all, both ways, over the last 5 minutes.",
  unit: "ratio",
  labels: perDevice,
  series: "device:host_packet_errors:ratio5m",
  window: rateWindow,
  fact: "packetErrors",
  source: { once: `(${bothWays("errs")}) / (${bothWays("packets")} + ${bothWays("errs")})` },
});

export const clockOffset = signal({
  name: "host_clock_offset",
  title: "How far the clock is off",
  description:
    "Difference between the host's clock and the time servers', ahead or behind. It says nothing while nobody keeps the clock right.",
  unit: "seconds",
  labels: perInstance,
  series: "instance:host_clock_offset_seconds:abs",
  fact: "clockOffset",
  source: { once: by("max", perInstance, `abs(${metric("node_timex_offset_seconds")})`) },
});

export const clockInSync = signal({
  name: "host_clock_in_sync",
  title: "Clocks that are kept right",
  description: "1 where the kernel knows its clock to be kept right by a time service, 0 where it does not.",
  unit: "count",
  labels: perInstance,
  series: "instance:host_clock_in_sync:min",
  fact: "clockInSync",
  source: { once: by("min", perInstance, metric("node_timex_sync_status")) },
});

export const uptime = signal({
  name: "host_uptime",
  title: "Time since the last boot",
  description: "By the host's own clock.",
  unit: "seconds",
  labels: perInstance,
  series: "instance:host_uptime_seconds:min",
  fact: "uptime",
  source: {
    once: by("min", perInstance, `${metric("node_time_seconds")} - ${metric("node_boot_time_seconds")}`),
  },
});
