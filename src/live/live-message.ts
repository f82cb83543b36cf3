import type { Severity } from "../model/conventions.ts";
import type { Alert } from "../model/pack.ts";
import type { ReceiverKind } from "../model/platform-props.ts";
import { type Priority, pagerdutySeverities } from "../model/priority.ts";
import { escapeRegex } from "../model/promql.ts";
import { type Duration, formatDuration, formatQuantity, type Quantity } from "../model/quantity.ts";
import { readMail } from "./live-mail.ts";

/** A notification as its reader sees it, whatever it was sent through. */
export interface LiveMessage {
  /** In milliseconds since 1970. */
  receivedAt: number;
  receiver: string;
  kind: ReceiverKind;
  /** `firing` or `resolved`. */
  status: string;
  severity: string;
  /** How urgent PagerDuty takes it to be; others are told so in the text only. */
  urgency?: string;
  /** Everything that it says, one text after the other. */
  text: string;
}

/** What a message about one alert must say. */
export interface MessageExpectation {
  alert: Alert;
  severity: Severity;
  priority: Priority;
  threshold: Quantity;
  for: Duration;
  labels: Readonly<Record<"service" | "environment" | "route", string>>;
  grafana: string;
  runbook: string;
  /** Uids of the dashboards that exist; `undefined`: dashboards are switched off. */
  dashboards?: ReadonlySet<string>;
  /** Whether there are logs to link to. */
  logs: boolean;
}

type Reading = Pick<LiveMessage, "status" | "severity" | "urgency" | "text">;

/** Where each kind of receiver finds state and severity. */
const readings: Readonly<Record<ReceiverKind, (body: string) => Reading>> = {
  slack: (body) => {
    const texts = stringsIn(JSON.parse(body)).map(withoutEntities);
    return { ...titleReading(texts.join("\n")), text: texts.join("\n") };
  },
  email: (body) => {
    const { subject, text } = readMail(body);
    return { ...titleReading(subject), text: `${subject}\n${withoutEntities(text)}` };
  },
  pagerduty: (body) => {
    const event = JSON.parse(body) as { event_action?: string; payload?: { summary?: string; severity?: string } };
    return {
      status: event.event_action === "resolve" ? "resolved" : "firing",
      severity: titleReading(event.payload?.summary ?? "").severity,
      urgency: event.payload?.severity ?? "",
      text: stringsIn(event).join("\n"),
    };
  },
  webhook: (body) => {
    const group = JSON.parse(body) as { status?: string; alerts?: { labels?: { severity?: string } }[] };
    const found = new Set(group.alerts?.map(({ labels }) => labels?.severity));
    const severity = found.has("critical") ? "critical" : ([...found][0] ?? "");
    return { status: group.status ?? "", severity, text: stringsIn(group).join("\n") };
  },
};

/** `[CRITICAL] …`, `[RESOLVED] …`: how titles of our messages begin. */
function titleReading(title: string): Pick<Reading, "status" | "severity"> {
  const word = /\[(CRITICAL|WARNING|RESOLVED)\b/.exec(title)?.[1]?.toLowerCase() ?? "";
  return word === "resolved" ? { status: word, severity: "" } : { status: "firing", severity: word };
}

/** Reads what came for a receiver. A body that cannot be read is a message too: one that says nothing right. */
export function readMessage(receiver: string, kind: ReceiverKind, body: string, receivedAt: number): LiveMessage {
  let reading: Reading;
  try {
    reading = readings[kind](body);
  } catch {
    reading = { status: "unreadable", severity: "", text: body };
  }
  return { receivedAt, receiver, kind, ...reading };
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

const withoutEntities = (text: string): string =>
  text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name ?? ""] ?? "") : String.fromCodePoint(Number(code)),
  );

