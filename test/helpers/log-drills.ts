import { afterAll, type TestContext } from "vitest";
import type { Drill } from "../../src/drills/drill.ts";
import type { DrillResult } from "../../src/drills/drill-result.ts";
import { runDrills } from "../../src/drills/run-drills.ts";
import { loadEngine } from "../../src/engine/engine.ts";
import type { RuleFile } from "../../src/engine/rules.ts";
import { type DrillLoki, startDrillLoki } from "../../src/loki/drill-loki.ts";
import { askLoki, type LogAnswers } from "../../src/loki/log-answers.ts";
import { lokiClient } from "../../src/loki/loki-client.ts";
import type { Platform } from "../../src/model/platform.ts";
import { renderLogRules } from "../../src/render/log-rules.ts";
import { realTool } from "../real-tools.ts";
import { rulesOf, shop } from "./shop.ts";

let starting: Promise<DrillLoki | undefined> | undefined;
let tenants = 0;
afterAll(async () => (await starting)?.stop());

/** One Loki for all tests of a file, ended after them; where it is absent, the test is reported as not run. */
export async function drillLoki(context: Pick<TestContext, "skip">): Promise<DrillLoki> {
  realTool("loki", context);
  starting ??= startDrillLoki(shop());
  const loki = await starting;
  if (!loki) throw new Error("loki was there a moment ago");
  return loki;
}

export const logRulesOf = (platform: Platform): RuleFile[] =>
  renderLogRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));

/** Runs drills on what Loki says, each under a tenant that nobody had before. */
export async function runWithLoki(
  { address }: DrillLoki,
  platform: Platform,
  drills: readonly Drill[],
  logRuleFiles: readonly RuleFile[] = logRulesOf(platform),
): Promise<DrillResult[]> {
  const logs = new Map<Drill, LogAnswers>();
  for (const drill of drills) {
    tenants += 1;
    logs.set(drill, await askLoki(lokiClient(address), `test-${tenants}`, drill, platform, logRuleFiles));
  }
  const engine = await loadEngine();
  return runDrills({ platform, ruleFiles: rulesOf(platform), logRuleFiles, drills, engine, logs });
}
