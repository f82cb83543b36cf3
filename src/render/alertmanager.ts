import { type Artifact, yamlArtifact } from "../model/artifact.ts";
import { type Criticality, criticalities, type Severity, severities } from "../model/conventions.ts";
import { templateText } from "../model/links.ts";
import { placeLabels } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import type { Receiver, SecretReference, Team } from "../model/platform-props.ts";
import { escapeRegex, promqlString } from "../model/promql.ts";
import { heartbeatReceiver, heartbeatRoutes } from "./heartbeat.ts";
import { messageTemplates } from "./message-templates.ts";

/** Where the local Alertmanager listens; Prometheus sends its alerts there. */
export const alertmanagerAddress = "127.0.0.1:9093";

/** Gets what no team's receiver takes and tells nobody; the slash keeps it apart from every team's receivers. */
export const nobody = "firedrill/nobody";

export interface Route {
  receiver?: string;
  matchers?: string[];
  continue?: boolean;
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  routes?: Route[];
}

export interface AlertmanagerConfig {
  global?: Record<string, unknown>;
  templates: string[];
  route: Route;
  inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal: string[] }[];
  receivers: { name: string; [kind: `${string}_configs`]: Record<string, unknown>[] }[];
}

/**
 * `alertmanager.yml` and its templates. Alertmanager opens the files of secrets relative to the folder that it is
 * started in (it resolves only `templates` against its configuration): start it in the folder of this file.
 */
export function renderAlertmanager(platform: Platform): Artifact[] {
  return [
    yamlArtifact("alertmanager/alertmanager.yml", alertmanagerConfig(platform)),
    { path: "alertmanager/templates/firedrill.tmpl", text: messageTemplates },
  ];
}

