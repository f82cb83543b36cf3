import { drillsOf } from "../alert-rules/drills.ts";
import type { DrillResult } from "./drill-result.ts";
import { loadEngine } from "./engine.ts";
import { explainDrill } from "./explain-drill.ts";
import type { Place } from "./finding.ts";
import type { Platform } from "./platform.ts";
import type { ReportEntry } from "./report.ts";
import { renderRules } from "./rules.ts";
import { runDrills } from "./run-drills.ts";

/** Runs every drill that the packs have for the platform's services, on the rules that would be deployed. */
export async function drillPlatform(
  platform: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
): Promise<DrillResult[]> {
  const engine = await loadEngine();
  const ruleFiles = renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  return runDrills({ platform, ruleFiles, drills: drillsOf(platform), engine, placeOf });
}

/** A drill's result as a report has it. */
export function drillEntry(result: DrillResult): ReportEntry {
  const { pack, service, name, outcome, place, failures } = result;
  const [first] = failures;
  return {
    kind: "drill",
    name: `${pack} › ${service} › ${name}`,
    outcome,
    place,
    ...(first && { message: `${first.expected} ${first.happened}`, details: explainDrill(result) }),
  };
}
