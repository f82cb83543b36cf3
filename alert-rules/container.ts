import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, eventsPerSecond, formatDuration, minutes, percent, seconds } from "../src/model/quantity.ts";
import { containerExporters, restartWindowSeconds } from "./container.exporter.ts";
import { exporterWatch, from, perInstance } from "./exporter-watch.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
/** Long enough that what happens every few minutes is seen more than once. */
const eventWindow = seconds(restartWindowSeconds);
const events = formatDuration(eventWindow);

const perContainer = [...perInstance, "name"];
const byContainer = perContainer.join(", ");
const byInstance = perInstance.join(", ");
const these = from(containerExporters);

/** Of containers: the host itself and its control groups have no name. */
const metric = (name: string): string => `${name}{${these}, name!=""}`;
const rateOf = (name: string): string => `rate(${metric(name)}[${window}])`;
/** Of a container that has ended, as long as its rates are known. */
const lastOf = (name: string): string => `last_over_time(${metric(name)}[${window}])`;
/** A container that was created anew is there twice for a while: each is worked out by itself. */
const maxOf = (expr: string): string => `max by (${byContainer}) (${expr})`;

export const running = signal({
  name: "container_running",
  title: "Containers that run",
  description: "1 where cAdvisor sees the container, 0 where it saw it within the last hour and no longer does.",
  unit: "count",
  labels: perContainer,
  series: "container:container_running:group",
  fact: "runs",
  source: {
    once: [
      `group by (${byContainer}) (${metric("container_last_seen")})`,
      `or 0 * group by (${byContainer}) (last_over_time(${metric("container_last_seen")}[1h]))`,
      // Where cAdvisor does not even see its host, it is blind; that is told by another alert.
      `and on (${byInstance}) group by (${byInstance}) (container_last_seen{${these}, id="/"})`,
    ].join(" "),
  },
});

export const cpuUse = signal({
  name: "container_cpu_use",
  title: "CPU used, of the limit",
  description: "CPU time over the last 5 minutes, as a share of what the container may use; only where it has a limit.",
  unit: "ratio",
  labels: perContainer,
  series: "container:container_cpu:ratio5m",
  window: rateWindow,
  fact: "cpuUse",
  source: {
    once: maxOf(
      [
        `sum by (${byContainer}, id) (increase(${metric("container_cpu_usage_seconds_total")}[${window}]))`,
        // Its seconds, by those of the clock: where scrapes are missing, both are estimated too low alike.
        `/ on (${byContainer}, id) (delta(${metric("container_last_seen")}[${window}])`,
        `* ${lastOf("container_spec_cpu_quota")} / ${lastOf("container_spec_cpu_period")})`,
      ].join(" "),
    ),
  },
});

export const throttling = signal({
  name: "container_cpu_throttling",
  title: "CPU periods throttled",
  description:
    "Of the periods (100 ms by default) in which the container wanted to work, those in which it had used up its limit and had to wait, over the last 5 minutes.",
  unit: "ratio",
  labels: perContainer,
  series: "container:container_cpu_throttled:ratio5m",
  window: rateWindow,
  fact: "throttling",
  source: {
    once: maxOf(
      `${rateOf("container_cpu_cfs_throttled_periods_total")} / ${rateOf("container_cpu_cfs_periods_total")}`,
    ),
  },
});

export const memoryUse = signal({
  name: "container_memory_use",
  title: "Memory used, of the limit",
  description:
    "Working set (what cannot be given back at once), as a share of the container's limit; only where it has one.",
  unit: "ratio",
  labels: perContainer,
  series: "container:container_memory:ratio",
  fact: "memoryUse",
  source: {
    once: maxOf(
      `${metric("container_memory_working_set_bytes")} / (${metric("container_spec_memory_limit_bytes")} > 0)`,
    ),
  },
});

export const oomKills = signal({
  name: "container_oom_kills",
  title: "Processes killed for lack of memory",
  description:
    "By the kernel, in the container, per second over the last 15 minutes. A kill that ends the container itself shows as a restart.",
  unit: "events/second",
  labels: perContainer,
  series: "container:container_oom_kills:rate15m",
  window: eventWindow,
  fact: "oomKills",
  source: { once: maxOf(`rate(${metric("container_oom_events_total")}[${events}])`) },
});

export const restarts = signal({
  name: "container_restarts",
  title: "Restarts in 15 minutes",
  description: "How often the container was started again within the last 15 minutes (cAdvisor from 0.57 on).",
  unit: "count",
  labels: perContainer,
  series: "container:container_restarts:changes15m",
  window: eventWindow,
  fact: "restarts",
  source: { once: maxOf(`changes(${metric("container_start_time_seconds")}[${events}])`) },
});

