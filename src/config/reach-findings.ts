import { type Criticality, criticalities, type Severity, severities } from "../model/conventions.ts";
import { exporterOf, isLogSignal } from "../model/pack.ts";
import { receiverKinds } from "../model/platform-props.ts";
import { environmentsOf } from "./environment-findings.ts";
import type { Packs, PlatformDraft, PlatformFinding } from "./platform-draft.ts";

/** How services are reached, their logs too, and how teams are. */
export const reachFindings = (
  { services, teams, email, features, environments, traces }: PlatformDraft,
  packs: Packs,
): PlatformFinding[] => [
  ...(services ?? []).flatMap((service, s) => [
    ...serviceFindings(service, ["services", s], features?.otlp !== false),
    ...credentialFindings(service, ["services", s, "scrape"], packs),
    ...(features?.logging === false ? unloggedPacks(service, ["services", s], packs) : []),
  ]),
  ...(traces && features?.otlp === false ? [untaken] : []),
  ...(teams ?? []).flatMap((team, t) => [
    ...(team?.receivers ?? []).flatMap((receiver, r) =>
      receiverFindings(receiver, ["teams", t, "receivers", r], email !== undefined),
    ),
    ...severities.flatMap((severity) => unheard(severity, team?.receivers, ["teams", t])),
    ...unheardServices(team, services, ["teams", t]),
    ...unheardWhereQuiet(team, { environments, services }, ["teams", t]),
  ]),
];

type At = (string | number)[];
type Item<T> = NonNullable<T> extends readonly (infer Element)[] ? Element : never;
type ServiceDraft = Item<PlatformDraft["services"]>;
type TeamDraft = NonNullable<Item<PlatformDraft["teams"]>>;
type ReceiverDraft = Item<TeamDraft["receivers"]>;

/** A service is either fetched from or sends. */
function serviceFindings(service: ServiceDraft, path: At, collectorOn: boolean): PlatformFinding[] {
  const { scrape, otlp } = service ?? {};
  const allowed = "`scrape` where Prometheus fetches its metrics, `otlp` where it sends them to the collector";
  const findings: PlatformFinding[] = [];
  if (service && !scrape && !otlp) {
    findings.push({
      path,
      dependsOn: [
        [...path, "scrape"],
        [...path, "otlp"],
      ],
      rule: "config/reach",
      severity: "error",
      summary: "Nothing says how this service is reached.",
      detail: `Exactly one is needed: ${allowed}.`,
      fix: "Add `scrape` or `otlp`.",
    });
  }
  if (scrape && otlp) {
    findings.push({
      path: [...path, "otlp"],
      atKey: true,
      rule: "config/reach",
      severity: "error",
      summary: "This service has both `scrape` and `otlp`.",
      detail: `Everything would be counted twice. Exactly one is needed: ${allowed}.`,
      fix: "Remove one of them.",
    });
  }
  if (otlp && !collectorOn) {
    findings.push({
      path: [...path, "otlp"],
      atKey: true,
      rule: "config/feature-off",
      severity: "error",
      summary: "This service sends its telemetry to the collector, which is switched off.",
      detail: "`features` has `otlp: false`.",
      fix: "Switch it on, or reach the service by `scrape`.",
    });
  }
  return findings;
}

/** Spans that nobody takes. */
const untaken: PlatformFinding = {
  path: ["traces"],
  atKey: true,
  rule: "config/feature-off",
  severity: "error",
  summary: "The collector takes spans and passes them on, and it is switched off.",
  detail: "`features` has `otlp: false`, so links to traces would lead to none.",
  fix: "Switch it on, or remove `traces`.",
};

