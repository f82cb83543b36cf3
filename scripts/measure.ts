import { loadConfig } from "../src/config/load.ts";
import {
  measurementEntry,
  measurementLines,
  measurePlatform,
  measureTasks,
  unmeasuredEntry,
  unmeasuredLines,
} from "../src/measure/measure-platform.ts";
import { measuredFindings } from "../src/measure/measured-findings.ts";
import type { Measurement } from "../src/measure/measurement.ts";
import type { Platform } from "../src/model/platform.ts";
import { countOutcomes } from "../src/review/report.ts";
import { selectByName } from "../src/review/selection.ts";
import { counted, startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, complain, type ExitCode, printFindings, say, writeReports } from "./shared.ts";

/** `firedrill measure`: at which value every alert really fires, and how soon, against what is promised. */
export async function run({ config, report, limit, only, allowNotRun }: CommandOptions): Promise<ExitCode> {
  const { platform, findings, placeOf } = await loadConfig(config);
  if (!platform) {
    printFindings(findings);
    say("Nothing was measured.");
    return 1;
  }
  const all = measureTasks(platform);
  const alerts = all.flatMap((task) => task.alerts.map((alert) => ({ task, alert })));
  const { selected, complaint } = selectByName(alerts, only, "alert", ({ task, alert }) => [
    alert,
    platform.services[task.number]?.name ?? "",
  ]);
  if (complaint !== undefined) {
    complain(complaint);
    return 2;
  }
  const tasks = all.flatMap((task) => {
    const asked = selected.filter((one) => one.task === task).map(({ alert }) => alert);
    return asked.length > 0 ? [{ ...task, alerts: asked }] : [];
  });
  const progress = startProgress();
  progress.step("measuring every alert");
  const { measurements, unmeasured } = await measurePlatform(config, platform, {
    tasks,
    limitMs: limit.value * 1000,
    onProgress: (done) => progress.step("measuring every alert", done, tasks.length),
  });
  progress.done();

  for (const line of measurementLines(measurements)) say(line);
  const notMeasured = unmeasuredLines(unmeasured, placeOf);
  if (notMeasured.length > 0) say(`\n${notMeasured.join("\n")}`);
  const found = measurements.map((one) => measuredFindings([one], platform, placeOf)[0]);
  const deviations = found.filter((one) => one !== undefined);
  if (deviations.length > 0) {
    say();
    printFindings(deviations);
  }
  const missing = unmeasured.map((one) => unmeasuredEntry(one, packOf(one, platform), placeOf));
  const outcomes = countOutcomes(missing);
  const parts = [
    `${counted(measurements.length, "threshold")} measured, ${deviations.length} not as promised`,
    ...(outcomes.error > 0 ? [`${outcomes.error} not measured`] : []),
    ...(outcomes["not-run"] > 0 ? [`${outcomes["not-run"]} not run`] : []),
  ];
  say(`\n${parts.join(", ")}.`);
  await writeReports(report, {
    command: "measure",
    entries: [
      ...measurements.map((one, index) => measurementEntry(one, found[index], packOf(one, platform))),
      ...missing,
    ],
  });
  if (deviations.length + outcomes.error > 0) return 1;
  return outcomes["not-run"] > 0 && !allowNotRun ? 3 : 0;
}

const packOf = ({ alert }: Pick<Measurement, "alert">, { packs }: Platform): string =>
  packs.find(({ alerts }) => alerts.some(({ name }) => name === alert))?.name ?? "";
