import { nestedPlaceKeys, placeKeys } from "../model/exporter.ts";
import type { PlatformDraft, PlatformFinding } from "./platform-draft.ts";
import { shown, urlCarriesSecret } from "./seen.ts";
import { hasFormat, placeFormats, type TextFormatName, textFormats } from "./value-formats.ts";

type At = (string | number)[];

/** Texts by themselves, and targets against each other. */
export const textFindings = (props: PlatformDraft): PlatformFinding[] => [
  ...textsOf(props).flatMap(findingsOf),
  ...targetFindings(props),
];

interface Text {
  path: At;
  format: TextFormatName;
  text: string;
  /** It is the key at the path, not the value. */
  isKey: boolean;
}

/** Every text of a platform whose form matters, with the form. */
function textsOf({
  name,
  links,
  environments,
  teams,
  email,
  heartbeat,
  services,
  logs,
  traces,
  aws,
}: PlatformDraft): Text[] {
  const texts: [At, TextFormatName, string | undefined, "key"?][] = [
    [["platform"], "name", name],
    [["links", "grafana"], "url", links?.grafana],
    [["links", "runbooks"], "url", links?.runbooks],
    [["email", "from"], "email", email?.from],
    [["email", "smarthost"], "hostPort", email?.smarthost],
    [["email", "username"], "userName", email?.username],
    [["email", "password", "secret"], "secretName", email?.password?.secret],
    typeof heartbeat?.url === "object"
      ? [["heartbeat", "url", "secret"], "secretName", heartbeat.url.secret]
      : [["heartbeat", "url"], "url", heartbeat?.url],
    [["traces", "otlp"], "url", traces?.otlp],
    [["aws", "region"], "region", aws?.region],
  ];
  texts.push(...forbiddenTexts(logs?.never, ["logs", "never"]));
  environments?.forEach((environment, e) => void texts.push([["environments", e, "name"], "name", environment?.name]));
  teams?.forEach((team, t) => {
    texts.push([["teams", t, "name"], "name", team?.name]);
    team?.receivers?.forEach((receiver, r) => {
      const at = ["teams", t, "receivers", r];
      const url = receiver?.webhook?.url;
      texts.push(
        [[...at, "name"], "name", receiver?.name],
        [[...at, "slack", "channel"], "channel", receiver?.slack?.channel],
        [[...at, "slack", "webhook", "secret"], "secretName", receiver?.slack?.webhook?.secret],
        [[...at, "email", "to"], "email", receiver?.email?.to],
        [[...at, "pagerduty", "routing_key", "secret"], "secretName", receiver?.pagerduty?.routingKey?.secret],
        typeof url === "object"
          ? [[...at, "webhook", "url", "secret"], "secretName", url.secret]
          : [[...at, "webhook", "url"], "url", url],
      );
    });
  });
  services?.forEach((service, s) => {
    const at = ["services", s];
    texts.push(
      [[...at, "name"], "name", service?.name],
      [[...at, "description"], "description", service?.description],
      [[...at, "scrape", "path"], "metricsPath", service?.scrape?.path],
      [[...at, "scrape", "username"], "userName", service?.scrape?.username],
      [[...at, "scrape", "password", "secret"], "secretName", service?.scrape?.password?.secret],
      [[...at, "instrumentation", "issues_url"], "url", service?.instrumentation?.issuesUrl],
      [[...at, "versions", "label"], "labelName", service?.versions?.label],
      [[...at, "otlp", "service_name"], "telemetryName", service?.otlp?.serviceName],
    );
    service?.experiments?.forEach((one, e) => {
      const of = [...at, "experiments", e];
      texts.push(
        [[...of, "name"], "name", one?.name],
        [[...of, "label"], "labelName", one?.label],
        [[...of, "control"], "variant", one?.control],
        [[...of, "treatment"], "variant", one?.treatment],
      );
    });
    for (const [name, shown] of Object.entries(service?.instrumentation?.metrics ?? {}))
      texts.push([[...at, "instrumentation", "metrics", name], "metricName", shown]);
    texts.push(...forbiddenTexts(service?.logs?.never, [...at, "logs", "never"]));
    for (const key of placeKeys)
      service?.[key]?.forEach((place, p) => void texts.push([[...at, key, p], placeFormats[key], place]));
    for (const key of nestedPlaceKeys)
      for (const [outer, places] of Object.entries(service?.[key] ?? {})) {
        texts.push([[...at, key, outer], placeFormats[key], outer, "key"]);
        places?.forEach((place, p) => void texts.push([[...at, key, outer, p], placeFormats[key], place]));
      }
    service?.routes?.forEach((route, r) => void texts.push([[...at, "routes", r], "route", route]));
    for (const { path, target } of targetsOf(service, s)) texts.push([path, "target", target]);
  });
  return texts.flatMap(([path, format, text, key]) =>
    text === undefined ? [] : [{ path, format, text, isKey: key !== undefined }],
  );
}

