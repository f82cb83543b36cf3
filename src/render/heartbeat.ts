import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { runbookLink } from "../model/links.ts";
import type { Platform } from "../model/platform.ts";
import type { Receiver } from "../model/platform-props.ts";
import { type Duration, formatDuration, minutes, seconds } from "../model/quantity.ts";
import type { Route } from "./alertmanager.ts";

/** The alert that always fires: what it says is that alerts reach somebody. */
export const watchdog = "Watchdog";

/** Gets the watchdog and nothing else; the slash keeps it apart from every team's receivers. */
export const heartbeatName = "firedrill/heartbeat";

/** How often the heartbeat is sent, unless monitoring.yaml says otherwise. */
export const heartbeatEvery = minutes(1);

/** Where the heartbeat goes; undefined where nobody listens for it. */
export const heartbeatReceiver = ({ heartbeat }: Platform): Receiver | undefined =>
  heartbeat && { name: heartbeatName, webhook: { url: heartbeat.url } };

/** The rule of the alert that always fires. It asks for no series: what it tests are Prometheus and what is behind it. */
export function renderHeartbeat(platform: Platform): Artifact[] {
  if (!platform.heartbeat) return [];
  const rule = {
    alert: watchdog,
    expr: "vector(1)",
    // No team, service or severity that a route or an inhibition of real alerts could take for one.
    labels: { severity: "none", pack: "meta" },
    annotations: {
      summary: `Alerts of ${platform.name} can be told`,
      description: "This always fires. Who no longer gets it knows that no other alert comes either.",
      runbook_url: runbookLink({ pack: "meta", name: watchdog }, platform),
    },
  };
  return [
    yamlArtifact("prometheus/rules/heartbeat.yml", {
      groups: [{ name: "heartbeat", interval: formatDuration(platform.intervals.evaluation), rules: [rule] }],
    }),
  ];
}

/**
 * Before every team's route, so that nobody else gets it. Alertmanager looks at a group every `group_interval` and sends
 * it again where `repeat_interval` has passed: were both the same, each second beat would come a moment too early.
 */
export function heartbeatRoutes({ heartbeat }: Platform): Route[] {
  if (!heartbeat) return [];
  const every: Duration = heartbeat.every ?? heartbeatEvery;
  return [
    {
      receiver: heartbeatName,
      matchers: [`alertname="${watchdog}"`, 'severity="none"'],
      group_by: ["alertname"],
      group_wait: "0s",
      group_interval: formatDuration(every),
      repeat_interval: formatDuration(seconds(Math.floor(every.value * 0.9))),
    },
  ];
}
