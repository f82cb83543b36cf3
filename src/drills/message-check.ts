import type { AlertInstance } from "../engine/evaluation.ts";
import { type AnnotationName, annotationNames, identityLabels } from "../model/conventions.ts";
import { projectLabel } from "../model/links.ts";
import { dashboardFor } from "../model/own-dashboards.ts";
import { placeLabels } from "../model/pack.ts";
import type { AlertPromise, Platform } from "../model/platform.ts";
import { priorityOf } from "../model/priority.ts";
import { formatDuration, formatQuantity, formatThreshold, parseQuantity, type Unit } from "../model/quantity.ts";
import type { FiresExpectation } from "./drill.ts";

interface MessageContext {
  platform: Platform;
  promise: AlertPromise;
  expectation: FiresExpectation;
}

type Range = { from: number; to: number };

/**
 * What is wrong with what a person reads when the alert fires, a line each: `value: expected 2 s to 2.1 s, got "4s"`.
 * What should be there follows from the promise and the world; of the rule, only its rendered labels and annotations
 * are looked at.
 */
export function messageFaults({ labels, annotations }: AlertInstance, context: MessageContext): string[] {
  const wanted = annotationNames.filter((name) => isThere[name]?.(context) ?? true);
  return [
    ...labelFaults(labels, context),
    ...wanted.flatMap((name) => {
      const text = annotations[name] ?? "";
      const fault = emptyOrBroken(text, name) ?? annotationChecks[name](text, labels, context);
      return fault === undefined ? [] : [`${name}: expected ${fault}, got ${JSON.stringify(text)}`];
    }),
  ];
}

/** Lines and links that not every message has. */
const isThere: Readonly<Record<string, (context: MessageContext) => boolean>> = {
  cause: ({ promise: { alert, service } }) => alert.cause?.isToldOf(service) ?? false,
  dashboard_url: ({ platform }) => platform.featureOn("dashboards"),
  logs_url: ({ platform }) => platform.featureOn("logging"),
  issues_url: ({ promise: { alert, service } }) =>
    service.instrumentation.issuesUrl !== undefined && alert.signal.labels.includes(projectLabel),
};

type Labels = Readonly<Record<string, string>>;

/** Exactly the labels that are promised, and none besides: one more may split an alert, or route it elsewhere. */
function labelFaults(labels: Labels, { promise, expectation }: MessageContext): string[] {
  const { alert, service } = promise;
  const [, serviceLabel, teamLabel] = identityLabels;
  const known: Labels = {
    alertname: alert.name,
    severity: expectation.severity,
    pack: alert.pack,
    [serviceLabel]: service.name,
    [teamLabel]: service.owner,
    ...expectation.labels,
  };
  const names = new Set([...Object.keys(known), ...alert.signal.labels, ...Object.keys(labels)]);
  return [...names].flatMap((name) => {
    const [expected, got] = [known[name], labels[name]];
    const allowed = expected !== undefined || alert.signal.labels.includes(name);
    if (allowed ? got !== undefined && (expected ?? got) === got : got === undefined) return [];
    const wanted = allowed ? (expected === undefined ? "a value" : JSON.stringify(expected)) : "no such label";
    return [`label ${name}: expected ${wanted}, got ${got === undefined ? "none" : JSON.stringify(got)}`];
  });
}

/** Undefined when the text is as it should be, else what it should be. */
type Check = (text: string, labels: Labels, context: MessageContext) => string | undefined;

const emptyOrBroken = (text: string, name: AnnotationName): string | undefined =>
  (text.trim() === "" && name !== "cause") || /<no value>|<error expanding|%!/.test(text)
    ? "a text without gaps and errors"
    : undefined;

const annotationChecks: Readonly<Record<AnnotationName, Check>> = {
  summary: (text, labels, context) => wordingFault(context.promise.alert.summary, text, labels, context),
  description: (text, labels, context) => wordingFault(context.promise.alert.impact, text, labels, context),
  // It depends on what was days before, of which a drill knows nothing: it can only hold that it can be said.
  cause: () => undefined,
  priority: (text, _, { promise, expectation }) => {
    const priority = priorityOf[expectation.severity][promise.service.criticality];
    return text === priority ? undefined : priority;
  },
  value: (text, _, context) => {
    const range = valueRange(context);
    return isWithin(parseShown(unitOf(context), text), range) ? undefined : rangeText(range, unitOf(context));
  },
  threshold: (text, _, { promise, expectation }) => {
    const limit = promise.levels[expectation.severity];
    const [, direction, value = "", held = ""] = /^(above|below) (.+) for (\S+)$/.exec(text) ?? [];
    const right =
      direction === promise.alert.direction &&
      parseShown(promise.alert.signal.unit, value) === limit?.value &&
      parseQuantity("seconds", held)?.value === promise.for.value;
    return right
      ? undefined
      : `${promise.alert.direction} ${limit && formatThreshold(limit)} for ${formatDuration(promise.for)}`;
  },
  dashboard_url: (text, labels, { platform, promise }) => {
    const { pack, signal } = promise.alert;
    const uid = dashboardFor(pack, promise.service.name, labels.environment ?? "", platform);
    const address = `${platform.links.grafana}/d/${uid}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const chosen = placeLabels(signal);
    const right = chosen.every((label) => url?.searchParams.get(`var-${label}`) === labels[label]);
    return right && text.startsWith(`${address}?`) ? undefined : `${address} with the alert's ${chosen.join(", ")}`;
  },
  issues_url: (text, labels, { promise }) => {
    const { issuesUrl = "" } = promise.service.instrumentation;
    const project = labels[projectLabel] ?? "";
    const right = text.startsWith(issuesUrl) && decodeURIComponent(text.slice(issuesUrl.length)) === project;
    return right ? undefined : `${issuesUrl} with ${project}`;
  },
  logs_url: (text, { environment }, { platform, promise }) => {
    const selector = `{service_name=${JSON.stringify(promise.service.name)}, environment=${JSON.stringify(environment)}}`;
    const panes = URL.canParse(text) ? (new URL(text).searchParams.get("panes") ?? "") : "";
    const right = text.startsWith(`${platform.links.grafana}/explore?`) && logQueries(panes).includes(selector);
    return right ? undefined : `a link to the logs of ${selector}`;
  },
  runbook_url: (text, _, { platform, promise }) => {
    const address = `${platform.links.runbooks}/${promise.alert.pack}/${promise.alert.name}.md`;
    return text === address ? undefined : address;
  },
};

