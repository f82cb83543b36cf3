import type { ExporterMetric, Fact } from "../../src/model/exporter.ts";
import { count, eventsPerSecond, percent, ratio, times } from "../../src/model/quantity.ts";

/** What can be true of whoever evaluates rules and sends what fires to Alertmanagers: Prometheus, and Loki's ruler. */
export const rulerFacts = {
  ruleFailures: {
    usual: eventsPerSecond(0),
    furthest: eventsPerSecond(10),
    words: (value) => `${value} evaluations of rules that fail`,
  },
  groupTime: {
    usual: times(0.05),
    furthest: times(5),
    words: (value) => `a group of rules that takes ${value} its interval`,
  },
  knowsAlertmanager: {
    usual: count(1),
    furthest: count(0),
    words: (value) => (value === "0" ? "no Alertmanager that it knows of" : "an Alertmanager that it knows of"),
    isYesOrNo: true,
  },
  alertsSent: { usual: eventsPerSecond(20), furthest: eventsPerSecond(0), words: (value) => `${value} alerts to send` },
  alertsLost: { usual: percent(0), furthest: ratio(1), words: (value) => `${value} of alerts that are not sent` },
  queueUse: { usual: percent(0), furthest: ratio(1), words: (value) => `a queue that is ${value} full` },
} satisfies Record<string, Fact>;

/** Seconds between evaluations of a group. */
const groupInterval = 60;
const queueCapacity = 10_000;

const alertmanager = (number: number) => ({ alertmanager: `http://alertmanager-${number}:9093/api/v2/alerts` });

/** @param start of every name; @param labels that each of them has */
export function rulerMetrics(start: string, labels: Readonly<Record<string, string>> = {}): ExporterMetric[] {
  const group = { ...labels, rule_group: "rules/http.yml;http" };
  const quickGroup = { ...labels, rule_group: "rules/host.yml;host" };
  const gauge = (name: string, own: Readonly<Record<string, string>>, is: NonNullable<ExporterMetric["is"]>) =>
    ({ name: `${start}${name}`, type: "gauge", labels: own, is }) satisfies ExporterMetric;
  const counter = (name: string, own: Readonly<Record<string, string>>, grows: NonNullable<ExporterMetric["grows"]>) =>
    ({ name: `${start}${name}`, type: "counter", labels: own, whole: true, grows }) satisfies ExporterMetric;
  return [
    counter("rule_evaluation_failures_total", group, ({ ruleFailures = 0 }) => ruleFailures),
    counter("rule_evaluation_failures_total", quickGroup, () => 0),
    gauge("rule_group_interval_seconds", group, () => groupInterval),
    gauge("rule_group_interval_seconds", quickGroup, () => groupInterval),
    gauge("rule_group_last_duration_seconds", group, ({ groupTime = 0 }) => groupTime * groupInterval),
    gauge("rule_group_last_duration_seconds", quickGroup, () => 0.01),
    gauge("notifications_alertmanagers_discovered", labels, ({ knowsAlertmanager = 0 }) => 2 * knowsAlertmanager),
    counter(
      "notifications_sent_total",
      { ...labels, ...alertmanager(1) },
      ({ alertsSent = 0, alertsLost = 0 }) => alertsSent - alertsSent * alertsLost,
    ),
    counter(
      "notifications_errors_total",
      { ...labels, ...alertmanager(1) },
      ({ alertsSent = 0, alertsLost = 0 }) => alertsSent * alertsLost,
    ),
    // The other of the pair is always down: no alert is lost by that.
    counter("notifications_sent_total", { ...labels, ...alertmanager(2) }, () => 0),
    counter("notifications_errors_total", { ...labels, ...alertmanager(2) }, ({ alertsSent = 0 }) => alertsSent),
    gauge("notifications_queue_capacity", labels, () => queueCapacity),
    gauge("notifications_queue_length", { ...labels, ...alertmanager(1) }, ({ queueUse = 0 }) =>
      Math.round(queueUse * queueCapacity),
    ),
    gauge("notifications_queue_length", { ...labels, ...alertmanager(2) }, () => 0),
  ];
}
