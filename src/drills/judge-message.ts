import type { AlertInstance } from "../engine/engine.ts";
import type { Severity } from "../model/conventions.ts";
import { dashboardUid, servicesWithOwnDashboard } from "../model/links.ts";
import type { AlertPromise, Platform } from "../model/platform.ts";
import { formatDuration, formatQuantity, type Quantity, type Unit } from "../model/quantity.ts";
import { readHumanized, summaryPattern } from "./rendered-text.ts";

/** What the message of an alert is held against: what is promised, not the rule that writes it. */
export interface MessagePromise {
  promise: AlertPromise;
  severity: Severity;
  environment: string;
  platform: Platform;
}

/**
 * Everything that an alert's labels and texts do not say although whoever is called needs it, or say wrong; a clause
 * each, none when the message is as it must be.
 */
export function messageProblems({ labels, annotations }: AlertInstance, promised: MessagePromise): string[] {
  const { promise, severity, environment, platform } = promised;
  const { alert, service } = promise;
  const threshold = promise.levels[severity];
  if (!threshold) return [];
  const identity = { environment, service: service.name, team: service.owner, pack: alert.pack };
  const limit = `${alert.direction} ${formatQuantity(threshold)} for ${formatDuration(promise.for)}`;
  const runbook = `${platform.links.runbooks}/${alert.pack}/${alert.name}.md`;
  const said = (name: string) => annotations[name] ?? "";
  return [
    ...differences("label", identity, labels),
    ...differences("annotation", { threshold: limit, runbook_url: runbook }, annotations),
    ...["summary", "description"].flatMap((name) =>
      textProblems(
        name,
        said(name),
        name === "summary" ? alert.summary : alert.impact,
        labels,
        threshold,
        alert.direction,
      ),
    ),
    ...valueProblems("value", said("value"), threshold, alert.direction),
    ...dashboardProblems(said("dashboard_url"), labels, promised),
    ...(platform.featureOn("logging") ? logsProblems(said("logs_url"), promised) : []),
  ];
}

type Texts = Readonly<Record<string, string>>;

const quoted = (text: string | undefined): string => (text ? JSON.stringify(text) : "missing");

const differences = (what: string, wanted: Texts, seen: Texts): string[] =>
  Object.entries(wanted)
    .filter(([name, value]) => seen[name] !== value)
    .map(([name, value]) => `its ${what} ${name} is ${quoted(seen[name])}, not ${JSON.stringify(value)}`);

/** Every label that the pack's text names must stand in it, and a value that it gives must be beyond the threshold. */
function textProblems(
  name: string,
  text: string,
  template: string,
  labels: Texts,
  threshold: Quantity,
  direction: "above" | "below",
): string[] {
  const found = new RegExp(`^${summaryPattern(template, labels).source}$`).exec(text);
  if (!found) return [`its ${name} is ${quoted(text)}, which does not say what it should: ${JSON.stringify(template)}`];
  const value = found.groups?.value;
  return value === undefined ? [] : valueProblems(name, value, threshold, direction);
}

function valueProblems(name: string, text: string, threshold: Quantity, direction: "above" | "below"): string[] {
  const value = readValue(text, threshold.unit);
  // It is shown with four digits, so what is hardly beyond the threshold may look equal to it.
  const isBeyond = direction === "above" ? value >= threshold.value : value <= threshold.value;
  if (isBeyond) return [];
  return [`the value in its ${name} is ${quoted(text)}, which is not ${direction} ${formatQuantity(threshold)}`];
}

/** `humanize` writes thousandths as `m`, which is a minute where durations are written. */
const prefixes: Texts = { "": "", k: "e3", M: "e6", G: "e9", m: "e-3", u: "e-6", n: "e-9" };

function readValue(text: string, unit: Unit): number {
  if (text === "") return Number.NaN;
  if (unit === "seconds" || unit === "ratio") return readHumanized(text);
  const [, digits, prefix = ""] = /^(-?[\d.]+)([a-zA-Z]?)(?:\/s)?$/.exec(text) ?? [];
  return Number(`${digits}${prefixes[prefix] ?? "?"}`);
}

function dashboardProblems(link: string, labels: Texts, { promise, platform }: MessagePromise): string[] {
  const { alert, service } = promise;
  const hasOwn = servicesWithOwnDashboard(alert.pack, platform).some(({ name }) => name === service.name);
  const address = `${platform.links.grafana}/d/${dashboardUid(alert.pack, hasOwn ? service.name : undefined)}`;
  if (!link.startsWith(`${address}?`)) return [`its dashboard_url is ${quoted(link)}, which is not ${address}`];
  const chosen = new URL(link).searchParams;
  return ["environment", "service", "route"]
    .filter((label) => alert.signal.labels.includes(label) && chosen.get(`var-${label}`) !== labels[label])
    .map((label) => `its dashboard_url chooses ${label} ${quoted(chosen.get(`var-${label}`) ?? "")}`);
}

function logsProblems(link: string, { promise, platform }: MessagePromise): string[] {
  const wanted = `{service_name=${JSON.stringify(promise.service.name)}}`;
  if (link.startsWith(`${platform.links.grafana}/explore?`) && queriesIn(link).includes(wanted)) return [];
  return [`its logs_url is ${quoted(link)}, which does not open the logs ${wanted}`];
}

/** LogQL queries of a link to Grafana's Explore; none where it cannot be read. */
function queriesIn(link: string): string[] {
  try {
    const panes = JSON.parse(new URL(link).searchParams.get("panes") ?? "") as Record<
      string,
      { queries: { expr: string }[] }
    >;
    return Object.values(panes).flatMap(({ queries }) => queries.map(({ expr }) => expr));
  } catch {
    return [];
  }
}