/** Who asks for a password gets one, with a user name, and over TLS. */
function credentialFindings(service: ServiceDraft, path: At, packs: Packs): PlatformFinding[] {
  const { scrape, instrumentation } = service ?? {};
  if (!scrape) return [];
  const exporter = exporterOf(instrumentation?.kind, packs);
  const username = scrape.username ?? exporter?.scraped?.username;
  const common = {
    dependsOn: ["username", "password", "scheme"].map((key) => [...path, key]),
    rule: "config/credentials",
    severity: "error",
  } as const;
  if (username !== undefined && !scrape.password) {
    const asks =
      scrape.username === undefined ? `${exporter?.id} answers nobody without one.` : "A name alone opens nothing.";
    return [
      {
        ...common,
        path: scrape.username === undefined ? path : [...path, "username"],
        ...(scrape.username === undefined && { atKey: true }),
        summary: "The password for this scrape is missing.",
        detail: asks,
        fix: "Add `password: { secret: name-of-it }` beside it.",
      },
    ];
  }
  if (!scrape.password) return [];
  if (username === undefined) {
    return [
      {
        ...common,
        path: [...path, "password"],
        atKey: true,
        summary: "This scrape has a password, but no user name.",
        detail: "HTTP basic authentication takes both.",
        fix: "Add `username`.",
      },
    ];
  }
  if ((scrape.scheme ?? exporter?.scraped?.scheme) === "https") return [];
  return [
    {
      ...common,
      path: [...path, "password"],
      atKey: true,
      severity: "warning",
      summary: "This password goes over the network in the clear, at every scrape.",
      detail: "Without TLS whoever is on the way can read it.",
      fix: "Set `scheme: https`.",
    },
  ];
}

/** Packs of a service that speak of its logs, which nobody keeps. */
const unloggedPacks = (service: ServiceDraft, path: At, packs: Packs): PlatformFinding[] =>
  (service?.packs ?? []).flatMap((name, index) => {
    const pack = name !== undefined && Object.hasOwn(packs, name) ? packs[name] : undefined;
    if (!pack?.alerts.some(({ signal }) => isLogSignal(signal))) return [];
    return [
      {
        path: [...path, "packs", index],
        rule: "config/feature-off",
        severity: "error" as const,
        summary: `The pack ${name} speaks of log lines, and Loki, which keeps them, is switched off.`,
        detail: "`features` has `logging: false`, so its alerts could never fire.",
        fix: `Switch it on, or leave ${name} out.`,
      },
    ];
  });

const kindList = `${receiverKinds.slice(0, -1).join(", ")} and ${receiverKinds.at(-1)}`;

/** A receiver is of exactly one kind, and mail needs a server. */
function receiverFindings(receiver: ReceiverDraft, path: At, mailLeaves: boolean): PlatformFinding[] {
  if (!receiver) return [];
  // In the order in which they are written.
  const [first, second] = Object.keys(receiver).filter((key) => (receiverKinds as readonly string[]).includes(key));
  const findings: PlatformFinding[] = [];
  if (first === undefined || second !== undefined) {
    findings.push({
      path: second === undefined ? path : [...path, second],
      ...(second !== undefined && { atKey: true }),
      rule: "config/receiver-kind",
      severity: "error",
      summary: second
        ? `This receiver is both ${first} and ${second}.`
        : "Nothing says where this receiver sends its alerts to.",
      detail: `Exactly one of ${kindList} is needed.`,
      fix: second
        ? "Write one receiver for each, with a name of its own."
        : 'For example slack: { channel: "#alerts", webhook: { secret: alerts-slack-webhook } }.',
    });
  }
  if (receiver.email && !mailLeaves) {
    findings.push({
      path: [...path, "email"],
      dependsOn: [["email"]],
      atKey: true,
      rule: "config/no-mail-server",
      severity: "error",
      summary: "This receiver is an e-mail, but nothing says how mail leaves.",
      detail: "The sender and the mail server stand in `email` at the top level.",
      fix: 'Add `email: { from: alerts@example.com, smarthost: "smtp.example.com:587" }` there.',
    });
  }
  return findings;
}

const unheardOf = {
  critical: {
    rule: "config/no-critical-receiver",
    severity: "error",
    summary: "No receiver of this team gets critical alerts.",
    detail: "Those that matter most would reach nobody.",
  },
  warning: {
    rule: "config/no-warning-receiver",
    severity: "warning",
    summary: "No receiver of this team gets warnings.",
    detail: "They would reach nobody, nor would critical alerts from environments that do not page.",
  },
} as const satisfies Record<Severity, Partial<PlatformFinding>>;

