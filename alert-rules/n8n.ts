import { identityLabels } from "../src/model/conventions.ts";
import { alert, type Pack, signal } from "../src/model/pack.ts";
import { count, eventsPerSecond, formatDuration, hours, minutes, percent, seconds } from "../src/model/quantity.ts";
import { exporterWatch, from, perInstance } from "./exporter-watch.ts";
import { n8nExporters, n8nQueueMain } from "./n8n.exporter.ts";

const rateWindow = minutes(5);
const window = formatDuration(rateWindow);
const these = from(n8nExporters);
const queueMain = from([n8nQueueMain]);

/** Executions are those of the whole service: in queue mode several processes report them, each a part. */
const perService = [...identityLabels];
const byService = perService.join(", ");

const sumOf = (expr: string): string => `sum by (${byService}) (${expr})`;

/**
 * A rate of the histogram of executions: the one family that is on by default and counts successes and failures alike,
 * so that no flag can leave the one without the other. Executions in the editor are left out: they fail while somebody
 * works on them.
 */
const executionRateOf = (part: "count" | "sum", ...matchers: string[]): string =>
  sumOf(
    `rate(n8n_workflow_execution_duration_seconds_${part}{${[these, 'mode!="manual"', ...matchers].join(", ")}}[${window}])`,
  );

export const executionRate = signal({
  name: "n8n_executions",
  title: "Executions per second",
  description:
    "Executions that ended, without those in the editor, over the last 5 minutes. Zero where there was none.",
  unit: "events/second",
  labels: perService,
  series: "service:n8n_executions:rate5m",
  window: rateWindow,
  fact: "executions",
  source: {
    once: [
      executionRateOf("count"),
      // n8n shows nothing of executions before the first. That nothing runs is zero, not absent.
      `or 0 * ${sumOf(`n8n_version_info{${these}}`)}`,
    ].join(" "),
  },
});

export const failureRatio = signal({
  name: "n8n_failure_ratio",
  title: "Share of executions that fail",
  description:
    "Executions that ended otherwise than in success, as a share of all but those in the editor, over the last 5 minutes.",
  unit: "ratio",
  labels: perService,
  series: "service:n8n_execution_failures:ratio5m",
  window: rateWindow,
  fact: "failures",
  source: {
    // `or` gives who has not had a single failure a zero: its series is made by the first.
    once: `(${executionRateOf("count", 'status="failed"')} or 0 * ${executionRate.series}) / ${executionRate.series}`,
  },
});

/**
 * An average, not a quantile: one histogram holds workflows of milliseconds and of minutes, so that a quantile tells
 * which of them ran, not how they did; and from 10 s on its buckets double and more, so that what lies between two
 * edges would be made up.
 */
export const executionDuration = signal({
  name: "n8n_execution_duration",
  title: "Average duration of an execution",
  description: "Time that executions took, by their number, over the last 5 minutes; without those in the editor.",
  unit: "seconds",
  labels: perService,
  series: "service:n8n_execution_seconds:avg5m",
  window: rateWindow,
  fact: "duration",
  source: { once: `${executionRateOf("sum")} / ${executionRateOf("count")}` },
});

export const waitingJobs = signal({
  name: "n8n_waiting_jobs",
  title: "Jobs that wait for a worker",
  description: "Executions in the queue that no worker has taken. n8n looks every 20 s.",
  unit: "count",
  labels: perService,
  series: "service:n8n_queue_jobs_waiting:max",
  fact: "waitingJobs",
  // There is one queue, however many processes tell of it.
  source: { once: `max by (${byService}) (n8n_scaling_mode_queue_jobs_waiting{${queueMain}})` },
});

export const stalledJobs = signal({
  name: "n8n_stalled_jobs",
  title: "Stalled jobs per second",
  description:
    "Executions that n8n gave up because their worker no longer said that it was at work on them, over the last 5 minutes.",
  unit: "events/second",
  labels: perService,
  series: "service:n8n_queue_jobs_stalled:rate5m",
  window: rateWindow,
  fact: "stalledJobs",
  source: {
    once: [
      sumOf(`rate(n8n_queue_job_stalled_total{${queueMain}}[${window}])`),
      // The counter is made by the first stalled job.
      `or 0 * ${waitingJobs.series}`,
    ].join(" "),
  },
});

