import { type Severity, severities } from "../model/conventions.ts";
import type { Alert } from "../model/pack.ts";
import { formatDuration, formatQuantity, type Unit } from "../model/quantity.ts";
import { flag, mapping, quantity, type Schema } from "./schema-parts.ts";

/** The promise of an alert in words, for an editor's hover: `warning above 1.5 s, critical above 2 s, for 5m`. */
function promiseText(alert: Alert): string {
  const levels = severities.flatMap((severity: Severity) => {
    const level = alert.levels[severity];
    return level ? [`${severity} ${alert.direction} ${formatQuantity(level)}`] : [];
  });
  const told = levels.length > 0 ? levels : ["none"];
  return [...told, `for ${formatDuration(alert.for)}${alert.optIn ? "; off unless `features` says true" : ""}`].join(
    ", ",
  );
}

/** One for all alerts of a unit: an alert's own name and promise stand where it refers to this. */
const overrideName = (unit: Unit): string => `override-${unit.replace("/", "-per-")}`;

export const overrides = (alerts: readonly Alert[]): Record<string, Schema> =>
  Object.fromEntries(
    alerts.flatMap(({ signal: { unit } }) => [
      [
        overrideName(unit),
        mapping(
          "the thresholds of an alert",
          "What is not as the pack has it; what is left out stays.",
          { ...levelsAndFor(unit), "environments?": inEnvironments(unit) },
          { minProperties: 1 },
        ),
      ],
      [
        `${overrideName(unit)}-there`,
        mapping(
          "the thresholds of an alert in an environment",
          "What is otherwise there; what is left out stays.",
          levelsAndFor(unit),
          { minProperties: 1 },
        ),
      ],
    ]),
  );

const levelsAndFor = (unit: Unit): Record<string, Schema> => ({
  "warning?": quantity(unit, "Beyond this the warning fires."),
  "critical?": quantity(unit, "Beyond this the critical alert fires."),
  "for?": quantity("seconds", "How long it must stay beyond the threshold, without a break."),
});

const inEnvironments = (unit: Unit): Schema => ({
  title: "environments",
  description: "What is otherwise in single environments.",
  type: "object",
  minProperties: 1,
  additionalProperties: {
    title: "the thresholds of an alert in an environment",
    description: "What is otherwise there, or `false`, which switches the alert off there.",
    if: { type: "object" },
    // biome-ignore lint/suspicious/noThenProperty: the keyword's name in JSON Schema; nothing awaits a schema
    then: { $ref: `#/definitions/${overrideName(unit)}-there`, title: "thresholds" },
    else: {
      title: "false",
      description: "What is otherwise there, or `false`, which switches the alert off there.",
      type: "boolean",
    },
  },
});

export function thresholds(alerts: readonly Alert[], description: string): Schema {
  const keys = Object.fromEntries(
    alerts.map((alert) => [
      `${alert.name}?`,
      {
        $ref: `#/definitions/${overrideName(alert.signal.unit)}`,
        description: `${alert.signal.title}. Without an override: ${promiseText(alert)}.`,
      },
    ]),
  );
  return mapping("thresholds", description, keys, { "x-keys": "alert" });
}

export function features(
  names: Readonly<Record<string, string>>,
  alerts: readonly Alert[],
  description: string,
  what: string,
): Schema {
  const off = new Set(alerts.flatMap(({ name, optIn }) => (optIn ? [name] : [])));
  const keys = Object.fromEntries(
    Object.entries(names).map(([name, meaning]) => [`${name}?`, flag(meaning, !off.has(name))]),
  );
  return mapping("features", description, keys, { "x-keys": what });
}

/** Every alert, with what its switch says. */
export const alertFeatures = (alerts: readonly Alert[]): Record<string, string> =>
  Object.fromEntries(alerts.map(({ name, signal }) => [name, `The alert on "${signal.title}".`]));
