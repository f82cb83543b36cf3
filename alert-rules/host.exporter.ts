import type { Exporter, ExporterMetric, ExposedAt, Fact, Facts } from "../src/model/exporter.ts";
import { count, days, eventsPerSecond, hours, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of a host, and of each of its file systems. */
const facts = {
  processors: { usual: count(4), furthest: count(64), words: (value) => `${value} processors` },
  cpuUse: { usual: percent(20), furthest: ratio(1), words: (value) => `processors busy for ${value} of the time` },
  memoryUse: { usual: percent(40), furthest: ratio(1), words: (value) => `${value} of memory in use` },
  outOfMemoryKills: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(1),
    words: (value) => `${value} processes killed for want of memory`,
  },
  diskUse: {
    usual: percent(40),
    furthest: ratio(1),
    words: (value) => `${value} of a file system in use`,
    perPlace: true,
  },
  timeUntilFull: {
    usual: days(365),
    furthest: hours(12),
    words: (value) => `a file system that is full in ${value}`,
    perPlace: true,
  },
  diskQueue: { usual: count(0.2), furthest: count(1000), words: (value) => `${value} requests waiting for a disk` },
  packets: { usual: eventsPerSecond(2000), furthest: eventsPerSecond(100_000), words: (value) => `${value} packets` },
  packetErrors: { usual: ratio(0), furthest: ratio(1), words: (value) => `${value} of packets broken` },
  clockOffset: { usual: seconds(0.001), furthest: seconds(0.5), words: (value) => `a clock that is off by ${value}` },
  clockInSync: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a clock that nothing keeps right" : "a clock that is kept right"),
    isYesOrNo: true,
  },
  uptime: { usual: days(30), furthest: seconds(0), words: (value) => `a host that has been up for ${value}` },
} satisfies Record<string, Fact>;

const bytesOfMemory = 16_000_000_000;
const bytesOfDisk = 100_000_000_000;

/** Two processors tell of all of them: each counts half of the time that these spend in a mode. */
const processorTime = (mode: string, shareOf: (busy: number) => number): ExporterMetric[] =>
  ["0", "1"].map((cpu) => ({
    name: "node_cpu_seconds_total",
    type: "counter",
    labels: { cpu, mode },
    grows: ({ processors = 0, cpuUse = 0 }) => (processors / 2) * shareOf(cpuUse),
  }));

/** Both ways the same. */
const packetsOf = (way: "receive" | "transmit"): ExporterMetric[] => [
  {
    name: `node_network_${way}_packets_total`,
    type: "counter",
    labels: { device: "eth0" },
    whole: true,
    grows: ({ packets = 0, packetErrors = 0 }) => (packets - packets * packetErrors) / 2,
  },
  {
    name: `node_network_${way}_errs_total`,
    type: "counter",
    labels: { device: "eth0" },
    whole: true,
    grows: ({ packets = 0, packetErrors = 0 }) => (packets * packetErrors) / 2,
  },
];

/** Of what is in memory or cannot be written to, nobody minds that it is full. */
const alwaysFull = [
  { device: "tmpfs", fstype: "tmpfs", mountpoint: "/run/lock" },
  { device: "/dev/sr0", fstype: "iso9660", mountpoint: "/mnt/config" },
].flatMap((labels): ExporterMetric[] => [
  { name: "node_filesystem_size_bytes", type: "gauge", labels, is: () => 5_000_000 },
  { name: "node_filesystem_avail_bytes", type: "gauge", labels, is: () => 0 },
]);

const free = ({ diskUse = 0 }: Facts): number => bytesOfDisk - Math.round(diskUse * bytesOfDisk);

/** It is full in so long after it has begun to fill up; where that is a year, it does not. Below zero it empties. */
const filledPerSecond = (facts: Facts): number =>
  facts.timeUntilFull === undefined || facts.timeUntilFull >= days(365).value ? 0 : free(facts) / facts.timeUntilFull;

const disk = { device: "/dev/sda1", fstype: "ext4" };

/** In steps that a difference of two such times does not round. */
const now = ({ nowSeconds }: ExposedAt): number => Math.round(nowSeconds * 1024) / 1024;

const metrics: readonly ExporterMetric[] = [
  ...processorTime("user", (busy) => busy),
  ...processorTime("idle", (busy) => (1 - busy) / 2),
  ...processorTime("iowait", (busy) => (1 - busy) / 2),
  { name: "node_memory_MemTotal_bytes", type: "gauge", is: () => bytesOfMemory },
  {
    name: "node_memory_MemAvailable_bytes",
    type: "gauge",
    is: ({ memoryUse = 0 }) => bytesOfMemory - Math.round(memoryUse * bytesOfMemory),
  },
  {
    name: "node_vmstat_oom_kill",
    type: "counter",
    whole: true,
    grows: ({ outOfMemoryKills = 0 }) => outOfMemoryKills,
  },
  { name: "node_filesystem_size_bytes", type: "gauge", labels: disk, perPlace: true, is: () => bytesOfDisk },
  {
    name: "node_filesystem_avail_bytes",
    type: "gauge",
    labels: disk,
    perPlace: true,
    is: (facts) => free(facts),
    grows: (facts) => -filledPerSecond(facts),
  },
  ...alwaysFull,
  {
    name: "node_disk_io_time_weighted_seconds_total",
    type: "counter",
    labels: { device: "sda" },
    grows: ({ diskQueue = 0 }) => diskQueue,
  },
  ...packetsOf("receive"),
  ...packetsOf("transmit"),
  // It may be ahead as well as behind.
  { name: "node_timex_offset_seconds", type: "gauge", is: ({ clockOffset = 0 }) => -clockOffset },
  { name: "node_timex_sync_status", type: "gauge", is: ({ clockInSync = 0 }) => clockInSync },
  { name: "node_time_seconds", type: "gauge", is: (_, at) => now(at) },
  { name: "node_boot_time_seconds", type: "gauge", is: ({ uptime = 0 }, at) => now(at) - uptime },
];

/** node_exporter (Prometheus) with the collectors that are on by default; Grafana Alloy embeds it. */
export const nodeExporter: Exporter = {
  id: "node-exporter",
  title: "node_exporter",
  places: { key: "filesystems", label: "mountpoint", title: "file system", default: ["/"] },
  facts,
  metrics,
};
