import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import type { Mutant } from "../engine/rules.ts";
import { lokiClient } from "../loki/loki-client.ts";
import { renderLogRules } from "../render/log-rules.ts";
import { drillSuite } from "./drill-suite.ts";
import { joinedSuite } from "./joined-suite.ts";
import { logSuite } from "./log-suite.ts";
import { promtoolSuite } from "./promtool-suite.ts";
import type { Suite } from "./suite.ts";

/** Where a suite comes from: what every thread needs to open it. */
export type SuiteSource =
  | {
      config: string;
      /** Where the Loki for drills is. @default - there is none: faults of LogQL rules are not tried */
      lokiAddress?: string;
    }
  | { promtool: readonly string[] };

/**
 * @param mutants those of the suite. @default - made from its rules
 * @throws when the configuration is not valid
 */
export async function openSuite(source: SuiteSource, mutants?: readonly Mutant[]): Promise<Suite> {
  if ("promtool" in source) return promtoolSuite(source.promtool, await loadEngine(), mutants);
  const { config, lokiAddress } = source;
  const [{ platform }, engine] = await Promise.all([loadConfig(config), loadEngine()]);
  if (!platform) throw new Error(`${config} is not valid: firedrill check says why`);
  const logFiles = new Set(renderLogRules(platform).map(({ path }) => path));
  const onMetrics = mutants?.filter(({ file }) => !logFiles.has(file));
  const onLogs = mutants?.filter(({ file }) => logFiles.has(file));
  const loki = lokiAddress === undefined ? undefined : lokiClient(lokiAddress);
  return joinedSuite(drillSuite(platform, engine, onMetrics), await logSuite(platform, engine, loki, onLogs));
}
