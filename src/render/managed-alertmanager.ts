import { stringify } from "yaml";
import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import type { Platform } from "../model/platform.ts";
import type { Receiver } from "../model/platform-props.ts";
import { alertmanagerConfig } from "./alertmanager.ts";
import { heartbeatReceiver } from "./heartbeat.ts";
import { managedTemplates } from "./managed-templates.ts";

/** Where Amazon's Alertmanager sends what is meant for a receiver. */
export type ManagedDestination =
  | { kind: "topic"; receiver: Receiver; body: "text" | "json" }
  | { kind: "pagerduty"; receiver: Receiver; secret: string };

/**
 * How each receiver is reached. Amazon's Alertmanager knows SNS and PagerDuty and nothing else: mail goes through a
 * topic as text, and Slack and webhooks get a topic with JSON from which something else must deliver.
 */
export const managedDestinations = (platform: Platform): ManagedDestination[] =>
  [heartbeatReceiver(platform) ?? [], platform.teams.flatMap(({ receivers }) => receivers)]
    .flat()
    .map((receiver): ManagedDestination => {
      if (receiver.pagerduty) return { kind: "pagerduty", receiver, secret: receiver.pagerduty.routingKey.secret };
      return { kind: "topic", receiver, body: receiver.email ? "text" : "json" };
    });

/** Stands for an ARN that only the deployment knows. Encoded, so that no file format writes the name otherwise. */
export const arnPlaceholder = (kind: "topic" | "secret", name: string): string =>
  `<arn of ${kind} ${encodeURIComponent(name)}>`;

/** Under which key of a secret's JSON value the PagerDuty routing key stands. */
export const routingKeyField = "routing_key";

/**
 * The alert manager definition of Amazon Managed Prometheus: routes and inhibition as everywhere else, receivers
 * as the service has them. Its format: user guide, "Create an alert manager configuration".
 */
export function renderManagedAlertmanager(platform: Platform): Artifact {
  const { route, inhibit_rules, receivers } = alertmanagerConfig(platform);
  const destinations = new Map(managedDestinations(platform).map((to) => [to.receiver.name, to]));
  const config = {
    templates: ["firedrill"],
    route,
    inhibit_rules,
    receivers: receivers.map(({ name }) => ({ name, ...receiverConfig(destinations.get(name), platform.aws.region) })),
  };
  return yamlArtifact("aws/alertmanager-definition.yml", {
    template_files: { firedrill: managedTemplates },
    alertmanager_config: stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 }),
  });
}

const show = (template: string): string => `{{ template "firedrill.${template}" . }}`;

function receiverConfig(to: ManagedDestination | undefined, region: string): Record<`${string}_configs`, object[]> {
  switch (to?.kind) {
    case "topic":
      return {
        sns_configs: [
          {
            send_resolved: true,
            topic_arn: arnPlaceholder("topic", to.receiver.name),
            sigv4: { region },
            subject: show("subject"),
            message: show(to.body),
          },
        ],
      };
    case "pagerduty":
      return {
        pagerduty_configs: [
          {
            send_resolved: true,
            routing_key: {
              aws_secrets_manager: {
                secret_arn: arnPlaceholder("secret", to.secret),
                secret_key: routingKeyField,
                refresh_interval: "5m",
              },
            },
            description: show("subject"),
            severity: show("urgency"),
            client: "Firedrill",
            client_url: show("dashboard"),
          },
        ],
      };
    case undefined:
      return {};
  }
}