/** Everything that a message does not say, or says wrong; a sentence each, none when it is as it must be. */
export function messageFaults({ text, severity, urgency }: LiveMessage, expected: MessageExpectation): string[] {
  const { alert, priority, threshold, labels, runbook } = expected;
  const faults: string[] = [];
  const must = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  must(text.includes(labels.route), `it does not name the route ${labels.route}`);
  must(text.includes(labels.service), `it does not name the service ${labels.service}`);
  must(severity === expected.severity, `its severity is "${severity}", not "${expected.severity}"`);
  // Named in a sentence, or the whole of a field.
  const saysPriority = new RegExp(`priority\\W+${priority}\\b|^\\s*${priority}$`, "im").test(text);
  must(saysPriority, `it does not say its priority, ${priority}`);
  const urgent = pagerdutySeverities[priority];
  must(urgency === undefined || urgency === urgent, `PagerDuty takes it for "${urgency}", not "${urgent}"`);
  const limit = `${alert.direction} ${formatQuantity(threshold)} for ${formatDuration(expected.for)}`;
  must(text.includes(limit), `it does not say the threshold, "${limit}"`);
  faults.push(...valueFaults(text, expected));
  const links = linksIn(text);
  must(links.includes(runbook), `it has no link to the runbook ${runbook}`);
  if (expected.dashboards) faults.push(...dashboardFaults(links, expected));
  if (expected.logs) {
    const logs = links.filter((link) => link.startsWith(`${expected.grafana}/explore?`));
    must(
      logs.some((link) => decodeURIComponent(link).includes(labels.service)),
      `it has no link to the logs of ${labels.service}`,
    );
  }
  return faults;
}

const linksIn = (text: string): string[] => [...text.matchAll(/https?:\/\/[^\s"'<>|()\\]+/g)].map(([link]) => link);

function dashboardFaults(links: readonly string[], { grafana, dashboards, labels }: MessageExpectation): string[] {
  const found = links.find((link) => link.startsWith(`${grafana}/d/`));
  if (!found) return ["it has no link to a dashboard"];
  const { pathname, searchParams } = new URL(found);
  const uid = pathname.slice(pathname.lastIndexOf("/") + 1);
  const wrong = Object.entries(labels).filter(([label, value]) => searchParams.get(`var-${label}`) !== value);
  return [
    ...(dashboards?.has(uid) ? [] : [`its dashboard "${uid}" does not exist`]),
    ...wrong.map(
      ([label, value]) =>
        `its dashboard link chooses ${label} "${searchParams.get(`var-${label}`) ?? ""}", not "${value}"`,
    ),
  ];
}

/** The value stands in the summary: found there, it must be beyond the threshold. */
function valueFaults(text: string, { alert, threshold, labels }: MessageExpectation): string[] {
  const found = summaryPattern(alert.summary, labels).exec(text)?.groups?.value;
  if (found === undefined) {
    const summary = alert.summary.replace(
      /\{\{.*?\$labels\.(\w+).*?\}\}/g,
      (_, label: string) => labels[label as "route"] ?? "",
    );
    return [`it does not say "${summary.replace(/\{\{.*?\}\}/g, "…")}"`];
  }
  const value = readHumanized(found);
  const isBeyond = alert.direction === "above" ? value > threshold.value : value < threshold.value;
  return isBeyond ? [] : [`its value ${found} is not ${alert.direction} ${formatQuantity(threshold)}`];
}

/** Matches what Prometheus makes of a summary template; the value is the group `value`. */
export function summaryPattern(template: string, labels: Readonly<Record<string, string>>): RegExp {
  const source = template
    .split(/(\{\{.*?\}\})/)
    .map((part) => {
      if (!part.startsWith("{{")) return escapeRegex(part);
      if (part.includes("$value")) return String.raw`(?<value>-?\d[\d.]*[a-z%]*(?: \d+[a-z]+)*)`;
      return escapeRegex(labels[/\$labels\.(\w+)/.exec(part)?.[1] ?? ""] ?? "");
    })
    .join("");
  return new RegExp(source);
}

const unitSeconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/** Reads what Prometheus' `humanizeDuration`, `humanizePercentage` and `humanize` (up to a thousand) write. */
export function readHumanized(text: string): number {
  if (text.endsWith("%")) return Number(text.slice(0, -1)) / 100;
  const parts = [...text.matchAll(/(-?\d+(?:\.\d+)?)([a-z]+)/g)];
  if (parts.length === 0) return Number(text);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? ""] ?? Number.NaN), 0);
}
