import colors from "picocolors";
import { drillTitle } from "../drills/explain-drill.ts";
import { startDrillLoki } from "../loki/drill-loki.ts";
import { severities } from "../model/conventions.ts";
import { type Finding, type Place, placeText } from "../model/finding.ts";
import { isLogSignal } from "../model/pack.ts";
import type { AlertPromise, Platform, Service } from "../model/platform.ts";
import { allPromises } from "../model/promises.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import { runInPool, type TaskOutcome, tooLong } from "../parallel/pool.ts";
import type { ReportEntry } from "../review/report.ts";
import { counted } from "../review/terminal.ts";
import { measurableTolerance } from "../worlds/measurable.ts";
import type { MeasureWorkerData } from "./measure-worker.ts";
import { detectionText, percentText, quantity } from "./measured-findings.ts";
import type { Measured, Measurement, Unmeasured } from "./measurement.ts";

/** What a thread measures at a time: alerts of one pack of a service, so that a slow pack costs no other its verdict. */
export interface MeasureTask {
  /** The service, by its place in the platform. */
  number: number;
  pack: string;
  /** By name, in the order of the service's promises. */
  alerts: readonly string[];
}

/** All that there is to measure, in the order of services and packs. */
export const measureTasks = ({ services }: Platform): MeasureTask[] =>
  services.flatMap((service, number) => {
    const alerts = promisesOf(service).map(({ alert }) => alert);
    return [...new Set(alerts.map(({ pack }) => pack))].map((pack) => ({
      number,
      pack,
      alerts: [...new Set(alerts.filter((one) => one.pack === pack).map(({ name }) => name))],
    }));
  });

/**
 * Measures every level of some alerts, a task on each core at a time; those on log lines with a Loki of its own, where
 * there is one.
 *
 * @param config the file that the platform was read from
 */
export async function measurePlatform(
  config: string,
  platform: Platform,
  {
    tasks,
    limitMs,
    onProgress,
  }: { tasks: readonly MeasureTask[]; limitMs: number; onProgress?: (done: number) => void },
): Promise<Measured> {
  const asksLoki = tasks
    .flatMap((task) => promisesAsked(task, platform))
    .some(({ alert }) => isLogSignal(alert.signal));
  const loki = asksLoki ? await startDrillLoki(platform) : undefined;
  try {
    const workerData: MeasureWorkerData = { config, lokiAddress: loki?.address };
    let done = 0;
    const outcomes = await runInPool<MeasureTask, Measured>({
      worker: new URL("./measure-worker.mjs", import.meta.url),
      workerData,
      tasks,
      limitMs,
      onResult: () => onProgress?.(++done),
    });
    const measured = outcomes.map((outcome, index) => {
      if (outcome.outcome === "done") return outcome.result;
      const task = tasks[index];
      return { measurements: [], unmeasured: task ? brokenOff(task, platform, outcome) : [] };
    });
    return {
      measurements: measured.flatMap(({ measurements }) => measurements),
      unmeasured: measured.flatMap(({ unmeasured }) => unmeasured),
    };
  } finally {
    await loki?.stop();
  }
}

/** All levels of a task whose thread gave nothing. */
function brokenOff(
  task: MeasureTask,
  platform: Platform,
  outcome: Exclude<TaskOutcome<Measured>, { outcome: "done" }>,
): Unmeasured[] {
  const { what, fix } =
    outcome.outcome === "too-long"
      ? tooLong(outcome.limitMs)
      : { what: outcome.message, fix: "`npx firedrill check` says what is wrong with its rules" };
  const service = platform.services[task.number];
  return promisesAsked(task, platform).flatMap(({ alert, levels, service: there }) =>
    severities
      .filter((severity) => levels[severity] !== undefined)
      .map((severity): Unmeasured => {
        const which = { service: there.name, alert: alert.name, severity };
        const environment = service?.variants && there.environments.join(", ");
        const where = environment === undefined ? {} : { environment };
        return {
          ...which,
          ...where,
          outcome: "error",
          reason: `Nothing is known of it, nor of what was measured with it: ${what}.`,
          fix,
        };
      }),
  );
}

const promisesAsked = ({ number, alerts }: MeasureTask, { services }: Platform): AlertPromise[] =>
  promisesOf(services[number]).filter(({ alert }) => alerts.includes(alert.name));

