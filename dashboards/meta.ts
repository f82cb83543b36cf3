import { queryFailures, requestFailures } from "../alert-rules/meta/answers.signals.ts";
import {
  dataRejected,
  forwarded,
  forwardFailures,
  queueUse,
  remoteLag,
  storageFailures,
} from "../alert-rules/meta/data.signals.ts";
import {
  alertmanagersKnown,
  alertsLost,
  clusterComplete,
  configLoaded,
  groupTime,
  notificationFailures,
  ruleFailures,
} from "../alert-rules/meta/rules.signals.ts";
import { exporterUp, meta, metricsMissing } from "../alert-rules/meta.ts";
import type { Dashboard } from "../src/render/dashboard.ts";

/** Do rules run, do alerts leave, do they arrive, is data taken in and passed on; below, who looks and finds nothing. */
export const metaDashboard: Dashboard = {
  pack: meta.name,
  title: meta.title,
  stats: [
    { title: "Rules that fail", signal: ruleFailures, query: (of) => `sum(${of(ruleFailures)})` },
    { title: "Alerts not sent, most", signal: alertsLost, query: (of) => `max(${of(alertsLost)})` },
    {
      title: "Notifications failing, most",
      signal: notificationFailures,
      query: (of) => `max(${of(notificationFailures)})`,
    },
    { title: "Data rejected", signal: dataRejected, query: (of) => `sum(${of(dataRejected)})` },
  ],
  panels: [
    ruleFailures,
    groupTime,
    alertsLost,
    notificationFailures,
    dataRejected,
    forwardFailures,
    requestFailures,
    clusterComplete,
  ],
  details: [
    forwarded,
    remoteLag,
    queueUse,
    queryFailures,
    storageFailures,
    configLoaded,
    alertmanagersKnown,
    exporterUp,
    metricsMissing,
  ],
};
