import type { Exporter } from "../../src/model/exporter.ts";
import { type Duration, formatDuration, minutes } from "../../src/model/quantity.ts";
import { from, perInstance } from "../exporter-watch.ts";
import { alloy, otelCollector, telemetry } from "./collector.exporter.ts";

export const rateWindow = minutes(5);
/** Notifications are few, and one that fails is tried again for as long as a group's interval: 5 minutes by default. */
export const notificationWindow = minutes(15);

export const by = (labels: readonly string[]): string => `by (${labels.join(", ")})`;
export const rate = (name: string, exporter: Exporter, window: Duration, ...matchers: string[]): string =>
  `rate(${name}{${[from([exporter]), ...matchers].join(", ")}}[${formatDuration(window)}])`;
export const named = (expr: string, label: string, value: string, source = "", pattern = ""): string =>
  `label_replace(${expr}, "${label}", "${value}", "${source}", "${pattern}")`;
/** The same, with the value of one label as another. */
export const renamed = (expr: string, from: string, to: string): string => named(expr, to, "$1", from, "(.*)");

/** Prometheus and Loki's ruler count rules and alerts alike, under names of their own. */
export const ruler = ({ id }: Exporter): string => (id === "loki" ? "loki_prometheus_" : "prometheus_");
export const ofRuler = (name: string, exporter: Exporter): string => `${ruler(exporter)}${name}{${from([exporter])}}`;
export const rateOfRuler = (name: string, exporter: Exporter): string =>
  rate(`${ruler(exporter)}${name}`, exporter, rateWindow);

export const collectors = [otelCollector, alloy];
export const isCollector = ({ id }: Exporter): boolean => collectors.some((one) => one.id === id);

/**
 * Each kind of telemetry has a counter of its own; the label `data` tells them apart again. Alloy appends `_total` to
 * its name, which OpenTelemetry's own collector leaves out.
 */
export const ofTelemetry = (counter: string, labels: readonly string[]): string =>
  telemetry
    .map((data) => {
      const name = `__name__=~"${counter}_${data}(_total)?"`;
      const rate = `rate({${name}, ${from(collectors)}}[${formatDuration(rateWindow)}])`;
      return named(`sum ${by(labels)} (${rate})`, "data", data);
    })
    .join(" or ");

/** Counters without labels, each with the name of what it counts. */
export const counted = (counters: Readonly<Record<string, string>>, label: string, exporter: Exporter): string =>
  Object.entries(counters)
    .map(([value, name]) => named(`sum ${by(perInstance)} (${rate(name, exporter, rateWindow)})`, label, value))
    .join(" or ");

/** A share of a counter whose failures have no series before the first. */
export function shareOf(labels: readonly string[], failed: string, all: string): string {
  const sum = (expr: string) => `sum ${by(labels)} (${expr})`;
  return `(${sum(failed)} or 0 * ${sum(all)}) / ${sum(all)}`;
}
