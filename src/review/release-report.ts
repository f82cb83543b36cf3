import { zOfDifference } from "../derived/two-proportions.ts";
import type { Platform } from "../model/platform.ts";
import { formatQuantity, ratio } from "../model/quantity.ts";

export const releaseVerdicts = [
  "worse",
  "still worse",
  "better",
  "no difference shown",
  "too little traffic",
  "nothing to compare with",
  "no data",
] as const;
export type ReleaseVerdict = (typeof releaseVerdicts)[number];

/** What is recorded of the newest version of one service in one environment. */
export interface RecordedRelease {
  environment: string;
  service: string;
  version: string;
  /** When it was first seen, ms since the epoch. */
  sinceMs: number;
  /** Whether there were others before it, within the last hour. */
  hasOlder: boolean;
  /** Undefined while there are too few. */
  requests?: number;
  /** The version that it is compared with; undefined while there are too few requests of any. */
  before?: { version: string; requests: number };
  /** Shares of bad requests, from 0 to 1, by kpi. */
  shares: Readonly<Record<string, { after: number; before?: number }>>;
  /** What it was surely worse than within the last day, and how sure that was at most. */
  worseThan: readonly { kpi: string; version: string; share: number; z?: number }[];
}

export interface KpiComparison {
  kpi: string;
  before: number;
  after: number;
  difference: number;
  z: number;
  verdict: ReleaseVerdict;
}

/** How the newest version of a service fares beside the one before it. */
export interface ReleaseComparison {
  environment: string;
  service: string;
  verdict: ReleaseVerdict;
  version?: string;
  since?: string;
  requests?: number;
  /** Without requests where it has ended, and is known only as what the newest one was worse than. */
  before?: { version: string; requests?: number };
  kpis: KpiComparison[];
}

export interface ReleaseReport {
  platform: string;
  at: string;
  releases: ReleaseComparison[];
}

/**
 * @param sure how many standard errors make a difference one that is no chance
 * @param recorded in any order; a service and environment that is missing has no data
 */
export function releaseReport(
  { name, services }: Pick<Platform, "name" | "services">,
  atMs: number,
  sure: number,
  recorded: readonly RecordedRelease[],
): ReleaseReport {
  return {
    platform: name,
    at: new Date(atMs).toISOString(),
    releases: services
      .filter(({ versions }) => versions)
      .flatMap((service) =>
        service.environments.map((environment): ReleaseComparison => {
          const which = { environment, service: service.name };
          const own = recorded.find((one) => one.environment === environment && one.service === service.name);
          return own ? { ...which, ...compared(own, sure) } : { ...which, verdict: "no data", kpis: [] };
        }),
      ),
  };
}

function compared(release: RecordedRelease, sure: number): Omit<ReleaseComparison, "environment" | "service"> {
  const { version, sinceMs, hasOlder, requests, before, shares } = release;
  const head = { version, since: new Date(sinceMs).toISOString() };
  if (!hasOlder || !before) {
    const held = stillWorse(release);
    const [first] = held;
    if (first)
      return {
        ...head,
        verdict: "still worse",
        requests,
        before: { version: first.than },
        kpis: held.map(({ than: _, ...kpi }) => kpi),
      };
  }
  if (!hasOlder) return { ...head, verdict: "nothing to compare with", kpis: [] };
  if (requests === undefined || !before) return { ...head, verdict: "too little traffic", kpis: [] };
  const kpis = Object.entries(shares).flatMap(([kpi, share]): KpiComparison[] => {
    if (share.before === undefined) return [];
    const z = zOfDifference(
      { events: requests, badShare: share.after },
      { events: before.requests, badShare: share.before },
    );
    const verdict = z > sure ? "worse" : z < -sure ? "better" : "no difference shown";
    return [{ kpi, before: share.before, after: share.after, difference: share.after - share.before, z, verdict }];
  });
  const said = (["worse", "better"] as const).find((verdict) => kpis.some((one) => one.verdict === verdict));
  return { ...head, verdict: said ?? "no difference shown", requests, before, kpis };
}

/** One that was surely worse, and is still, though the other has ended: nothing says that it is better. */
const stillWorse = ({ shares, worseThan }: RecordedRelease): (KpiComparison & { than: string })[] =>
  worseThan.flatMap(({ kpi, version, share: before, z }) => {
    const { after } = shares[kpi] ?? {};
    if (after === undefined || z === undefined || after <= before) return [];
    return [{ kpi, before, after, difference: after - before, z, verdict: "still worse" as const, than: version }];
  });

const share = (value: number): string => formatQuantity(ratio(Number(value.toFixed(5))));
const signed = (value: number): string => `${value > 0 ? "+" : ""}${share(value)}`;

/** The report as a page of Markdown. */
export function releaseReportMarkdown({ platform, at, releases }: ReleaseReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const shown = (verdict: ReleaseVerdict) => (verdict.endsWith("worse") ? `**${verdict}**` : verdict);
  const rows = releases.flatMap(({ service, environment, version = "–", before, kpis, verdict, requests }) => {
    const head = [service, environment, version, before?.version ?? "–"];
    if (kpis.length === 0) return [row([...head, "–", "–", "–", "–", "–", shown(verdict)])];
    const counts = `${Math.round(requests ?? 0)} / ${before?.requests === undefined ? "–" : Math.round(before.requests)}`;
    return kpis.map((one) =>
      row([
        ...head,
        one.kpi,
        share(one.before),
        `${share(one.after)} (${signed(one.difference)})`,
        counts,
        one.z.toFixed(1),
        shown(one.verdict),
      ]),
    );
  });
  return [
    `# Releases of ${platform}, ${at.slice(0, 16).replace("T", " ")} UTC`,
    "",
    row([
      "service",
      "environment",
      "version",
      "before",
      "requests that",
      "before",
      "after",
      "requests",
      "z",
      "verdict",
    ]),
    row(Array.from({ length: 10 }, () => "---")),
    ...rows,
    "",
  ].join("\n");
}