const forbiddenTexts = (
  patterns: NonNullable<PlatformDraft["logs"]>["never"],
  at: At,
): [At, TextFormatName, string | undefined][] =>
  (patterns ?? []).flatMap((one, index): [At, TextFormatName, string | undefined][] => [
    [[...at, index, "name"], "name", one?.name],
    [[...at, index, "contains"], "logText", one?.contains],
    [[...at, index, "pattern"], "logPattern", one?.pattern],
    [[...at, index, "example"], "logText", one?.example],
    ...(one?.unlike ?? []).map((line, l): [At, TextFormatName, string | undefined] => [
      [...at, index, "unlike", l],
      "logText",
      line,
    ]),
  ]);

function findingsOf({ path, format, text, isKey }: Text): PlatformFinding[] {
  const { title, allowed, example } = textFormats[format];
  const common = { path, severity: "error", ...(isKey && { atKey: true as const }) } as const;
  if (!hasFormat(format, text)) {
    const seen = format === "secretName" ? "The name of the secret" : shown(text);
    return [
      {
        ...common,
        rule: "config/format",
        summary: `${seen} is not ${title}.`,
        detail: `Allowed: ${allowed}.`,
        fix: `For example ${example}.`,
      },
    ];
  }
  if (format !== "url" && format !== "endpoint") return [];
  const isLink = path[0] === "links";
  if (isLink ? /^https?:\/\/[^/?#]*@/.test(text) : urlCarriesSecret(text)) {
    return [
      {
        ...common,
        rule: "config/literal-secret",
        summary: "A secret must not stand in this file, and this address carries one.",
        ...(format === "endpoint" ? endpointSecret : isLink ? linkSecret : addressSecret),
      },
    ];
  }
  const why = !URL.canParse(text)
    ? "cannot be read as an address"
    : isLink && /[?#]/.test(text)
      ? "has a query or a fragment, and a path must follow it"
      : undefined;
  return why
    ? [
        {
          ...common,
          rule: "config/format",
          summary: `${shown(text)} ${why}.`,
          detail: `Allowed: ${allowed}.`,
          fix: `For example ${JSON.stringify(textFormats[format].example)}.`,
        },
      ]
    : [];
}

const byName = "Secrets are written by their name: `{ secret: name-of-it }`. The value is not shown here on purpose.";
const linkSecret = { detail: byName, fix: "Remove the user and the password from the address." };
const addressSecret = {
  detail: byName,
  fix: "Keep the whole address where the secrets are and write its name; if it was ever shared, replace it.",
};
const endpointSecret = {
  detail:
    "An endpoint is a label of its metrics and stands in messages, where everybody reads it. The value is not shown here on purpose.",
  fix: "Name an address that answers without it, such as a health check, or give the credential to a module of the exporter.",
};

type ServiceDraft = NonNullable<PlatformDraft["services"]>[number];

const targetsOf = (service: ServiceDraft, s: number) =>
  Object.entries(service?.scrape?.targets ?? {}).flatMap(([environment, targets]) =>
    (targets ?? []).flatMap((target, t) =>
      target === undefined ? [] : [{ target, path: ["services", s, "scrape", "targets", environment, t] }],
    ),
  );

/**
 * An instance that is fetched twice under the same path: everything about it would be counted twice. One that probes is
 * asked about each endpoint by itself.
 */
function targetFindings({ services }: PlatformDraft): PlatformFinding[] {
  const first = new Map<string, { path: At; metricsPath: At }>();
  return (services ?? []).flatMap((service, s) =>
    targetsOf(service, s).flatMap(({ target, path }): PlatformFinding[] => {
      const metricsPath = ["services", s, "scrape", "path"];
      const asked = new Set(service?.endpoints ?? [""]);
      const keys = [...asked].map((one) => `${target.toLowerCase()}${service?.scrape?.path ?? "/metrics"} ${one}`);
      const other = keys.map((key) => first.get(key)).find((found) => found !== undefined);
      for (const key of keys) if (!first.has(key)) first.set(key, { path, metricsPath });
      if (!other) return [];
      return [
        {
          path,
          other: other.path,
          dependsOn: [path, metricsPath, other.metricsPath],
          rule: "config/duplicate-target",
          severity: "error",
          summary: `The target ${shown(target)} is there twice.`,
          detail: "It would be fetched and counted twice.",
          fix: "Remove one of them.",
        },
      ];
    }),
  );
}
