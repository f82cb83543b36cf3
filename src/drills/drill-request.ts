import type { EvaluateRequest } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { LogAnswers } from "../loki/log-answers.ts";
import { isLogSignal, type Signal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { expose } from "../worlds/exposition.ts";
import type { Drill } from "./drill.ts";
import { drillTimeline } from "./drill-timeline.ts";

/** Whether a drill speaks of an alert on log lines: only Loki can tell what becomes of it. */
export const needsLoki = (drill: Drill, platform: Platform): boolean => signalsOf(drill, platform).some(isLogSignal);

/** What the alerts compare that a drill speaks of. */
function signalsOf({ expect }: Drill, { packs }: Platform): Signal[] {
  const named = new Set(expect.map(({ alert }) => alert));
  const alerts = packs.flatMap((pack) => pack.alerts).filter(({ name }) => named.has(name));
  return alerts.map(({ signal }) => signal);
}

/**
 * The evaluation of a drill: its world's series and Loki's answers about it, the rules, from when to when. Where it
 * speaks of logs alone, what Prometheus would see of its world is left out.
 */
export function drillRequest(
  drill: Drill,
  platform: Platform,
  ruleFiles: readonly RuleFile[],
  logs?: Pick<LogAnswers, "ruleFiles" | "series">,
): EvaluateRequest {
  const { samplesFromMs, startMs, endMs } = drillTimeline(drill, platform);
  const { ruleFiles: logRuleFiles = [], series: logSeries = [] } = logs ?? {};
  const common = { startMs, endMs, evaluationIntervalMs: platform.intervals.evaluation.value * 1000 };
  if (logs && signalsOf(drill, platform).every(isLogSignal)) {
    return { ...common, ruleFiles: [...logRuleFiles], series: [...logSeries] };
  }
  const exposed = expose(drill.world, { startMs: samplesFromMs, endMs });
  return {
    ...common,
    // Those on logs first, so that their numbers do not depend on how many others there are.
    ruleFiles: [...logRuleFiles, ...ruleFiles],
    series: [...exposed, ...logSeries],
  };
}