/** The whole configuration as data: what is written to the file, and what `receiversFor` walks. */
export function alertmanagerConfig(platform: Platform): AlertmanagerConfig {
  const quiet = platform.environments.filter(({ pages }) => pages === false).map(({ name }) => name);
  return {
    ...(platform.email && { global: mailSettings(platform.email) }),
    templates: ["templates/*.tmpl"],
    route: {
      receiver: nobody,
      group_by: ["alertname", "environment", "service"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [...heartbeatRoutes(platform), ...platform.teams.map((team) => teamRoute(team, platform, quiet))],
    },
    inhibit_rules: inhibitRules(platform),
    receivers: [
      { name: nobody },
      ...heartbeatConfig(platform),
      ...platform.teams.flatMap(({ receivers }) => receivers.map(receiverConfig)),
    ],
  };
}

/** That it ends is not sent: it would look like one more beat. */
function heartbeatConfig(platform: Platform): AlertmanagerConfig["receivers"] {
  const receiver = heartbeatReceiver(platform);
  if (!receiver) return [];
  const { name, webhook_configs } = receiverConfig(receiver);
  return [{ name, webhook_configs: (webhook_configs ?? []).map((one) => ({ ...one, send_resolved: false })) }];
}

/** An alert may be meant for several receivers of its team: each has its own routes, and all of them are tried. */
function teamRoute(team: Team, { services }: Platform, quiet: readonly string[]): Route {
  const routes = audiences(team, services).flatMap(({ heard, services: of }) =>
    heard.receivers.flatMap((receiver) =>
      receiverMatchers(receiver, heard, quiet).map((matchers) => ({
        receiver: receiver.name,
        matchers: [...of, ...matchers],
        continue: true,
      })),
    ),
  );
  return { matchers: [matcher("team", [team.name])], ...(routes.length > 0 && { routes }) };
}

/**
 * The receivers that are told of the same services, with a matcher of these. Where one of the team's is meant for some
 * criticalities only, each criticality has an audience of its own; else all services have the same.
 */
function audiences(team: Team, services: Platform["services"]): { heard: Team; services: string[] }[] {
  if (team.receivers.every((receiver) => receiver.criticalities === undefined)) return [{ heard: team, services: [] }];
  return criticalities.flatMap((criticality) => {
    const names = services.filter((one) => one.owner === team.name && one.criticality === criticality);
    const receivers = team.receivers.filter((receiver) => isMeantFor(receiver, criticality));
    return names.length === 0
      ? []
      : { heard: { ...team, receivers }, services: [matcher("service", names.map(({ name }) => name).sort())] };
  });
}

/** Whether a receiver is told of services that are as critical as this. */
const isMeantFor = ({ criticalities: meantFor }: Receiver, criticality: Criticality): boolean =>
  meantFor?.includes(criticality) ?? true;

/**
 * What a receiver gets, as alternatives. In environments that page: the severities it is meant for. In quiet ones:
 * a pager gets nothing; everyone else gets critical alerts along with warnings, and where nobody else takes
 * warnings, all that is not a pager gets critical alerts.
 */
function receiverMatchers(receiver: Receiver, team: Team, quiet: readonly string[]): string[][] {
  const paging = severities.filter((severity) => takes(receiver, severity));
  const forWarnings = team.receivers.filter((other) => !other.pagerduty && takes(other, "warning"));
  const quietly = severities.filter((severity) => {
    if (receiver.pagerduty) return false;
    if (severity === "critical" && forWarnings.length === 0) return true;
    return takes(receiver, "warning");
  });
  const alternatives: [Severity[], string[]][] =
    quiet.length === 0 || paging.join() === quietly.join()
      ? [[paging, []]]
      : [
          [paging, [matcher("environment", quiet, "!")]],
          [quietly, [matcher("environment", quiet)]],
        ];
  return alternatives
    .filter(([which]) => which.length > 0)
    .map(([which, environments]) => [matcher("severity", which), ...environments]);
}

const takes = ({ severities: meantFor = severities }: Receiver, severity: Severity): boolean =>
  meantFor.includes(severity);

/** A matcher in Alertmanager's syntax: equality for one value, an anchored regular expression for several. */
function matcher(label: string, values: readonly string[], not: "" | "!" = ""): string {
  const [first = ""] = values;
  if (values.length === 1) return `${label}${not}=${promqlString(first)}`;
  return `${label}${not || "="}~${promqlString(values.map(escapeRegex).join("|"))}`;
}

function inhibitRules({ packs }: Platform): AlertmanagerConfig["inhibit_rules"] {
  const worse = {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: [
      "alertname",
      ...new Set(packs.flatMap(({ alerts }) => alerts.flatMap(({ signal }) => placeLabels(signal)))),
    ],
  };
  const alerts = packs.flatMap((pack) => pack.alerts);
  const explained = alerts
    .filter(({ explainsOthers }) => explainsOthers)
    .map(({ name, pack, signal }) => ({
      source_matchers: [matcher("alertname", [name]), 'severity="critical"'],
      target_matchers: [matcher("alertname", [name], "!"), matcher("pack", [pack])],
      equal: placeLabels(signal),
    }));
  const named = alerts.flatMap(({ name, explains = [], signal }) =>
    explains.length === 0
      ? []
      : {
          source_matchers: [matcher("alertname", [name])],
          target_matchers: [matcher("alertname", explains)],
          equal: placeLabels(signal),
        },
  );
  return [worse, ...explained, ...named];
}

/** Where a secret is read from, relative to the configuration that names it: no file that is generated holds one. */
export const secretFile = ({ secret }: SecretReference): string => `secrets/${secret}`;

function mailSettings({ from, smarthost, username, password }: NonNullable<Platform["email"]>) {
  return {
    smtp_from: from,
    smtp_smarthost: smarthost,
    ...(username !== undefined && { smtp_auth_username: username }),
    ...(password && { smtp_auth_password_file: secretFile(password) }),
  };
}

const show = (template: string): string => `{{ template "firedrill.${template}" . }}`;
const groupLabel = (label: string): string => `{{ template "firedrill.line" .GroupLabels.${label} }}`;

function receiverConfig({ name, slack, email, pagerduty, webhook }: Receiver): AlertmanagerConfig["receivers"][number] {
  return {
    name,
    ...(slack && {
      slack_configs: [
        {
          send_resolved: true,
          api_url_file: secretFile(slack.webhook),
          channel: templateText(slack.channel),
          color: show("slack.color"),
          title: show("slack.title"),
          title_link: show("dashboard"),
          text: show("slack.text"),
          fallback: show("slack.title"),
        },
      ],
    }),
    ...(email && {
      email_configs: [
        {
          send_resolved: true,
          to: templateText(email.to),
          headers: { Subject: show("title") },
          html: show("email.html"),
          text: show("email.text"),
        },
      ],
    }),
    ...(pagerduty && {
      pagerduty_configs: [
        {
          send_resolved: true,
          routing_key_file: secretFile(pagerduty.routingKey),
          description: show("title"),
          severity: show("urgency"),
          source: groupLabel("service"),
          component: groupLabel("service"),
          group: groupLabel("environment"),
          class: groupLabel("alertname"),
          client: "Firedrill",
          client_url: show("dashboard"),
          links: [
            { href: show("dashboard"), text: "Dashboard" },
            { href: show("logs"), text: "Logs" },
            { href: show("runbook"), text: "Runbook" },
          ],
          details: {
            firing: '{{ template "firedrill.pagerduty.alerts" .Alerts.Firing }}',
            resolved: '{{ template "firedrill.pagerduty.alerts" .Alerts.Resolved }}',
          },
        },
      ],
    }),
    ...(webhook && {
      webhook_configs: [
        {
          send_resolved: true,
          ...(typeof webhook.url === "string" ? { url: webhook.url } : { url_file: secretFile(webhook.url) }),
        },
      ],
    }),
  };
}
