import { workerData } from "node:worker_threads";
import { provocations } from "../../alert-rules/drills.ts";
import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import type { RuleFile } from "../engine/rules.ts";
import { lokiClient } from "../loki/loki-client.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Platform } from "../model/platform.ts";
import { serveTasks } from "../parallel/serve.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { renderDrilledRules } from "../render/rules.ts";
import type { MeasureTask } from "./measure-platform.ts";
import { measureVariants } from "./measure-variants.ts";
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
const loki = lokiAddress === undefined ? undefined : lokiClient(lokiAddress);

/** Most services have those of the platform: they are rendered once. */
const rendered = new WeakMap<Platform, { metrics: RuleFile[]; logs: RuleFile[] }>();

function rulesOf(of: Platform) {
  const rules = rendered.get(of) ?? { metrics: asFiles(renderDrilledRules(of)), logs: asFiles(renderLogRules(of)) };
  rendered.set(of, rules);
  return rules;
}

serveTasks(({ number, pack, alerts }: MeasureTask): Promise<Measured> => {
  const service = platform.services[number];
  if (!service) throw new Error(`there is no service number ${number}: ${config} was changed while it was measured`);
  let tenants = 0;
  return measureVariants(service, platform, {
    engine,
    provocations,
    isAsked: (alert) => alerts.includes(alert),
    rulesOf: (of) => rulesOf(of).metrics,
    logsOf: (of) => loki && { loki, tenant: `measure-${number}-${pack}-${tenants++}`, ruleFiles: rulesOf(of).logs },
  });
});