/** Services so critical, or so little, that no receiver of their team is told when they are in critical trouble. */
function unheardServices(
  team: TeamDraft | undefined,
  services: PlatformDraft["services"],
  path: At,
): PlatformFinding[] {
  const receivers = team?.receivers;
  if (!receivers || receivers.every((receiver) => !receiver?.criticalities)) return [];
  const unheardAs = criticalities.filter(
    (criticality) =>
      !receivers.some(
        (receiver) =>
          (!receiver?.severities || receiver.severities.includes("critical")) &&
          (!receiver?.criticalities || receiver.criticalities.includes(criticality)),
      ),
  );
  const unheardOnes = (services ?? []).filter(
    (service) => service?.owner === team?.name && unheardAs.includes(service?.criticality ?? "medium"),
  );
  const [first] = unheardOnes;
  if (!first || receivers.every((receiver) => receiver?.severities && !receiver.severities.includes("critical")))
    return [];
  return [
    {
      path,
      dependsOn: receivers.map((_, r) => [...path, "receivers", r, "criticalities"]),
      rule: "config/no-critical-receiver",
      severity: "error",
      summary: `No receiver of this team gets critical alerts of services of criticality ${first.criticality ?? "medium"}, such as ${first.name}.`,
      detail: "Those that matter most would reach nobody.",
      fix: "Add that criticality to the `criticalities` of a receiver that gets critical alerts, or leave `criticalities` out.",
    },
  ];
}

/**
 * Services whose alerts from environments that do not page reach nobody: no pager is told of these, and all receivers that
 * are meant for services as critical as these are pagers.
 */
function unheardWhereQuiet(
  team: TeamDraft | undefined,
  { environments, services }: Pick<PlatformDraft, "environments" | "services">,
  path: At,
): PlatformFinding[] {
  const receivers = team?.receivers;
  const quiet = environments?.flatMap((one) => (one?.pages === false && one.name !== undefined ? [one.name] : []));
  if (!receivers?.some((receiver) => receiver?.pagerduty) || !quiet) return [];
  const isMeantFor = (receiver: ReceiverDraft, criticality: Criticality) =>
    receiver?.criticalities?.includes(criticality) ?? true;
  for (const service of services ?? []) {
    if (!service || service.owner !== team?.name) continue;
    const there = environmentsOf(service)?.filter((name) => quiet.includes(name)) ?? [];
    const told = receivers.filter((receiver) => isMeantFor(receiver, service.criticality ?? "medium"));
    // That nobody is told anywhere is said elsewhere.
    if (there.length === 0 || told.length === 0 || told.some((receiver) => !receiver?.pagerduty)) continue;
    return [
      {
        path,
        dependsOn: receivers.map((_, r) => [...path, "receivers", r]),
        rule: "config/no-receiver-where-quiet",
        severity: "warning",
        summary: `Nobody is told of alerts of ${service.name} in ${there.join(", ")}: no pager is, and all receivers of this team are PagerDuty.`,
        detail: "`pages: false` keeps pagers quiet; critical alerts from there go where warnings go.",
        fix: "Give the team a receiver of another kind, such as `slack` or `email`, or leave `pages: false` out.",
      },
    ];
  }
  return [];
}

/** A severity that no receiver of a team gets. */
function unheard(severity: Severity, receivers: TeamDraft["receivers"], path: At): PlatformFinding[] {
  const gets = (receiver: ReceiverDraft) => !receiver?.severities || receiver.severities.includes(severity);
  if (!receivers || receivers.some(gets)) return [];
  return [
    {
      path,
      dependsOn: receivers.map((_, r) => [...path, "receivers", r, "severities"]),
      ...unheardOf[severity],
      fix: `Add ${severity} to the \`severities\` of a receiver, or leave \`severities\` out.`,
    },
  ];
}
