import { outerOf } from "../model/exporter.ts";
import type { Platform } from "../model/platform.ts";
import { formatQuantity, ratio, seconds } from "../model/quantity.ts";

export const bottleneckVerdicts = ["bottleneck", "nothing stands out", "nothing to compare with", "no data"] as const;
export type BottleneckVerdict = (typeof bottleneckVerdicts)[number];

/** A value that is recorded of one component of one journey. */
export interface RecordedWait {
  environment: string;
  service: string;
  journey: string;
  component: string;
  /** Of growth: the time that now is compared with. */
  since?: string;
  value: number;
}

/** What is recorded about waits, in any order. */
export interface RecordedWaits {
  waits: readonly RecordedWait[];
  shares: readonly RecordedWait[];
  growths: readonly RecordedWait[];
  bottlenecks: readonly (RecordedWait & {
    since: string;
    load: string;
    at: string;
    runbook?: string;
    advice: string;
  })[];
}

/** One component of a journey: seconds are those that a user who goes through every step once waits for it. */
export interface WaitPart {
  component: string;
  seconds: number;
  share?: number;
  /** Seconds more than then; negative where it takes less. Absent where nobody knows. */
  growth: Readonly<Record<string, number>>;
}

export interface JourneyBottleneck {
  environment: string;
  service: string;
  journey: string;
  verdict: BottleneckVerdict;
  /** The one with the largest part first. */
  parts: WaitPart[];
  recommendation?: {
    component: string;
    since: string;
    growthSeconds: number;
    load: string;
    /** The service that is watched for the component. */
    at: string;
    advice: string;
    runbook?: string;
  };
}

export interface BottleneckReport {
  platform: string;
  at: string;
  journeys: JourneyBottleneck[];
}

/** What users of every journey wait for, for each service that tells, and environment. */
export function bottleneckReport(
  { name, services, links }: Pick<Platform, "name" | "services" | "links">,
  atMs: number,
  recorded: RecordedWaits,
): BottleneckReport {
  const telling = services.filter(({ components }) => components);
  return {
    platform: name,
    at: new Date(atMs).toISOString(),
    journeys: telling.flatMap(({ name: service, places, environments }) =>
      environments.flatMap((environment) =>
        [...new Set(places.map((place) => outerOf(place) ?? place))].map((journey) => ({
          ...{ environment, service, journey },
          ...judged({ environment, service, journey }, recorded, links.runbooks),
        })),
      ),
    ),
  };
}

type Of = Pick<RecordedWait, "environment" | "service" | "journey">;

function judged(of: Of, recorded: RecordedWaits, runbooks: string): Omit<JourneyBottleneck, keyof Of> {
  const own = <T extends Of>(all: readonly T[]): T[] =>
    all.filter((one) => (["environment", "service", "journey"] as const).every((key) => one[key] === of[key]));
  const growths = own(recorded.growths);
  const shares = own(recorded.shares);
  const parts = own(recorded.waits)
    .map(
      ({ component, value }): WaitPart => ({
        ...{ component, seconds: value },
        share: shares.find((one) => one.component === component)?.value,
        growth: Object.fromEntries(
          growths.filter((one) => one.component === component).map(({ since = "", value: more }) => [since, more]),
        ),
      }),
    )
    .sort((a, b) => b.seconds - a.seconds);
  if (parts.length === 0) return { verdict: "no data", parts };
  const [found] = own(recorded.bottlenecks);
  if (!found) return { verdict: growths.length > 0 ? "nothing stands out" : "nothing to compare with", parts };
  const { component, since, value: growthSeconds, load, at, advice, runbook } = found;
  const recommendation: JourneyBottleneck["recommendation"] = {
    ...{ component, since, growthSeconds, load, at, advice },
    ...(runbook && { runbook: `${runbooks}/${runbook}.md` }),
  };
  return { verdict: "bottleneck", parts, recommendation };
}

const rounded = (value: number): number => Number(value.toPrecision(3));
const time = (value: number): string => formatQuantity(seconds(rounded(Math.abs(value))));
const signed = (value: number | undefined): string =>
  value === undefined ? "–" : rounded(value) === 0 ? "0" : `${value > 0 ? "+" : "-"}${time(value)}`;

/** The report as a page of Markdown. */
export function bottleneckReportMarkdown({ platform, at, journeys }: BottleneckReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `# What users of ${platform} wait for, ${at.slice(0, 16).replace("T", " ")} UTC`,
    ...journeys.flatMap(({ environment, service, journey, verdict, parts, recommendation }) => [
      "",
      `## ${journey} of ${service} in ${environment}: ${recommendation?.component ?? verdict}`,
      "",
      ...(recommendation
        ? [
            `**${recommendation.component}** (${recommendation.at}) takes ${time(recommendation.growthSeconds)} more than ${recommendation.since}, with ${recommendation.load}. ${recommendation.advice}${recommendation.runbook ? ` [Runbook](${recommendation.runbook})` : ""}`,
            "",
          ]
        : []),
      ...(parts.length > 0
        ? [
            row(["waiting for", "per journey", "share", "since yesterday", "since last week"]),
            row(Array.from({ length: 5 }, () => "---")),
            ...parts.map(({ component, seconds: value, share, growth }) =>
              row([
                component,
                value > 0 ? time(value) : "0",
                share === undefined ? "–" : formatQuantity(ratio(rounded(share))),
                signed(growth.yesterday),
                signed(growth["last week"]),
              ]),
            ),
          ]
        : ["Nothing is recorded of it."]),
    ]),
    "",
  ].join("\n");
}
