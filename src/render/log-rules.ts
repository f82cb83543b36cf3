import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { longestLogql, streamSelector } from "../model/logql.ts";
import { type Alert, isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { formatDuration } from "../model/quantity.ts";
import { alertingRules, type Rule } from "./alerting-rules.ts";
import { lokiTenant } from "./loki.ts";

/** Loki's rules: one file per pack that has alerts on log lines, in the folder where Loki's ruler looks for them. */
export function renderLogRules(platform: Platform): Artifact[] {
  return platform.packs.flatMap((pack) => {
    const rules = pack.alerts.flatMap((alert) => logqlRules(alert, platform));
    if (rules.length === 0) return [];
    return yamlArtifact(`loki/rules/${lokiTenant}/${pack.name}.yml`, {
      groups: [{ name: pack.name, interval: formatDuration(platform.intervals.evaluation), rules }],
    });
  });
}

/** The platform cut down to what a query speaks of: what is asked of other services alone has no part in it. */
export function withServices(platform: Platform, names: readonly string[]): Platform {
  const spoken = new Set(names);
  return { ...platform, services: platform.services.filter(({ name }) => spoken.has(name)) };
}

/** The signal stands in brackets, so that what is compared with the threshold is all of it. */
function logqlRules(alert: Alert, platform: Platform): Rule[] {
  const { signal } = alert;
  if (!isLogSignal(signal)) return [];
  return alertingRules(
    alert,
    platform,
    ({ matchers, compare, services }) =>
      `(${signal.logql(streamSelector(matchers), withServices(platform, services))}) ${compare}`,
    longestLogql,
  );
}
