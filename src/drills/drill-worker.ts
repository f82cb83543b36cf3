import { workerData } from "node:worker_threads";
import { drillsOf } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import { askLoki } from "../loki/log-answers.ts";
import { lokiClient } from "../loki/loki-client.ts";
import type { Artifact } from "../model/artifact.ts";
import { serveTasks } from "../parallel/serve.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { renderDrilledRules } from "../render/rules.ts";
import { needsLoki } from "./drill-request.ts";
import type { DrillResult } from "./drill-result.ts";
import { drillRunner } from "./run-drills.ts";

/** What a thread needs to know: it reads the configuration by itself, since a world cannot be handed over. */
export interface DrillWorkerData {
  config: string;
  /** Where the Loki for drills is; undefined where there is none. */
  lokiAddress: string | undefined;
}

const { config, lokiAddress } = workerData as DrillWorkerData;
const { platform, placeOf } = await loadConfig(config);
if (!platform) throw new Error(`${config} is not valid any more: it was changed while drills were being started`);
const engine = await loadEngine();
const asFiles = (artifacts: readonly Artifact[]) => artifacts.map(({ path, text }) => ({ name: path, yaml: text }));
const ruleFiles = asFiles(renderDrilledRules(platform));
const logRuleFiles = asFiles(renderLogRules(platform));
const drills = drillsOf(platform);
const loki = lokiAddress === undefined ? undefined : lokiClient(lokiAddress);
const run = drillRunner({ platform, ruleFiles, logRuleFiles, engine, placeOf });

serveTasks(async (number: number): Promise<DrillResult> => {
  const drill = drills[number];
  if (!drill) throw new Error(`there is no drill number ${number}: the files were changed while drills were run`);
  const asked = loki && needsLoki(drill, platform) ? loki : undefined;
  return run(drill, asked && (await askLoki(asked, `drill-${number}`, drill, platform, logRuleFiles)));
});
