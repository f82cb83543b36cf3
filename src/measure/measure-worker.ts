import { workerData } from "node:worker_threads";
import { provocations } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import { lokiClient } from "../loki/loki-client.ts";
import type { Artifact } from "../model/artifact.ts";
import { serveTasks } from "../parallel/serve.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { renderDrilledRules } from "../render/rules.ts";
import { measureService } from "./measure.ts";
import type { Measured } from "./measurement.ts";

/** What a thread needs to know: it reads the configuration by itself. */
export interface MeasureWorkerData {
  config: string;
  /** Where the Loki for drills is; undefined where there is none. */
  lokiAddress: string | undefined;
}

const { config, lokiAddress } = workerData as MeasureWorkerData;
const { platform } = await loadConfig(config);
if (!platform) throw new Error(`${config} is not valid any more: it was changed while services were being measured`);
const engine = await loadEngine();
const asFiles = (artifacts: readonly Artifact[]) => artifacts.map(({ path, text }) => ({ name: path, yaml: text }));
const ruleFiles = asFiles(renderDrilledRules(platform));
const logRuleFiles = asFiles(renderLogRules(platform));
const loki = lokiAddress === undefined ? undefined : lokiClient(lokiAddress);

serveTasks((number: number): Promise<Measured> => {
  const service = platform.services[number];
  if (!service) throw new Error(`there is no service number ${number}: ${config} was changed while it was measured`);
  const logs = loki && { loki, tenant: `measure-${number}`, ruleFiles: logRuleFiles };
  return measureService(service, platform, { engine, ruleFiles, provocations, logs });
});
