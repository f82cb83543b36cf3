import { furthest } from "../derived/capacity-rules.ts";
import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import { compareText } from "../model/finding.ts";
import { formatQuantity, type Unit } from "../model/quantity.ts";

/** What the rules have recorded of one series of a signal that is forecast; in its unit, times in seconds. */
export interface RecordedCapacity {
  labels: Readonly<Record<string, string>>;
  value: number;
  trend?: number;
  trendMargin?: number;
  in30Days?: number;
  in30DaysLow?: number;
  in30DaysHigh?: number;
  limit?: number;
  left?: number;
  leftEarly?: number;
  leftLate?: number;
}

/** Whether and how surely the limit is reached within a year, if it goes on as in the last 30 days. */
export const sureties = {
  sure: "nine of ten sure by the latest date",
  likely: "likely, but it may take longer than a year",
  possible: "possible, the trend is not sure",
  "not in sight": "not within a year",
  passed: "passed already",
  "no limit": "no alert limits it",
  "too short": "less than 7 days are known",
} as const;
export type Surety = keyof typeof sureties;

/** One place of one signal. Numbers are in the signal's unit, dates in UTC. */
export interface CapacityItem {
  environment: string;
  service: string;
  signal: string;
  unit: Unit;
  /** Labels that tell it from others of the signal. */
  place: Record<string, string>;
  now: number;
  trendPerDay?: number;
  trendMargin?: number;
  in30Days?: { likely: number; low: number; high: number };
  limit?: number;
  /** When the limit is reached; a date that is missing is more than a year away, if it comes at all. */
  reached?: { likely?: string; earliest?: string; latest?: string };
  surety: Surety;
}

export interface CapacityReport {
  platform: string;
  at: string;
  items: CapacityItem[];
  /** Signals that are to be forecast, of which nothing is recorded. */
  unknown: { environment: string; service: string; signal: string }[];
}

/** What is to be forecast, as monitoring.yaml says. */
export interface Asked {
  environment: string;
  service: string;
  signal: string;
  unit: Unit;
}

/**
 * What runs out, the first on top.
 *
 * @param recorded in any order
 */
export function capacityReport(
  platform: string,
  atMs: number,
  asked: readonly Asked[],
  recorded: readonly RecordedCapacity[],
): CapacityReport {
  const is = ({ labels }: RecordedCapacity, { environment, service, signal }: Asked) =>
    labels.environment === environment && labels.service === service && labels.signal === signal;
  const items = asked
    .flatMap((one) =>
      recorded.filter((found) => is(found, one)).map((found) => ({ found, ...itemOf(one, found, atMs) })),
    )
    .sort(
      (a, b) =>
        (a.found.left ?? Infinity) - (b.found.left ?? Infinity) ||
        (a.found.leftEarly ?? Infinity) - (b.found.leftEarly ?? Infinity) ||
        compareText(nameOf(a), nameOf(b)),
    )
    .map(({ found: _, ...item }): CapacityItem => item);
  const unknown = asked
    .filter((one) => !recorded.some((found) => is(found, one)))
    .map(({ environment, service, signal }) => ({ environment, service, signal }));
  return { platform, at: new Date(atMs).toISOString(), items, unknown };
}

const common = new Set<string>([...identityLabels, instrumentationLabel, "signal", "__name__"]);

function itemOf({ environment, service, signal, unit }: Asked, found: RecordedCapacity, atMs: number): CapacityItem {
  const { labels, value, trend, trendMargin, in30Days, in30DaysLow, in30DaysHigh, limit } = found;
  const { left, leftEarly, leftLate } = found;
  const place = Object.fromEntries(Object.entries(labels).filter(([label]) => !common.has(label)));
  const date = (seconds: number | undefined) =>
    seconds === undefined || seconds >= furthest.value
      ? undefined
      : new Date(atMs + 1000 * seconds).toISOString().slice(0, 10);
  const [likely, earliest, latest] = [date(left), date(leftEarly), date(leftLate)];
  return {
    ...{ environment, service, signal, unit, place, now: value },
    ...(trend !== undefined && { trendPerDay: trend }),
    ...(trendMargin !== undefined && { trendMargin }),
    ...(in30Days !== undefined &&
      in30DaysLow !== undefined &&
      in30DaysHigh !== undefined && { in30Days: { likely: in30Days, low: in30DaysLow, high: in30DaysHigh } }),
    ...(limit !== undefined && { limit }),
    ...(left !== undefined &&
      limit !== undefined && {
        reached: { ...(likely && { likely }), ...(earliest && { earliest }), ...(latest && { latest }) },
      }),
    surety: surety(),
  };

  function surety(): Surety {
    if (trend === undefined) return "too short";
    if (limit === undefined) return "no limit";
    if (left === undefined) return "passed";
    if (latest) return "sure";
    if (likely) return "likely";
    return earliest ? "possible" : "not in sight";
  }
}

const nameOf = ({ environment, service, signal, place }: CapacityItem): string =>
  [service, signal, environment, ...Object.values(place)].join(" ");

/** Text of others must not end a cell. */
const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, "\\$&").replace(/\s+/g, " ");
const amount = (unit: Unit, value: number): string => {
  const sign = value < 0 ? "-" : "";
  return sign + formatQuantity({ unit, value: Number(Math.abs(value).toPrecision(3)) });
};

/** The report as a page of Markdown, what runs out first on top. */
export function capacityReportMarkdown({ platform, at, items, unknown }: CapacityReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["service", "signal", "place", "now", "a day", "in 30 days", "limit", "reached", "between", "how sure"];
  const rows = items.map((one) => {
    const { unit, now, trendPerDay, trendMargin, in30Days, limit, reached } = one;
    const some = (value: number | undefined) => (value === undefined ? "–" : amount(unit, value));
    return row([
      `${cell(one.service)}, ${cell(one.environment)}`,
      cell(one.signal),
      cell(Object.values(one.place).join(", ")) || "–",
      some(now),
      trendPerDay === undefined ? "–" : `${trendPerDay > 0 ? "+" : ""}${some(trendPerDay)} ± ${some(trendMargin)}`,
      in30Days ? `${some(in30Days.likely)} (${some(in30Days.low)} to ${some(in30Days.high)})` : "–",
      some(limit),
      reached?.likely ?? "–",
      reached?.earliest ? `${reached.earliest} and ${reached.latest ?? "more than a year"}` : "–",
      sureties[one.surety],
    ]);
  });
  return [
    `# Capacity of ${cell(platform)}, ${at.slice(0, 16).replace("T", " ")} UTC`,
    "",
    "If it goes on as in the last 30 days. Limits are the thresholds of the signals' alerts; what is told of days to come is",
    "about the worst hour of a day, with margins for 80 %.",
    "",
    row(head),
    row(head.map(() => "---")),
    ...rows,
    ...(unknown.length > 0
      ? [
          "",
          `Nothing is recorded of: ${unknown.map((one) => cell(`${one.signal} of ${one.service} in ${one.environment}`)).join("; ")}.`,
        ]
      : []),
    "",
  ].join("\n");
}
