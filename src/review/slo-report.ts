import type { Platform } from "../model/platform.ts";
import { formatQuantity, ratio } from "../model/quantity.ts";

/** A part of the period that is reported, at most a day (UTC); ms since the epoch, the end exclusive. */
export interface ReportPart {
  fromMs: number;
  toMs: number;
}

/** What was counted for one SLO within one part: sums over the recorded rates, of which only shares have a meaning. */
export interface CountedPart extends ReportPart {
  environment: string;
  service: string;
  slo: string;
  events: number;
  badEvents: number;
}

/** How one SLO of one environment was kept. Shares are between 0 and 1; what is left of a budget may be below 0. */
export interface SloAttainment {
  environment: string;
  service: string;
  slo: string;
  objective: number;
  /** Undefined where nothing was counted. */
  attained?: number;
  isKept?: boolean;
  budgetSpent?: number;
  budgetLeft?: number;
  /** The day (UTC) on which most of the budget was spent, with the share of the period's budget. */
  worstDay?: { date: string; attained: number; budgetSpent: number };
  /** Days or parts of days with anything counted, and all there are. */
  partsCounted: number;
  parts: number;
}

export interface SloReport {
  platform: string;
  from: string;
  to: string;
  slos: SloAttainment[];
}

const dayMs = 86_400_000;

/** Cuts a period at every midnight, UTC. */
export function reportParts({ fromMs, toMs }: ReportPart): ReportPart[] {
  const parts: ReportPart[] = [];
  for (let at = fromMs; at < toMs; ) {
    const next = Math.min(toMs, (Math.floor(at / dayMs) + 1) * dayMs);
    parts.push({ fromMs: at, toMs: next });
    at = next;
  }
  return parts;
}

/**
 * How every SLO of a platform was kept over a period: attained is the share of good events over all of it, so that a day
 * with much traffic counts more than one with little.
 *
 * @param counted in any order; an SLO and part that is missing was not counted
 */
export function sloReport(
  { name, services }: Pick<Platform, "name" | "services">,
  period: ReportPart,
  counted: readonly CountedPart[],
): SloReport {
  const parts = reportParts(period).length;
  return {
    platform: name,
    from: new Date(period.fromMs).toISOString(),
    to: new Date(period.toMs).toISOString(),
    slos: services.flatMap((service) =>
      service.slos.flatMap((slo) =>
        service.environments.map((environment) => {
          const which = { environment, service: service.name, slo: slo.name };
          const own = counted.filter(
            (one) =>
              one.environment === environment && one.service === service.name && one.slo === slo.name && one.events > 0,
          );
          return { ...which, ...attainmentOf(own, slo.objective.value), partsCounted: own.length, parts };
        }),
      ),
    ),
  };
}

function attainmentOf(parts: readonly CountedPart[], objective: number) {
  const events = parts.reduce((sum, one) => sum + one.events, 0);
  if (events === 0) return { objective };
  const badEvents = parts.reduce((sum, one) => sum + one.badEvents, 0);
  const budget = events * (1 - objective);
  const attained = 1 - badEvents / events;
  const [worst] = [...parts].sort((a, b) => b.badEvents - a.badEvents || a.fromMs - b.fromMs);
  return {
    objective,
    attained,
    isKept: attained >= objective,
    budgetSpent: badEvents / budget,
    budgetLeft: 1 - badEvents / budget,
    ...(worst &&
      worst.badEvents > 0 && {
        worstDay: {
          date: new Date(worst.fromMs).toISOString().slice(0, 10),
          attained: 1 - worst.badEvents / worst.events,
          budgetSpent: worst.badEvents / budget,
        },
      }),
  };
}

/** Enough digits to tell 99.95 % from 99.96 %, and no more. */
const share = (value: number): string => formatQuantity(ratio(Number(value.toFixed(6))));
const roughly = (value: number): string => formatQuantity(ratio(Number(value.toFixed(3))));

/** The report as a page of Markdown, what was missed first to be seen. */
export function sloReportMarkdown({ platform, from, to, slos }: SloReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = slos.map((one) => {
    const { environment, service, slo, objective, attained, isKept, budgetSpent, budgetLeft, worstDay } = one;
    const head = [service, environment, slo, share(objective)];
    if (attained === undefined || budgetSpent === undefined || budgetLeft === undefined)
      return row([...head, "no data", "–", "–", "–"]);
    const day =
      worstDay && `${worstDay.date}: ${share(worstDay.attained)}, ${roughly(worstDay.budgetSpent)} of the budget`;
    return row([
      ...head,
      `${share(attained)}${isKept ? "" : " **missed**"}`,
      roughly(budgetSpent),
      roughly(budgetLeft),
      day ?? "–",
    ]);
  });
  const silent = slos.filter(({ attained }) => attained === undefined);
  const partly = slos.filter(({ partsCounted, parts }) => partsCounted > 0 && partsCounted < parts);
  const nameOf = ({ service, slo, environment }: SloAttainment) => `${service} ${slo} in ${environment}`;
  return [
    `# SLOs of ${platform}, ${from.slice(0, 16).replace("T", " ")} to ${to.slice(0, 16).replace("T", " ")} UTC`,
    "",
    row(["service", "environment", "SLO", "objective", "attained", "budget spent", "budget left", "worst day"]),
    row(Array.from({ length: 8 }, () => "---")),
    ...rows,
    ...(silent.length > 0 ? ["", `Nothing was counted for: ${silent.map(nameOf).join("; ")}.`] : []),
    ...(partly.length > 0
      ? [
          "",
          `Counted on some days only: ${partly.map((one) => `${nameOf(one)} (${one.partsCounted} of ${one.parts})`).join("; ")}.`,
        ]
      : []),
    "",
  ].join("\n");
}
