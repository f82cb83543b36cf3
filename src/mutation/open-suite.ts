import { loadConfig } from "../config/load.ts";
import { loadEngine, type Mutant } from "../engine/engine.ts";
import { drillSuite } from "./drill-suite.ts";
import type { Suite } from "./suite.ts";

/** Where a suite comes from: what every thread needs to open it. */
export interface SuiteSource {
  config: string;
}

/**
 * @param mutants those of the suite. @default - made from its rules
 * @throws when the configuration is not valid
 */
export async function openSuite({ config }: SuiteSource, mutants?: readonly Mutant[]): Promise<Suite> {
  const [{ platform }, engine] = await Promise.all([loadConfig(config), loadEngine()]);
  if (!platform) throw new Error(`${config} is not valid: firedrill check says why`);
  return drillSuite(platform, engine, mutants);
}
