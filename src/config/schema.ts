import { criticalities, severities } from "../model/conventions.ts";
import type { Pack } from "../model/pack.ts";
import { personalKinds, type platformFeatures, receiverKinds } from "../model/platform-props.ts";
import { alertFeatures, features, overrides, thresholds } from "./schema-alerts.ts";
import { choice, flag, list, mapping, quantity, type Schema, secret, text } from "./schema-parts.ts";
import { forbidden, service } from "./schema-service.ts";

const hookAddress = (examples: readonly unknown[]): Schema => ({
  title: "an address",
  description: "Its address; as a reference to a secret where the address itself is one.",
  if: { type: "object" },
  // biome-ignore lint/suspicious/noThenProperty: the keyword's name in JSON Schema; nothing awaits a schema
  then: secret("The address.", "orders-hook-url"),
  else: text("url", "The address."),
  examples,
});

const receiver = mapping(
  "a receiver",
  "One way to reach the team. Exactly one of slack, email, pagerduty and webhook.",
  {
    name: text("name", "Name of the receiver, unique over the whole platform.", { examples: ["orders-pager"] }),
    "severities?": list("Severities it gets.", choice("a severity", "A severity.", severities), {
      default: [...severities],
      examples: [["critical"]],
      uniqueItems: true,
    }),
    "criticalities?": list(
      "It gets alerts of services that are as critical as this.",
      choice("a criticality", "A criticality.", criticalities),
      { default: [...criticalities], examples: [["high", "critical"]], uniqueItems: true },
    ),
    "slack?": mapping("slack", "A Slack channel.", {
      channel: text("channel", "Channel; in quotes, because # begins a comment."),
      webhook: secret("Address of the incoming webhook.", "orders-slack-webhook"),
    }),
    "email?": mapping("email", "A mailbox; needs the platform's `email` too.", {
      to: text("email", "Address that gets the mail."),
    }),
    "pagerduty?": mapping("pagerduty", "A PagerDuty service.", {
      routing_key: secret("Integration key of the service (Events API v2).", "orders-pagerduty-routing-key"),
    }),
    "webhook?": mapping("webhook", "Any HTTP endpoint that takes Alertmanager's JSON.", {
      url: hookAddress(["http://127.0.0.1:9099/alerts", { secret: "orders-hook-url" }]),
    }),
  },
  { oneOf: receiverKinds.map((kind) => ({ required: [kind] })) },
);

const featureTexts: Readonly<Record<(typeof platformFeatures)[number], string>> = {
  logging: "Logs: Loki, and links to logs in messages.",
  otlp: "The OpenTelemetry Collector; needed by services that are reached by `otlp`.",
  dashboards: "Dashboards in Grafana, and links to them in messages.",
  health: "How well each service and the platform are, from 0 to 100, and the dashboards that begin with it.",
};

/** JSON Schema of monitoring.yaml, with the alerts of these packs: what editors complete and what is checked. */
export function monitoringSchema(packs: Readonly<Record<string, Pack>>): Schema {
  const alerts = Object.values(packs).flatMap((pack) => pack.alerts);
  const day90 = { default: "90d", examples: ["180d"] };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions: overrides(alerts),
    ...mapping("monitoring.yaml", "Everything that is monitored, by whom it is owned and whom it reaches.", {
      platform: text("name", "Name of what this file describes.", { examples: ["shop"], "x-prop": "name" }),
      links: mapping("links", "Where the links in messages lead.", {
        grafana: text("url", "Base address of Grafana."),
        runbooks: text("url", "Where the folder `runbooks` can be read.", {
          examples: ["https://github.com/example/monitoring/blob/main/runbooks"],
        }),
      }),
      environments: list(
        "Where services run.",
        mapping("an environment", "One place where services run.", {
          name: text("name", "Unique name; the label `environment`.", { examples: ["production"] }),
          "pages?": flag("Whether an alert from here may page. Where not, critical alerts go where warnings go.", true),
        }),
      ),
      teams: list(
        "Who is told.",
        mapping("a team", "Owner of services.", {
          name: text("name", "Unique name; the label `team`.", { examples: ["orders"] }),
          receivers: list("How the team is reached; at least one for critical alerts.", receiver),
        }),
      ),
      "email?": mapping("email", "How mail leaves; needed when a receiver is an email.", {
        from: text("email", "Sender of the mails.", { examples: ["alerts@example.com"] }),
        smarthost: text("hostPort", "Mail server and its port."),
        "username?": text("userName", "User name at the mail server."),
        "password?": secret("Password at the mail server.", "smtp-password"),
      }),
      "heartbeat?": mapping(
        "heartbeat",
        "Something outside that is told all the time that alerts can be told, and raises the alarm when that ends.",
        {
          url: hookAddress([{ secret: "heartbeat-url" }]),
          "every?": quantity("seconds", "How often it is told.", { default: "1m", examples: ["5m"] }),
        },
      ),
      services: list("What is monitored.", service(packs, alerts)),
      "thresholds?": thresholds(alerts, "Overrides for every service, by alert; a service's own go first."),
      "features?": features(
        { ...featureTexts, ...alertFeatures(alerts) },
        alerts,
        "Parts of the stack and alerts, on or off for the whole platform.",
        "feature or alert",
      ),
      "intervals?": mapping("intervals", "How often Prometheus works.", {
        "scrape?": quantity("seconds", "Time between two scrapes.", { default: "15s", examples: ["30s"] }),
        "evaluation?": quantity("seconds", "Time between two evaluations of the rules.", {
          default: "30s",
          examples: ["15s"],
        }),
      }),
      "retention?": mapping("retention", "How long data is kept; at least 90 days.", {
        "metrics?": quantity("seconds", "How long metrics are kept.", day90),
        "logs?": quantity("seconds", "How long logs are kept.", day90),
        "logs_in?": {
          title: "logs_in",
          description:
            "How long those of an environment are kept, where that differs; of one that does not page it may be less.",
          type: "object",
          minProperties: 1,
          additionalProperties: quantity("seconds", "How long its logs are kept.", { examples: ["14d"] }),
          examples: [{ staging: "14d" }],
        },
      }),
      "budget?": mapping("budget", "What may be spent before `check` warns.", {
        "series?": quantity("count", "Series of one service in Prometheus, of what its packs read and record.", {
          default: 10_000,
          examples: [50_000],
        }),
      }),
      "logs?": mapping("logs", "Of the log lines of all services.", {
        "never?": forbidden("What must be in no line of any service: the first one fires LogForbiddenPattern."),
        "price_per_gib?": quantity("score", "What a GiB of lines costs; brings a graph of the cost per day.", {
          examples: [0.5],
        }),
        "readable?": list(
          "Kinds of personal data that the collector leaves in lines as they are. Without it: it masks all of them.",
          choice("a kind", "A kind of personal data.", personalKinds),
          { examples: [["ip-address"]], uniqueItems: true },
        ),
      }),
      "traces?": mapping(
        "traces",
        "Spans of all services, for links from dashboards to the traces of what they show.",
        {
          otlp: text("url", "Base address at which Tempo takes OTLP over HTTP: the collector passes spans on to it.", {
            examples: ["http://tempo.internal:4318"],
          }),
        },
      ),
      "aws?": mapping("aws", "Where the stack `aws` deploys.", {
        region: text("region", "Region of everything in AWS.", { default: "eu-west-1", examples: ["eu-central-1"] }),
      }),
    }),
  };
}
