import { alert, type Pack } from "../src/model/pack.ts";
import { count, eventsPerSecond, minutes, percent, times } from "../src/model/quantity.ts";
import { exporterWatch } from "./exporter-watch.ts";
import { queryFailures, requestFailures } from "./meta/answers.signals.ts";
import {
  dataRejected,
  forwarded,
  forwardFailed,
  forwardFailures,
  queueUse,
  remoteLag,
  storageFailures,
} from "./meta/data.signals.ts";
import {
  alertmanagersKnown,
  alertsLost,
  clusterComplete,
  configLoaded,
  groupTime,
  notificationFailures,
  ruleFailures,
} from "./meta/rules.signals.ts";
import { metaExporters } from "./meta.exporter.ts";

/** What each program shows from its first second on; the rest is there when there is something to tell. */
const watch = exporterWatch({
  pack: "meta",
  prefix: "Meta",
  thing: "part of the monitoring",
  exporters: metaExporters,
  needs: [
    "prometheus_config_last_reload_successful",
    "prometheus_tsdb_compactions_failed_total",
    "prometheus_notifications_alertmanagers_discovered",
    "alertmanager_config_last_reload_successful",
    "alertmanager_notifications_total",
    "alertmanager_cluster_members",
    "loki_build_info",
    "otelcol_exporter_queue_capacity",
    "grafana_build_info",
  ],
});

const program = "{{ $labels.instance }} of {{ $labels.service }}";

export const MetaConfigReloadFailed = alert({
  name: "MetaConfigReloadFailed",
  pack: "meta",
  signal: configLoaded,
  // Nothing is blind yet, so it can wait for the morning; but not for the next restart.
  below: { warning: count(1) },
  for: minutes(10),
  summary: `${program} could not load its configuration`,
  impact: "What was changed is not in force: new alerts do not fire. After a restart it would not come up at all.",
});

export const MetaRulesFail = alert({
  name: "MetaRulesFail",
  pack: "meta",
  signal: ruleFailures,
  // More than three in five minutes: a rule that fails whenever it is evaluated. Then: several of them.
  above: { warning: eventsPerSecond(0.01), critical: eventsPerSecond(0.1) },
  for: minutes(15),
  summary: `rules of {{ $labels.rule_group }} on ${program} fail: {{ $value | humanize }}/s`,
  impact: "An alert whose rule fails cannot fire, and one that was firing is resolved: nobody is told of the trouble.",
});

export const MetaRuleGroupSlow = alert({
  name: "MetaRuleGroupSlow",
  pack: "meta",
  signal: groupTime,
  above: { warning: times(0.8), critical: times(1) },
  for: minutes(10),
  summary: `rules of {{ $labels.rule_group }} on ${program} take {{ $value | humanize }} times their interval`,
  impact: "Beyond 1 evaluations are left out: alerts of this group come late, and graphs have gaps.",
});

export const MetaNoAlertmanager = alert({
  name: "MetaNoAlertmanager",
  pack: "meta",
  signal: alertmanagersKnown,
  below: { critical: count(1) },
  for: minutes(5),
  summary: `${program} knows no Alertmanager`,
  impact: "No alert of it reaches anybody, however loud it fires.",
});

export const MetaAlertsNotSent = alert({
  name: "MetaAlertsNotSent",
  pack: "meta",
  signal: alertsLost,
  // 1 % is what Prometheus' own alerts begin at.
  above: { warning: percent(1), critical: percent(10) },
  for: minutes(5),
  summary: `{{ $value | humanizePercentage }} of alerts of ${program} reach no Alertmanager`,
  impact: "These alerts notify nobody. Each is sent again as long as it fires; until one gets through, it is silent.",
});

export const MetaNotificationsFail = alert({
  name: "MetaNotificationsFail",
  pack: "meta",
  signal: notificationFailures,
  // 1 % is what Alertmanager's own alerts begin at.
  above: { warning: percent(1), critical: percent(10) },
  for: minutes(5),
  summary: `{{ $value | humanizePercentage }} of notifications of ${program} to {{ $labels.integration }} fail`,
  impact: "Alerts fire, and those who should be told are not, or only over another kind of receiver.",
});

export const MetaClusterSplit = alert({
  name: "MetaClusterSplit",
  pack: "meta",
  signal: clusterComplete,
  below: { warning: count(1) },
  for: minutes(15),
  summary: `${program} does not see all members of its cluster`,
  impact: "Notifications come twice, and silences hold only on the members that know of them. None is lost.",
});

