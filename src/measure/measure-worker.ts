import { workerData } from "node:worker_threads";
import { provocations } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import { serveTasks } from "../parallel/serve.ts";
import { renderRules } from "../render/rules.ts";
import { type Measurement, measureService } from "./measure.ts";

/** What a thread needs to know: it reads the configuration by itself. */
export interface MeasureWorkerData {
  config: string;
}

const { config } = workerData as MeasureWorkerData;
const { platform } = await loadConfig(config);
if (!platform) throw new Error(`${config} is not valid any more: it was changed while services were being measured`);
const engine = await loadEngine();
const ruleFiles = renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));

serveTasks((number: number): Measurement[] => {
  const service = platform.services[number];
  if (!service) throw new Error(`there is no service number ${number}: ${config} was changed while it was measured`);
  return measureService(service, platform, { engine, ruleFiles, provocations });
});