/** The queries of all panes of a link to Grafana's Explore. */
function logQueries(panes: string): string[] {
  try {
    const all: Record<string, { queries?: { expr?: string }[] }> = JSON.parse(panes);
    return Object.values(all).flatMap(({ queries = [] }) => queries.map(({ expr = "" }) => expr));
  } catch {
    return [];
  }
}

/**
 * The alert's own words with every label and value in them filled in. Of templates only those parts are known that
 * stand for a label or the value; what else one may hold is not looked at.
 */
function wordingFault(template: string, text: string, labels: Labels, context: MessageContext): string | undefined {
  const range = valueRange(context);
  const unit = unitOf(context);
  const parts = template.split(/(\{\{.*?\}\})/).map((part) => {
    if (!part.startsWith("{{")) return { pattern: literal(part), words: part };
    const label = /^\{\{-?\s*\$labels\.(\w+)\s*-?\}\}$/.exec(part)?.[1];
    if (label !== undefined) return { pattern: literal(labels[label] ?? ""), words: labels[label] ?? "" };
    // Of two branches one is said.
    if (/^\{\{-?\s*with\b/.test(part) && /\{\{-?\s*else\b/.test(template)) return { pattern: "(?:.+?)", words: part };
    return part.includes("$value")
      ? { pattern: "(.+?)", words: `(${rangeText(range, unit)})` }
      : { pattern: "(?:.*?)", words: part };
  });
  const found = new RegExp(`^${parts.map(({ pattern }) => pattern).join("")}$`, "s").exec(text);
  const fits = found?.slice(1).every((value) => isWithin(parseShown(unit, value), range));
  return fits ? undefined : JSON.stringify(parts.map(({ words }) => words).join(""));
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const unitOf = ({ promise }: MessageContext): Unit => promise.alert.signal.unit;

/** What the value must be: as the drill knows it, else at least beyond the threshold. */
function valueRange({ promise, expectation }: MessageContext): Range {
  const limit = promise.levels[expectation.severity]?.value ?? Number.NaN;
  const beyond = promise.alert.direction === "above" ? { from: limit, to: Infinity } : { from: -Infinity, to: limit };
  return expectation.reads ?? beyond;
}

/** Prometheus writes values with four digits. */
const isWithin = (value: number, { from, to }: Range): boolean =>
  value >= from - 1e-3 * Math.abs(from) && value <= to + 1e-3 * Math.abs(to);

function rangeText({ from, to }: Range, unit: Unit): string {
  const text = (value: number) => formatQuantity({ unit, value: Number(value.toPrecision(4)) });
  if (to === Infinity) return `${text(from)} or more`;
  return from === -Infinity ? `${text(to)} or less` : `${text(from)} to ${text(to)}`;
}

/** Without what floating point adds to a decimal number when it is scaled. */
const exactly = (value: number): number => Number(value.toPrecision(12));

const sizes: Readonly<Record<string, number>> = {
  ...{ "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, m: 1e-3, u: 1e-6, n: 1e-9, p: 1e-12 },
};
const secondsIn: Readonly<Record<string, number>> = {
  ...{ d: 86_400, h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 },
};

/**
 * A value as messages show it, by people or by Prometheus' humanize functions: `2 s`, `1m 30s`, `5 %`, `5.1%`,
 * `0.01/s`, `6.95m` (milli). NaN when it is none.
 */
export function parseShown(unit: Unit, text: string): number {
  const number = String.raw`(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)`;
  if (unit === "ratio") {
    const [, percent] = new RegExp(`^${number} ?%$`).exec(text) ?? [];
    return percent === undefined ? Number.NaN : exactly(Number(percent) / 100);
  }
  if (unit === "seconds") {
    const parts = [...text.matchAll(new RegExp(String.raw`\s*${number} ?([a-z]+)`, "gy"))];
    const whole = parts.map(([part]) => part).join("") === text && parts.length > 0;
    return whole
      ? exactly(parts.reduce((sum, [, amount, size = ""]) => sum + Number(amount) * (secondsIn[size] ?? Number.NaN), 0))
      : Number.NaN;
  }
  if (unit === "bytes") {
    const [, amount, power = ""] = new RegExp(`^${number} ?([KkMGT]?)i?B?$`).exec(text) ?? [];
    return amount === undefined ? Number.NaN : Number(amount) * 1024 ** " kMGT".indexOf(power.replace("K", "k") || " ");
  }
  const suffix = unit === "count" || unit === "score" ? "" : unit === "times" ? "x?" : "(?:/s)?";
  const [, amount, size = ""] = new RegExp(`^${number}([kMGTmunp]?)${suffix}$`).exec(text) ?? [];
  return amount === undefined ? Number.NaN : exactly(Number(amount) * (sizes[size] ?? Number.NaN));
}
