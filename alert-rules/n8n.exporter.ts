import type { Exporter, ExporterMetric, Fact, Facts } from "../src/model/exporter.ts";
import { count, eventsPerSecond, hours, percent, ratio, seconds } from "../src/model/quantity.ts";

/** What can be true of an n8n process and of the workflows that it runs. */
const processFacts = {
  executions: {
    usual: eventsPerSecond(2),
    furthest: eventsPerSecond(0),
    words: (value) => `${value} executions`,
  },
  failures: { usual: percent(1), furthest: ratio(1), words: (value) => `${value} of executions that fail` },
  duration: { usual: seconds(4), furthest: hours(1), words: (value) => `executions of ${value} on average` },
  eventLoopLag: {
    usual: seconds(0.012),
    furthest: seconds(30),
    words: (value) => `an event loop that is ${value} late`,
  },
} satisfies Record<string, Fact>;

/** What only the main process in queue mode knows: of jobs on their way to the workers. */
const queueFacts = {
  waitingJobs: { usual: count(2), furthest: count(100_000), words: (value) => `${value} jobs that wait` },
  stalledJobs: { usual: eventsPerSecond(0), furthest: eventsPerSecond(1), words: (value) => `${value} stalled jobs` },
} satisfies Record<string, Fact>;

/** Somebody tries out a workflow in the editor all the time, and it always fails: that is nobody's trouble. */
const triedOut = { perSecond: 0.5, seconds: 600 };

/** One kind of series of the histogram of executions. It is not there before the first execution of its labels. */
const executions = (labels: Record<string, string>, perSecond: ExporterMetric["grows"], each: (now: Facts) => number) =>
  [
    {
      name: "n8n_workflow_execution_duration_seconds_count",
      type: "counter",
      labels,
      whole: true,
      fromFirst: true,
      grows: perSecond,
    },
    {
      name: "n8n_workflow_execution_duration_seconds_sum",
      type: "counter",
      labels,
      fromFirst: true,
      grows: (now: Facts) => (perSecond?.(now) ?? 0) * each(now),
    },
  ] satisfies ExporterMetric[];

/** Without its buckets, which no alert reads, and without labels that need a flag, such as `workflow_id`. */
const processMetrics: readonly ExporterMetric[] = [
  {
    name: "n8n_version_info",
    type: "gauge",
    labels: { version: "v2.30.0", major: "2", minor: "30", patch: "0" },
    is: () => 1,
  },
  { name: "n8n_active_workflow_count", type: "gauge", is: () => 12 },
  ...executions(
    { status: "success", mode: "webhook" },
    ({ executions: all = 0, failures = 0 }) => all - all * failures,
    ({ duration = 0 }) => duration,
  ),
  ...executions(
    { status: "failed", mode: "webhook" },
    ({ executions: all = 0, failures = 0 }) => all * failures,
    ({ duration = 0 }) => duration,
  ),
  ...executions(
    { status: "failed", mode: "manual" },
    () => triedOut.perSecond,
    () => triedOut.seconds,
  ),
  { name: "n8n_nodejs_eventloop_lag_p99_seconds", type: "gauge", is: ({ eventLoopLag = 0 }) => eventLoopLag },
];

const queueMetrics: readonly ExporterMetric[] = [
  { name: "n8n_scaling_mode_queue_jobs_waiting", type: "gauge", is: ({ waitingJobs = 0 }) => waitingJobs },
  { name: "n8n_scaling_mode_queue_jobs_active", type: "gauge", is: () => 8 },
  // A counter of the event bus: it is made by its first event.
  {
    name: "n8n_queue_job_stalled_total",
    type: "counter",
    whole: true,
    fromFirst: true,
    grows: ({ stalledJobs = 0 }) => stalledJobs,
  },
];

/**
 * n8n shows its own metrics with `N8N_METRICS=true`. Names and labels from its source code (2.x), see
 * `packages/cli/src/metrics/prometheus/`; those of the queue are only on the main process and only in queue mode, with
 * `N8N_METRICS_INCLUDE_QUEUE_METRICS`, and stalled jobs with `N8N_METRICS_INCLUDE_MESSAGE_EVENT_BUS_METRICS`.
 */
export const n8nProcess: Exporter = {
  id: "n8n",
  title: "n8n (one process; in queue mode a worker or webhook processor)",
  facts: processFacts,
  metrics: processMetrics,
};

export const n8nQueueMain: Exporter = {
  id: "n8n-queue",
  title: "n8n in queue mode (its main process)",
  facts: { ...processFacts, ...queueFacts },
  metrics: [...processMetrics, ...queueMetrics],
};

export const n8nExporters: readonly Exporter[] = [n8nProcess, n8nQueueMain];
