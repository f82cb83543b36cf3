import { type SequentialComparison, sequentialTest } from "../derived/sequential-test.ts";
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
}

/** What is recorded of a variant: `badShare` is missing while there are too few events. */
export type RecordedArm = Pick<Sample, "events"> & Partial<Sample>;

/** How the treatment of an experiment compares with the control, by one KPI. */
export interface ExperimentComparison extends PlannedKpi {
  verdict: ExperimentVerdict;
  treatment?: RecordedArm;
  control?: RecordedArm;
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

/** @param recorded what is recorded of an arm; undefined where nothing is */
export const experimentReport = (
  platform: string,
  atMs: number,
  planned: readonly PlannedKpi[],
  recorded: (of: PlannedKpi, arm: "control" | "treatment") => RecordedArm | undefined,
): ExperimentReport => ({
  platform,
  at: new Date(atMs).toISOString(),
  experiments: planned.map((of) => {
    const [treatment, control] = [recorded(of, "treatment"), recorded(of, "control")];
    if (!treatment && !control) return { ...of, verdict: "no data" };
    const known = { ...of, ...(treatment && { treatment }), ...(control && { control }) };
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

/** The report as a page of Markdown. */
export function experimentReportMarkdown({ platform, at, experiments }: ExperimentReport): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const heads = [
    ...["service", "environment", "experiment", "bad events", "control", "treatment", "difference", "interval"],
    ...["p", "level", "events", "planned", "verdict"],
  ];
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
        p === undefined ? "–" : p < 0.0001 ? "< 0.0001" : p.toFixed(4),
        share(one.level),
        `${whole(control?.events)} / ${whole(treatment?.events)}`,
        whole(one.plannedEvents),
        one.verdict === "worse" ? `**${one.verdict}**` : one.verdict,
      ]),
    ),
    "",
  ].join("\n");
}
