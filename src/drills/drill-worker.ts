import { parentPort, workerData } from "node:worker_threads";
import { drillsOf } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import { renderRules } from "../render/rules.ts";
import { runDrills } from "./run-drills.ts";

/** One thread's share of a platform's drills: every `of`-th, beginning with number `part`. */
export interface DrillShare {
  config: string;
  part: number;
  of: number;
}

const { config, part, of }: DrillShare = workerData;
const { platform, placeOf } = await loadConfig(config);
const engine = await loadEngine();
if (platform) {
  const ruleFiles = renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const drills = drillsOf(platform);
  for (let number = part; number < drills.length; number += of) {
    const [result] = runDrills({ platform, ruleFiles, drills: drills.slice(number, number + 1), engine, placeOf });
    parentPort?.postMessage({ number, result });
  }
}