const promisesOf = (service: Service | undefined): AlertPromise[] => (service ? allPromises(service) : []);

/** `orders-api`, or `orders-api in staging` where not every environment promises the same. */
const subjectOf = ({ service, environment }: Pick<Measurement, "service" | "environment">): string =>
  environment === undefined ? service : `${service} in ${environment}`;

const headings = ["", "promised", "fires", "off by", "just beyond", "well beyond"];

/** A table for each service: what each level promises, at which value it fires, and how soon it tells of trouble. */
export function measurementLines(measurements: readonly Measurement[]): string[] {
  const services = [...new Set(measurements.map(subjectOf))];
  const rows = measurements.map((measured) => ({ measured, cells: cellsOf(measured) }));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd();
  return services.flatMap((service, index) => [
    ...(index === 0 ? [] : [""]),
    `${colors.bold(service)}`,
    colors.dim(line(headings)),
    ...rows.filter(({ measured }) => subjectOf(measured) === service).map(({ cells }) => line(cells)),
  ]);
}

function cellsOf(measured: Measurement): string[] {
  const { alert, severity, direction, declared, holdSeconds, firesAt, deviation, tolerance, detections } = measured;
  const [near, far] = detections.map(({ value, seconds: took }) => {
    const told = took === undefined ? "never" : formatDuration(seconds(took));
    return `${quantity(measured, value)}: ${told}`;
  });
  // Where it can be told no finer, the reader should know before wondering.
  const coarse = tolerance > measurableTolerance ? ` (told to ${percentText(tolerance, "±")})` : "";
  return [
    `${alert} ${severity}`,
    `${direction} ${quantity(measured, declared)} for ${formatDuration(seconds(holdSeconds))}`,
    firesAt === undefined ? "never" : `at ${quantity(measured, firesAt)}`,
    deviation === undefined ? "–" : `${percentText(deviation)}${coarse}`,
    near ?? "–",
    far ?? "–",
  ];
}

/** What was not measured, by name, each reason with its way out once; nothing where there is nothing. */
export function unmeasuredLines(unmeasured: readonly Unmeasured[], placeOf: PlaceOf): string[] {
  const reasons = [...new Set(unmeasured.map(({ reason }) => reason))];
  return reasons.flatMap((reason) => {
    const some = unmeasured.filter((one) => one.reason === reason);
    const [{ outcome, fix } = { outcome: "not-run", fix: "" }] = some;
    const isNotRun = outcome === "not-run";
    return [
      `${counted(some.length, "threshold")} not ${isNotRun ? "run" : "measured"}. ${reason}`,
      ...some.map((one) => {
        const { alert, severity, path } = one;
        const place = path ? `   ${placeText(placeOf(path))}` : "";
        return `  ${isNotRun ? colors.yellow("–") : colors.red("‼")} ${subjectOf(one)} › ${alert} ${severity}${place}`;
      }),
      `→ ${fix}${isNotRun ? "; or say `--allow-not-run` to do without" : ""}`,
    ];
  });
}

type PlaceOf = (path: readonly (string | number)[]) => Place;

/** What was not measured as a report has it. */
export function unmeasuredEntry(
  { outcome, reason, fix, path, ...which }: Unmeasured,
  pack: string,
  placeOf: PlaceOf,
): ReportEntry {
  return {
    kind: "measurement",
    name: drillTitle({ pack, service: subjectOf(which), name: `${which.alert} ${which.severity}` }),
    outcome,
    ...(path && { place: placeOf(path) }),
    message: reason,
    details: `→ ${fix}`,
    data: which,
  };
}

/** A measurement as a report has it; it failed when there is a finding about it. */
export function measurementEntry(measured: Measurement, finding: Finding | undefined, pack: string): ReportEntry {
  const { alert, severity } = measured;
  return {
    kind: "measurement",
    name: drillTitle({ pack, service: subjectOf(measured), name: `${alert} ${severity}` }),
    outcome: finding ? "failed" : "passed",
    ...(finding?.place && { place: finding.place }),
    message: finding?.summary ?? measured.detections.map((one) => detectionText(measured, one)).join("; "),
    ...(finding && { details: [finding.detail, finding.fix && `→ ${finding.fix}`].filter(Boolean).join("\n") }),
    data: { ...measured },
  };
}
