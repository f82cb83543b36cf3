import { loadConfig } from "../config/load.ts";
import { loadEngine } from "../engine/engine.ts";
import type { Mutant } from "../engine/rules.ts";
import { drillSuite } from "./drill-suite.ts";
import { promtoolSuite } from "./promtool-suite.ts";
import type { Suite } from "./suite.ts";

/** Where a suite comes from: what every thread needs to open it. */
export type SuiteSource = { config: string } | { promtool: readonly string[] };

/**
 * @param mutants those of the suite. @default - made from its rules
 * @throws when the configuration is not valid
 */
export async function openSuite(source: SuiteSource, mutants?: readonly Mutant[]): Promise<Suite> {
  if ("promtool" in source) return promtoolSuite(source.promtool, await loadEngine(), mutants);
  const { config } = source;
  const [{ platform }, engine] = await Promise.all([loadConfig(config), loadEngine()]);
  if (!platform) throw new Error(`${config} is not valid: firedrill check says why`);
  return drillSuite(platform, engine, mutants);
}