export const MetaStorageFailing = alert({
  name: "MetaStorageFailing",
  pack: "meta",
  signal: storageFailures,
  // A compaction that fails is tried again each minute.
  above: { warning: eventsPerSecond(0.01), critical: eventsPerSecond(1) },
  for: minutes(15),
  summary: `the storage of ${program} fails: {{ $value | humanize }}/s ({{ $labels.operation }})`,
  impact: "Memory and disk fill up until it stops; what is not written is lost with the next restart.",
});

export const MetaDataRejected = alert({
  name: "MetaDataRejected",
  pack: "meta",
  signal: dataRejected,
  // One scrape that is thrown away every 30 s is three times as much.
  above: { warning: eventsPerSecond(0.01), critical: eventsPerSecond(10) },
  for: minutes(15),
  summary: `${program} throws away {{ $value | humanize }}/s on arrival ({{ $labels.reason }})`,
  impact: "What is thrown away is in no graph and no search, and alerts on it cannot fire.",
});

export const MetaForwardingFails = alert({
  name: "MetaForwardingFails",
  pack: "meta",
  signal: forwardFailures,
  // Alloy's own alerts begin at 5 %, those of Prometheus at 1 %.
  above: { warning: percent(1), critical: percent(5) },
  for: minutes(10),
  summary: `${program} loses {{ $value | humanizePercentage }} of {{ $labels.data }} to {{ $labels.destination }}`,
  impact: "They are given up for good: who looks there sees less than there was, and alerts there may not fire.",
});

export const MetaRemoteWriteBehind = alert({
  name: "MetaRemoteWriteBehind",
  pack: "meta",
  signal: remoteLag,
  // 2 minutes is what Prometheus' own alerts begin at. From about two hours on data is lost.
  above: { warning: minutes(2), critical: minutes(30) },
  for: minutes(10),
  summary: `${program} is {{ $value | humanizeDuration }} behind in writing to {{ $labels.remote_name }}`,
  impact:
    "Who reads from there sees old data, and its alerts come late. What is older than the WAL, two hours, is lost.",
});

export const MetaQueueNearlyFull = alert({
  name: "MetaQueueNearlyFull",
  pack: "meta",
  signal: queueUse,
  above: { warning: percent(80), critical: percent(95) },
  for: minutes(5),
  summary: `the queue of ${program} ({{ $labels.queue }}) is {{ $value | humanizePercentage }} full`,
  impact: "When it is full, what comes is thrown away.",
});

export const MetaRequestsFail = alert({
  name: "MetaRequestsFail",
  pack: "meta",
  signal: requestFailures,
  // 10 % is what Loki's own alerts begin at. For longer than the window: one of a few says nothing.
  above: { warning: percent(5), critical: percent(10) },
  for: minutes(10),
  summary: `{{ $value | humanizePercentage }} of requests to {{ $labels.handler }} of ${program} fail`,
  impact: "Searches and dashboards show errors; where it is requests that bring data, some is late or lost.",
});

export const MetaDatasourceFails = alert({
  name: "MetaDatasourceFails",
  pack: "meta",
  signal: queryFailures,
  above: { warning: percent(10), critical: percent(50) },
  for: minutes(10),
  summary: `{{ $value | humanizePercentage }} of queries of {{ $labels.datasource }} by ${program} fail`,
  impact: "Panels on this data source are empty or show an error: whoever looks into an incident looks at nothing.",
});

/** Of the scrape itself. */
export const MetaExporterDown = watch.Down;
export const MetaMetricsMissing = watch.Missing;
export const { up: exporterUp, missing: metricsMissing, provocations: watchProvocations } = watch;

export const meta: Pack = {
  name: "meta",
  title: "The monitoring itself",
  shownBy: metaExporters,
  signals: [
    configLoaded,
    ruleFailures,
    groupTime,
    alertmanagersKnown,
    alertsLost,
    notificationFailures,
    clusterComplete,
    storageFailures,
    dataRejected,
    forwardFailed,
    forwarded,
    forwardFailures,
    remoteLag,
    queueUse,
    requestFailures,
    queryFailures,
    ...watch.signals,
  ],
  alerts: [
    MetaConfigReloadFailed,
    MetaRulesFail,
    MetaRuleGroupSlow,
    MetaNoAlertmanager,
    MetaAlertsNotSent,
    MetaNotificationsFail,
    MetaClusterSplit,
    MetaStorageFailing,
    MetaDataRejected,
    MetaForwardingFails,
    MetaRemoteWriteBehind,
    MetaQueueNearlyFull,
    MetaRequestsFail,
    MetaDatasourceFails,
    ...watch.alerts,
  ],
};
