import { escapeRegex } from "../model/promql.ts";

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
