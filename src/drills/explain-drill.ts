import { placeText } from "../model/finding.ts";
import type { Unit } from "../model/quantity.ts";
import type { DrillFailure, DrillResult, SignalValues } from "./drill-result.ts";

const marks = { passed: "✓", failed: "✗", error: "‼", "not-run": "–" } as const;

/** `http › orders-api › one slow endpoint pages its team`: how a drill is called wherever it is listed. */
export const drillTitle = ({ pack, service, name }: Pick<DrillResult, "pack" | "service" | "name">): string =>
  [pack, service, name].filter(Boolean).join(" › ");

/** A result as a terminal shows it, without colours: a line where it passed, else the whole story. */
export const explainDrill = (result: DrillResult): string =>
  [`${marks[result.outcome]} ${drillTitle(result)}`, ...result.failures.map(explainFailure)].join("\n");

/**
 * Results as a terminal shows them. One fault can fail many drills: what has been told in full, of the same severity
 * and with the same cause, is not told again; nor is what keeps drills from being run at all, such as a rule that is
 * not valid.
 */
export function explainDrills(results: readonly DrillResult[]): string[] {
  const told = new Set<string>();
  return results.map((result) => {
    const reason = reasonOf(result);
    if (reason === undefined) return explainDrill(result);
    if (told.has(reason)) return explainBriefly(result);
    told.add(reason);
    return explainDrill(result);
  });
}

/** What drills share that need not be told twice; undefined where each has a story of its own. */
function reasonOf({ outcome, failures, about: [about] }: DrillResult): string | undefined {
  if (outcome === "error")
    return JSON.stringify(failures.map(({ expected, happened, fix }) => [expected, happened, fix]));
  const [cause, ...others] = new Set(failures.map((failure) => failure.cause));
  if (cause === undefined || others.length > 0) return undefined;
  return JSON.stringify([about?.alert, about?.severity, cause]);
}

const explainBriefly = ({ outcome, failures, ...head }: DrillResult): string =>
  [
    `${marks[outcome]} ${drillTitle(head)}`,
    ...(outcome === "error" ? [] : failures.map(({ expected, happened }) => `  ${expected} ${happened}`)),
    "  The cause and the way out are those told above.",
  ].join("\n");

/** A failure, indented below its drill: what was expected, what happened, the values, the cause, the way out. */
export function explainFailure(failure: DrillFailure): string {
  const { expected, happened, details = [], values, world = [], cause, fix, places } = failure;
  const shown = values ? ["", ...valueLines(values, world), ""] : [];
  const reason = [cause, fix && `→ ${fix}`].filter((line) => line !== undefined);
  return [
    `${expected} ${happened}`,
    ...details.map((line) => `  ${line}`),
    ...shown,
    ...reason,
    `  ${places.map(placeText).join("   ")}`,
  ]
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

/** The signal's values in one row, and below it what was true in the world. */
function valueLines({ title, unit, threshold, points }: SignalValues, world: readonly string[]): string[] {
  const label = `${title}${unitTexts[unit] && ` (${unitTexts[unit]})`}`;
  const columns = points.map(({ at, value }) => `${at} ${valueText(unit, value)}`);
  const line = threshold === undefined ? "" : `      threshold ${Number(scaled(unit, threshold).toPrecision(6))}`;
  const row = `  ${label}   ${columns.join("   ")}${line}`;
  const margin = " ".repeat(label.length + 5);
  return [
    row,
    ...(world.length > 0 ? world.map((text) => `${margin}the world ${text}`) : [`${margin}the world is healthy`]),
  ];
}

const unitTexts: Readonly<Record<Unit, string>> = {
  seconds: "s",
  ratio: "%",
  "requests/second": "/s",
  "lines/second": "/s",
  "events/second": "/s",
  bytes: "bytes",
  count: "",
  times: "x",
  score: "",
};

/** A ratio is shown in percent. */
const scaled = (unit: Unit, value: number): number => (unit === "ratio" ? value * 100 : value);

const valueText = (unit: Unit, value: number | undefined): string =>
  value === undefined ? "–" : scaled(unit, value).toFixed(unit === "count" || unit === "bytes" ? 0 : 2);
