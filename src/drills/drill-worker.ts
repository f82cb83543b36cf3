import { workerData } from "node:worker_threads";
import { drillsOf } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import { serveTasks } from "../parallel/serve.ts";
import { renderRules } from "../render/rules.ts";
import type { DrillResult } from "./drill-result.ts";
import { runDrills } from "./run-drills.ts";

/** What a thread needs to know: it reads the configuration by itself, since a world cannot be handed over. */
export interface DrillWorkerData {
  config: string;
}

const { config } = workerData as DrillWorkerData;
const { platform, placeOf } = await loadConfig(config);
if (!platform) throw new Error(`${config} is not valid any more: it was changed while drills were being started`);
const engine = await loadEngine();
const ruleFiles = renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
const drills = drillsOf(platform);

serveTasks((number: number): DrillResult => {
  const [result] = runDrills({ platform, ruleFiles, drills: drills.slice(number, number + 1), engine, placeOf });
  if (!result) throw new Error(`there is no drill number ${number}: the files were changed while drills were run`);
  return result;
});