export const diskUse = signal({
  name: "container_disk_use",
  title: "Disk used by the container",
  description:
    "What the container has written into itself and its log, as a share of the disk it is on. Volumes do not count.",
  unit: "ratio",
  labels: perContainer,
  series: "container:container_disk:ratio",
  fact: "diskUse",
  source: {
    once: maxOf(`${metric("container_fs_usage_bytes")} / (${metric("container_fs_limit_bytes")} > 0)`),
  },
});

const watch = exporterWatch({
  pack: "container",
  prefix: "Container",
  thing: "container host",
  exporters: containerExporters,
  // Each can be switched off by itself (`--disable_metrics`); limits and throttling are only there with limits.
  needs: [
    "container_last_seen",
    "container_start_time_seconds",
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "container_oom_events_total",
    "container_fs_usage_bytes",
  ],
});

const where = "{{ $labels.name }} on {{ $labels.instance }}";

export const ContainerMissing = alert({
  name: "ContainerMissing",
  pack: "container",
  signal: running,
  // Not critical by default: a container that was removed on purpose looks the same.
  below: { warning: count(1) },
  for: minutes(5),
  summary: `${where} is gone`,
  impact: "What it did is not done, unless another container does it. Its other alerts cannot fire.",
});

export const ContainerCpuHigh = alert({
  name: "ContainerCpuHigh",
  pack: "container",
  signal: cpuUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(15),
  summary: `${where} uses {{ $value | humanizePercentage }} of its CPU limit`,
  impact: "There is little left for more work: it answers more slowly, and soon it waits in every period.",
});

export const ContainerThrottled = alert({
  name: "ContainerThrottled",
  pack: "container",
  signal: throttling,
  // A quarter, for 15 minutes, is where the Kubernetes mixin speaks up (CPUThrottlingHigh).
  above: { warning: percent(25), critical: percent(50) },
  for: minutes(15),
  summary: `${where} is held back in {{ $value | humanizePercentage }} of its CPU periods`,
  impact: "Each time it stands still for up to a tenth of a second: whoever waits for it, waits longer.",
});

export const ContainerMemoryHigh = alert({
  name: "ContainerMemoryHigh",
  pack: "container",
  signal: memoryUse,
  above: { warning: percent(85), critical: percent(95) },
  for: minutes(5),
  summary: `${where} uses {{ $value | humanizePercentage }} of its memory limit`,
  impact: "At 100 % the kernel kills a process in it: the container is restarted, and what it was doing is lost.",
});

export const ContainerOomKilled = alert({
  name: "ContainerOomKilled",
  pack: "container",
  signal: oomKills,
  // One in 15 minutes, which is 0.0011/s, is news; with ten of them it does not get better by itself.
  above: { warning: eventsPerSecond(0.001), critical: eventsPerSecond(0.01) },
  for: minutes(5),
  summary: `processes in ${where} are killed because its memory is full`,
  impact: "What the killed process was doing is lost: requests failed, or a worker has to begin again.",
});

export const ContainerRestarting = alert({
  name: "ContainerRestarting",
  pack: "container",
  signal: restarts,
  // A deployment restarts it once or twice. Docker tries a crash loop again once a minute at the least.
  above: { warning: count(2), critical: count(8) },
  for: minutes(5),
  summary: `${where} was restarted {{ $value }} times in 15 minutes`,
  impact: "It ends again and again: it serves in the time between at best, and loses what it had in memory.",
});

export const ContainerDiskHigh = alert({
  name: "ContainerDiskHigh",
  pack: "container",
  signal: diskUse,
  // Data belongs into volumes. A fifth of a disk that all containers share is no accident any more.
  above: { warning: percent(20), critical: percent(50) },
  for: minutes(15),
  summary: `${where} has filled {{ $value | humanizePercentage }} of the disk of its host`,
  impact: "When the disk is full, every container on this host fails to write, and none can be started.",
});

/** Of the scrape itself. */
export const ContainerExporterDown = watch.Down;
export const ContainerMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const container: Pack = {
  name: "container",
  title: "Containers",
  shownBy: containerExporters,
  signals: [running, cpuUse, throttling, memoryUse, oomKills, restarts, diskUse, ...watch.signals],
  alerts: [
    ContainerMissing,
    ContainerCpuHigh,
    ContainerThrottled,
    ContainerMemoryHigh,
    ContainerOomKilled,
    ContainerRestarting,
    ContainerDiskHigh,
    ...watch.alerts,
  ],
};
