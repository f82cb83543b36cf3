import { loadConfig } from "../src/config/load.ts";
import type { Measurement } from "../src/measure/measure.ts";
import { measurementEntry, measurementLines, measurePlatform } from "../src/measure/measure-platform.ts";
import { measuredFindings } from "../src/measure/measured-findings.ts";
import { isLogSignal } from "../src/model/pack.ts";
import type { Platform } from "../src/model/platform.ts";
import { selectByName } from "../src/review/selection.ts";
import { counted, startProgress } from "../src/review/terminal.ts";
import { type CommandOptions, type ExitCode, printFindings, writeReports } from "./shared.ts";

/** `firedrill measure`: at which value every alert really fires, and how soon, against what is promised. */
export async function run({ config, report, limit, only }: CommandOptions): Promise<ExitCode> {
  const { platform, findings, placeOf } = await loadConfig(config);
  if (!platform) {
    printFindings(findings);
    console.log("Nothing was measured.");
    return 1;
  }
  const { selected, complaint } = selectByName([...platform.services.keys()], only, "service", (number) => [
    platform.services[number]?.name ?? "",
  ]);
  if (complaint !== undefined) {
    console.error(complaint);
    return 2;
  }
  const progress = startProgress();
  progress.step("measuring every alert");
  const measurements = await measurePlatform(config, platform, {
    numbers: selected,
    limitMs: limit.value * 1000,
    onProgress: (done) => progress.step("measuring every alert", done, selected.length),
  });
  progress.done();

  for (const line of measurementLines(measurements)) console.log(line);
  for (const name of logAlerts(platform))
    console.log(`not measured: ${name}: its rules are LogQL, which is drilled only`);
  const found = measurements.map((one) => measuredFindings([one], platform, placeOf)[0]);
  const deviations = found.filter((one) => one !== undefined);
  if (deviations.length > 0) {
    console.log();
    printFindings(deviations);
  }
  console.log(`\n${counted(measurements.length, "threshold")} measured, ${deviations.length} not as promised.`);
  await writeReports(report, {
    command: "measure",
    entries: measurements.map((one, index) => measurementEntry(one, found[index], packOf(one, platform))),
  });
  return deviations.length === 0 ? 0 : 1;
}

const logAlerts = ({ packs }: Platform): string[] =>
  packs.flatMap(({ alerts }) => alerts.filter(({ signal }) => isLogSignal(signal)).map(({ name }) => name));

const packOf = ({ alert }: Measurement, { packs }: Platform): string =>
  packs.find(({ alerts }) => alerts.some(({ name }) => name === alert))?.name ?? "";
