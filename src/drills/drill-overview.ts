import colors from "picocolors";
import { counted } from "../review/terminal.ts";
import type { DrillResult } from "./drill-result.ts";
import { drillTitle } from "./explain-drill.ts";
import { type LeftOut, leftOutText } from "./left-out.ts";

const marks = {
  passed: colors.green("✓"),
  failed: colors.red("✗"),
  error: colors.red("‼"),
  "not-run": colors.yellow("–"),
} as const;

/** Where drills are listed in which nothing at all may fire. */
const calm = "no alert at all";

/**
 * What came of the drills, a line for each alert of each service: `✓ HttpLatencyHigh  14 drills (5 warning, 9 critical)`.
 * All their names would drown the reader; those that did not pass are explained elsewhere.
 */
export const overviewLines = (results: readonly DrillResult[]): string[] =>
  perService(results, (drills) => {
    const alerts = [...groupBy(drills, alertOf)].sort(([a], [b]) => Number(a === calm) - Number(b === calm));
    const width = Math.max(...alerts.map(([alert]) => alert.length));
    return alerts.map(([alert, some]) => `  ${markOf(some)} ${alert.padEnd(width)}  ${countsText(some)}`);
  });

/** The name of each drill, for a few that were asked for, and what there is no drill of. */
export const nameLines = (results: readonly DrillResult[], without: readonly LeftOut[] = []): string[] =>
  perService(results, (drills, service) => [
    ...drills.map((one) => `  ${markOf([one])} ${one.name}`),
    ...without.filter((one) => one.service === service).map((one) => `  ${colors.dim(`· ${leftOutText(one)}`)}`),
  ]);

function perService(
  results: readonly DrillResult[],
  linesOf: (drills: DrillResult[], service: string) => string[],
): string[] {
  const services = [...groupBy(results, ({ service }) => service)];
  return services.flatMap(([service, drills], index) => [
    ...(index === 0 ? [] : [""]),
    colors.bold(service),
    ...linesOf(drills, service),
  ]);
}

/** That not every boundary has a drill, and how to see which and why; nothing where each has one. */
export function leftOutLines(without: readonly LeftOut[]): string[] {
  const [first] = without;
  if (!first) return [];
  const count = without.reduce((sum, { severities, boundaries }) => sum + severities.length * boundaries.length, 0);
  return [
    colors.dim(
      `${counted(count, "possible boundary drill")} would make no sense: \`--only ${first.alert}\` names those of an alert, and why.`,
    ),
  ];
}

/** The drills that were not run, by name, and the way out; nothing where there are none. */
export function notRunLines(results: readonly DrillResult[]): string[] {
  const notRun = results.filter(({ outcome }) => outcome === "not-run");
  const [reason] = notRun.flatMap(({ failures }) => failures);
  if (!reason) return [];
  return [
    `${counted(notRun.length, "drill")} not run. ${reason.expected} ${reason.happened}`,
    ...notRun.map((one) => `  ${marks["not-run"]} ${drillTitle(one)}`),
    `→ ${reason.fix}; or say \`--allow-not-run\` to do without`,
  ];
}

/** The alert that a drill is listed under. */
function alertOf({ about }: DrillResult): string {
  const [first] = about;
  const isOne = about.every(({ alert }) => alert === first?.alert);
  return first && (isOne || first.severity) ? first.alert : calm;
}

/** `14 drills (5 warning, 9 critical), 2 of them not passed`. */
function countsText(drills: readonly DrillResult[]): string {
  const severities = groupBy(drills, ({ about }) => about[0]?.severity ?? "");
  const counts = [...severities]
    .filter(([severity]) => severity)
    .map(([severity, some]) => `${some.length} ${severity}`);
  const inBrackets =
    counts.length === 0 || drills.some((one) => alertOf(one) === calm) ? "" : ` (${counts.join(", ")})`;
  const bad = drills.filter(({ outcome }) => outcome === "failed" || outcome === "error").length;
  const notRun = drills.filter(({ outcome }) => outcome === "not-run").length;
  return [
    `${counted(drills.length, "drill")}${inBrackets}`,
    ...(bad > 0 ? [colors.red(`${bad} of them not passed`)] : []),
    ...(notRun > 0 ? [colors.yellow(`${notRun} of them not run`)] : []),
  ].join(", ");
}

const markOf = (drills: readonly DrillResult[]): string =>
  marks[
    (["error", "failed", "not-run"] as const).find((one) => drills.some(({ outcome }) => outcome === one)) ?? "passed"
  ];

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
