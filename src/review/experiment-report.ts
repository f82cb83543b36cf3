import { type SequentialComparison, sequentialTest } from "../derived/sequential-test.ts";
import { type SplitComparison, splitTest } from "../derived/split-test.ts";
import type { Sample } from "../derived/two-proportions.ts";
import { formatQuantity, ratio } from "../model/quantity.ts";

export const experimentVerdicts = [
  "worse",
  "better",
  "no difference shown",
  "not enough events yet",
  "no data",
] as const;
export type ExperimentVerdict = (typeof experimentVerdicts)[number];

/** What is planned of one KPI of an experiment, in one environment. */
export interface PlannedKpi {
  environment: string;
  service: string;
  experiment: string;
  kpi: string;
  /** The smallest difference that matters, and the level of this KPI, from 0 to 1. */
  effect: number;
  level: number;
  /** The part of the treatment, from 0 to 1. */
  share: number;
}

/** What is recorded of a variant: `badShare` is missing while there are too few events. */
export type RecordedArm = Pick<Sample, "events"> & Partial<Sample>;

/** How the treatment of an experiment compares with the control, by one KPI. */
export interface ExperimentComparison extends PlannedKpi {
  verdict: ExperimentVerdict;
  treatment?: RecordedArm;
  control?: RecordedArm;
  /** Whether users are shared out as planned: where they are not, no verdict says anything. */
  split?: SplitComparison;
  /** Of both variants together, at the shares that there are now. */
  plannedEvents?: number;
  difference?: number;
  /** Holds the true difference, whenever one looks. */
  interval?: { from: number; to: number };
  z?: number;
  p?: number;
}

export interface ExperimentReport {
  platform: string;
  at: string;
  experiments: ExperimentComparison[];
}

/**
 * @param fewestEvents of both variants together, before which nothing is said of how users are shared out
 * @param recorded what is recorded of an arm; undefined where nothing is
 */
export const experimentReport = (
  platform: string,
  atMs: number,
  planned: readonly PlannedKpi[],
  fewestEvents: number,
  recorded: (of: PlannedKpi, arm: "control" | "treatment") => RecordedArm | undefined,
): ExperimentReport => ({
  platform,
  at: new Date(atMs).toISOString(),
  experiments: planned.map((of) => {
    const [treatment, control] = [recorded(of, "treatment"), recorded(of, "control")];
    if (!treatment && !control) return { ...of, verdict: "no data" };
    const events = { control: control?.events ?? 0, treatment: treatment?.events ?? 0 };
    const split = events.control + events.treatment >= fewestEvents ? splitTest(events, of.share) : undefined;
    const known = { ...of, ...(treatment && { treatment }), ...(control && { control }), ...(split && { split }) };
    if (!isCompared(treatment) || !isCompared(control)) return { ...known, verdict: "not enough events yet" };
    const test = sequentialTest(treatment, control, of);
    const { difference, halfWidth, progress, z, p } = test;
    return {
      ...known,
      ...{ verdict: verdictOf(test, of), difference, z, p },
      interval: { from: difference - halfWidth, to: difference + halfWidth },
      plannedEvents: Math.ceil((treatment.events + control.events) / progress),
    };
  }),
});

const isCompared = (arm: RecordedArm | undefined): arm is Sample => arm?.badShare !== undefined;

function verdictOf({ difference, p, progress }: SequentialComparison, { level }: PlannedKpi): ExperimentVerdict {
  if (p < level) return difference > 0 ? "worse" : "better";
  return progress >= 1 ? "no difference shown" : "not enough events yet";
}

const share = (value: number | undefined): string =>
  value === undefined ? "–" : formatQuantity(ratio(Number(value.toFixed(5))));
const signed = (value: number): string => `${value > 0 ? "+" : ""}${share(value)}`;
const whole = (events: number | undefined): string => (events === undefined ? "–" : `${Math.round(events)}`);

const partOf = ({ split, share: planned }: ExperimentComparison): string => {
  if (!split) return "–";
  const seen = part(split.seen);
  return split.asPlanned ? seen : `**${seen}, not ${part(planned)}**`;
};
const part = (value: number): string => formatQuantity(ratio(Number(value.toFixed(3))));

const notAsPlanned = ({ split, share: planned }: ExperimentComparison): string =>
  [
    `users are not shared out as planned: the treatment has ${part(split?.seen ?? 0)} of the events instead of ${part(planned)}`,
    `(χ² ${split?.chiSquare.toFixed(1)}, p ${probability(split?.p ?? 1)}).`,
    "Find out why first; until then its verdict says nothing.",
  ].join(" ");

const probability = (p: number): string => (p < 0.0001 ? "< 0.0001" : p.toFixed(4));

/** The report as a page of Markdown. */
export function experimentReportMarkdown({ platform, at, experiments }: ExperimentReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const heads = [
    ...["service", "environment", "experiment", "bad events", "control", "treatment", "difference", "interval"],
    ...["p", "level", "events", "planned", "treatment's part", "verdict"],
  ];
  const broken = experiments.filter(({ split }) => split?.asPlanned === false);
  return [
    `# Experiments of ${platform}, ${at.slice(0, 16).replace("T", " ")} UTC`,
    "",
    row(heads),
    row(heads.map(() => "---")),
    ...experiments.map(({ control, treatment, difference, interval, p, ...one }) =>
      row([
        ...[one.service, one.environment, one.experiment, one.kpi],
        ...[share(control?.badShare), share(treatment?.badShare)],
        difference === undefined ? "–" : signed(difference),
        interval ? `${signed(interval.from)} to ${signed(interval.to)}` : "–",
        p === undefined ? "–" : probability(p),
        share(one.level),
        `${whole(control?.events)} / ${whole(treatment?.events)}`,
        whole(one.plannedEvents),
        partOf(one),
        one.verdict === "worse" ? `**${one.verdict}**` : one.verdict,
      ]),
    ),
    "",
    ...broken.flatMap((one) => [`**${one.experiment}** (${one.kpi}, ${one.environment}): ${notAsPlanned(one)}`, ""]),
  ].join("\n");
}
