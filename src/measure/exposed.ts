import type { EvaluateRequest } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import { answersAbout } from "../loki/log-answers.ts";
import type { LokiClient } from "../loki/loki-client.ts";
import type { Platform } from "../model/platform.ts";
import { expose } from "../worlds/exposition.ts";
import type { World } from "../worlds/world.ts";

/** When rules are looked at, and since when there is something to look at. */
export interface LookTimeline {
  samplesFromMs: number;
  startMs: number;
  endMs: number;
}

/** Worlds as rules see them: series, and the rules that read them. */
export type Exposed = (
  worlds: readonly World[],
  timeline: LookTimeline,
) => Promise<Pick<EvaluateRequest, "ruleFiles" | "series">>;

/** As Prometheus scrapes them. */
export const scrapedFrom =
  (ruleFiles: readonly RuleFile[]): Exposed =>
  async (worlds, { samplesFromMs, endMs }) => ({
    ruleFiles: [...ruleFiles],
    series: worlds.flatMap((world) => expose(world, { startMs: samplesFromMs, endMs })),
  });

/** A real Loki, the beginning of the tenants under which it is given lines, and the rules on them. */
export interface LogBench {
  loki: LokiClient;
  tenant: string;
  ruleFiles: readonly RuleFile[];
}

/** As Loki answers about their lines. */
export function loggedTo({ loki, tenant, ruleFiles }: LogBench, { intervals }: Platform): Exposed {
  let times = 0;
  return async (worlds, { samplesFromMs, startMs, endMs }) => {
    times += 1;
    const lines = { startMs: samplesFromMs, endMs };
    const range = { startMs, endMs, stepMs: intervals.evaluation.value * 1000 };
    const answers = await answersAbout(loki, `${tenant}-${times}`, worlds, {
      timeline: lines,
      range,
      files: ruleFiles,
    });
    const [fault] = answers.faults;
    if (fault) throw new Error(fault.problem);
    return { ruleFiles: [...answers.ruleFiles], series: [...answers.series] };
  };
}
