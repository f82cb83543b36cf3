import type { Alert } from "../model/pack.ts";
import { type Duration, formatDuration, formatQuantity, type Quantity, quantityExample } from "../model/quantity.ts";
import type { PlatformFinding } from "./platform-draft.ts";

type At = (string | number)[];

/** One threshold by itself: its unit, and whether the alert could ever fire, or ever be quiet. */
export function levelFindings(alert: Alert, level: Quantity | undefined, path: At): PlatformFinding[] {
  if (!level) return [];
  const { unit } = alert.signal;
  if (level.unit !== unit || !Number.isFinite(level.value) || level.value < 0) {
    return [
      {
        path,
        rule: "config/quantity",
        severity: "error",
        summary: `The threshold is ${level.value} (${level.unit}); ${alert.name} is measured in ${unit}.`,
        detail: `Allowed: ${quantityExample(unit)}.`,
      },
    ];
  }
  const why = impossible(alert, level);
  if (!why) return [];
  const summary = `${alert.name} ${alert.direction} ${formatQuantity(level)} ${why}`;
  return [{ path, rule: "config/threshold-range", severity: "error", summary, fix: "Choose another value." }];
}

function impossible({ direction, signal: { unit } }: Alert, { value }: Quantity): string | undefined {
  if (unit === "ratio" && value > 1) return "makes no sense: a share is at most 100 %.";
  if (unit === "ratio" && value === 1 && direction === "above") return "never fires: a share is at most 100 %.";
  if (value === 0 && direction === "below") return "never fires: nothing is below zero.";
  if (value === 0 && unit === "seconds") return "always fires: every time measured is above zero.";
  return undefined;
}

export function heldFindings(
  held: Duration | undefined,
  evaluation: Duration | undefined,
  path: At,
): PlatformFinding[] {
  if (!held || !evaluation || held.value >= evaluation.value) return [];
  const interval = formatDuration(evaluation);
  return [
    {
      path,
      dependsOn: [path, ["intervals", "evaluation"]],
      rule: "config/for-too-short",
      severity: "error",
      summary: `\`for\` is ${formatDuration(held)}, but rules are evaluated only every ${interval}.`,
      detail: "A single odd reading would fire the alert: nothing is seen between two evaluations.",
      fix: `Choose ${interval} or more, or a shorter \`intervals.evaluation\`.`,
    },
  ];
}