export const eventLoopLag = signal({
  name: "n8n_event_loop_lag",
  title: "Event loop lag, p99",
  description: "How late timers of the process were, 99 of 100 of them at most, since the scrape before.",
  unit: "seconds",
  labels: perInstance,
  series: "instance:n8n_event_loop_lag_seconds:p99",
  fact: "eventLoopLag",
  source: { once: `max by (${perInstance.join(", ")}) (n8n_nodejs_eventloop_lag_p99_seconds{${these}})` },
});

/**
 * What a process shows from its first second on. The histogram of executions is not among it: without it there are no
 * executions, which N8nNoExecutions tells.
 */
const watch = exporterWatch({
  pack: "n8n",
  prefix: "N8n",
  thing: "n8n instance",
  exporters: n8nExporters,
  needs: ["n8n_version_info", "n8n_nodejs_eventloop_lag_p99_seconds", "n8n_scaling_mode_queue_jobs_waiting"],
});

const service = "{{ $labels.service }}";

export const N8nExecutionsFail = alert({
  name: "N8nExecutionsFail",
  pack: "n8n",
  signal: failureRatio,
  above: { warning: percent(10), critical: percent(50) },
  for: minutes(5),
  // Six executions in five minutes: one failure of two says nothing.
  guard: { signal: executionRate, above: eventsPerSecond(0.02) },
  summary: `workflows of ${service} fail: {{ $value | humanizePercentage }} of executions`,
  impact:
    "What these workflows should have done was not done, or only in part. Nothing tries again unless it was told to.",
});

export const N8nExecutionsSlow = alert({
  name: "N8nExecutionsSlow",
  pack: "n8n",
  signal: executionDuration,
  above: { warning: minutes(1), critical: minutes(5) },
  // Longer than the window: a single execution that takes its time, such as a report at night, is over before.
  for: minutes(10),
  summary: `executions of ${service} take {{ $value | humanizeDuration }} on average`,
  impact: "Results come late, webhooks that wait for them time out, and new executions queue up behind the slow ones.",
});

export const N8nNoExecutions = alert({
  name: "N8nNoExecutions",
  pack: "n8n",
  signal: executionRate,
  // A single execution in the window is more than that: not one, for as long as `for` says.
  below: { warning: eventsPerSecond(0.001) },
  for: hours(1),
  summary: `no workflow of ${service} has run to its end lately`,
  impact: "Triggers and schedules may have stopped without an error: what should happen does not, and nobody is told.",
});

export const N8nQueueWaiting = alert({
  name: "N8nQueueWaiting",
  pack: "n8n",
  signal: waitingJobs,
  above: { warning: count(100), critical: count(1000) },
  for: minutes(10),
  summary: `{{ $value | humanize }} executions of ${service} wait for a worker`,
  impact: "Executions start late, or not at all where no worker is left; webhooks that wait for an answer time out.",
});

export const N8nJobsStalled = alert({
  name: "N8nJobsStalled",
  pack: "n8n",
  signal: stalledJobs,
  // More than three and more than thirty in five minutes, again and again: what one killed worker leaves is over before.
  above: { warning: eventsPerSecond(0.01), critical: eventsPerSecond(0.1) },
  for: minutes(5),
  summary: `workers of ${service} lose {{ $value | humanize }} jobs/s`,
  impact: "Workers die or hang in the middle of executions. n8n gives these up as failed; nobody starts them again.",
});

export const N8nEventLoopLagHigh = alert({
  name: "N8nEventLoopLagHigh",
  pack: "n8n",
  signal: eventLoopLag,
  above: { warning: seconds(0.5), critical: seconds(2) },
  for: minutes(5),
  summary: `{{ $labels.instance }} of ${service} is busy: its event loop is {{ $value | humanizeDuration }} late`,
  impact: "The process answers webhooks and the editor late, and starts schedules late; workers lose jobs as stalled.",
});

/** Of the scrape itself. */
export const N8nExporterDown = watch.Down;
export const N8nMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const n8n: Pack = {
  name: "n8n",
  title: "n8n",
  shownBy: n8nExporters,
  signals: [executionRate, failureRatio, executionDuration, waitingJobs, stalledJobs, eventLoopLag, ...watch.signals],
  alerts: [
    N8nExecutionsFail,
    N8nExecutionsSlow,
    N8nNoExecutions,
    N8nQueueWaiting,
    N8nJobsStalled,
    N8nEventLoopLagHigh,
    ...watch.alerts,
  ],
};
