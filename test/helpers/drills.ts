import type { Drill } from "../../src/drills/drill.ts";
import type { DrillResult } from "../../src/drills/drill-result.ts";
import { runDrills } from "../../src/drills/run-drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import type { Place } from "../../src/model/finding.ts";
import type { Platform } from "../../src/model/platform.ts";
import { rulesOf } from "./shop.ts";

const engine = await loadEngine();

/** Where things would stand in a monitoring.yaml. */
const placeOf = (path: readonly (string | number)[]): Place => ({
  file: "monitoring.yaml",
  line: 41,
  column: path.length,
});

/** Runs drills on the platform's own rules, or on others. */
export const run = (platform: Platform, drills: readonly Drill[], ruleFiles: readonly RuleFile[] = rulesOf(platform)) =>
  runDrills({ platform, ruleFiles, drills, engine, placeOf });

export const notPassed = (results: readonly DrillResult[]): DrillResult[] =>
  results.filter(({ outcome }) => outcome !== "passed");
