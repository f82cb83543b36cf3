import type { Exporter, ExporterMetric, Fact } from "../src/model/exporter.ts";
import { count, eventsPerSecond, percent, ratio } from "../src/model/quantity.ts";

/** Over which restarts are counted, in seconds. */
export const restartWindowSeconds = 900;

/** What can be true of a container. */
const facts = {
  runs: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "a container that is gone" : "a container that runs"),
    isYesOrNo: true,
    perPlace: true,
  },
  cpuUse: { usual: percent(20), furthest: ratio(1), words: (value) => `${value} of its CPU limit`, perPlace: true },
  throttling: {
    usual: percent(0),
    furthest: ratio(1),
    words: (value) => `${value} of CPU periods throttled`,
    perPlace: true,
  },
  memoryUse: {
    usual: percent(40),
    furthest: ratio(1),
    words: (value) => `${value} of its memory limit`,
    perPlace: true,
  },
  oomKills: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(1),
    words: (value) => `${value} kills for lack of memory`,
    perPlace: true,
  },
  restarts: {
    usual: count(0),
    // A crash loop that is tried again every half a minute; Docker waits up to a whole one.
    furthest: count(30),
    words: (value) => `${value} restarts in 15 minutes`,
    perPlace: true,
  },
  diskUse: { usual: percent(2), furthest: ratio(1), words: (value) => `${value} of the disk`, perPlace: true },
} satisfies Record<string, Fact>;

/** Four CPUs, as the kernel's scheduler has it: so many microseconds of CPU time in each period. */
const cpuPeriod = 100_000;
const cpuQuota = 400_000;
/** At most ten in a second; the container has nothing to do in some of them. */
const periodsPerSecond = 8;
const memoryLimit = 1_000_000_000;
const diskSize = 100_000_000_000;
/** 2026-01-01. */
const startedSeconds = 1_767_225_600;

/** What cAdvisor shows of each container. */
const container = { id: "/docker/4f1c2a9b7d3e", image: "registry.example.com/app:1.4.2" };
const ofContainer = (metric: Omit<ExporterMetric, "perPlace">): ExporterMetric => ({
  ...metric,
  labels: { ...container, ...metric.labels },
  perPlace: true,
});

/** It shows the same of the whole host, which has no name: a container without limits that is busier than any other. */
const ofHost = (metric: ExporterMetric): ExporterMetric => ({ ...metric, labels: { id: "/", ...metric.labels } });

const total = { cpu: "total" };
const disk = { device: "/dev/sda1" };

const metrics: readonly ExporterMetric[] = [
  ofContainer({ name: "container_last_seen", type: "gauge", is: (_, { nowSeconds }) => Math.floor(nowSeconds) }),
  ofContainer({
    // It is later after each restart; by how much is not what anybody asks.
    name: "container_start_time_seconds",
    type: "gauge",
    whole: true,
    is: () => startedSeconds,
    grows: ({ restarts = 0 }) => restarts / restartWindowSeconds,
  }),
  ofContainer({
    name: "container_cpu_usage_seconds_total",
    type: "counter",
    labels: total,
    grows: ({ cpuUse = 0 }) => (cpuUse * cpuQuota) / cpuPeriod,
  }),
  ofContainer({ name: "container_spec_cpu_quota", type: "gauge", is: () => cpuQuota }),
  ofContainer({ name: "container_spec_cpu_period", type: "gauge", is: () => cpuPeriod }),
  ofContainer({
    name: "container_cpu_cfs_periods_total",
    type: "counter",
    whole: true,
    grows: () => periodsPerSecond,
  }),
  ofContainer({
    name: "container_cpu_cfs_throttled_periods_total",
    type: "counter",
    whole: true,
    grows: ({ throttling = 0 }) => throttling * periodsPerSecond,
  }),
  ofContainer({
    name: "container_memory_working_set_bytes",
    type: "gauge",
    is: ({ memoryUse = 0 }) => Math.round(memoryUse * memoryLimit),
  }),
  ofContainer({ name: "container_spec_memory_limit_bytes", type: "gauge", is: () => memoryLimit }),
  ofContainer({
    name: "container_oom_events_total",
    type: "counter",
    whole: true,
    grows: ({ oomKills = 0 }) => oomKills,
  }),
  ofContainer({
    name: "container_fs_usage_bytes",
    type: "gauge",
    labels: disk,
    is: ({ diskUse = 0 }) => Math.round(diskUse * diskSize),
  }),
  ofContainer({ name: "container_fs_limit_bytes", type: "gauge", labels: disk, is: () => diskSize }),

  ofHost({ name: "container_last_seen", type: "gauge", is: (_, { nowSeconds }) => Math.floor(nowSeconds) }),
  ofHost({
    name: "container_start_time_seconds",
    type: "gauge",
    is: () => startedSeconds,
    grows: () => 1,
  }),
  ofHost({ name: "container_cpu_usage_seconds_total", type: "counter", labels: total, grows: () => 7.5 }),
  ofHost({ name: "container_spec_cpu_period", type: "gauge", is: () => cpuPeriod }),
  ofHost({ name: "container_memory_working_set_bytes", type: "gauge", is: () => 15 * memoryLimit }),
  // No limit.
  ofHost({ name: "container_spec_memory_limit_bytes", type: "gauge", is: () => 0 }),
  ofHost({ name: "container_oom_events_total", type: "counter", whole: true, grows: () => 0.1 }),
  ofHost({ name: "container_fs_usage_bytes", type: "gauge", labels: disk, is: () => 0.97 * diskSize }),
  ofHost({ name: "container_fs_limit_bytes", type: "gauge", labels: disk, is: () => diskSize }),
];

/**
 * cAdvisor by itself, beside Docker or Podman: from 0.57 on, which is the first whose `container_start_time_seconds`
 * is when the container was started last, and not when it was created. Names from the source code of 0.60. Inside the
 * kubelet its series carry `pod` and `container`, and no `name` that would outlive a pod.
 */
export const containerExporters: readonly Exporter[] = [
  {
    id: "cadvisor",
    title: "cAdvisor",
    places: {
      key: "containers",
      label: "name",
      title: "container",
      default: ["app"],
      isThere: ({ runs }) => runs === 1,
    },
    facts,
    metrics,
  },
];
