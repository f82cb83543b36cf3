import type { DrillFault } from "../drills/check-drill.ts";
import type { Drill } from "../drills/drill.ts";
import { drillTimeline } from "../drills/drill-timeline.ts";
import type { SampleSeries } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { clockMs } from "../worlds/clock.ts";
import type { Timeline } from "../worlds/exposition.ts";
import { countLines, logLines } from "../worlds/log-lines.ts";
import type { World } from "../worlds/world.ts";
import { lineFault } from "./line-limit.ts";
import { type LogQuestion, logRules } from "./log-rules.ts";
import { LogqlError, type LokiClient, type LokiRange, type LokiSeries } from "./loki-client.ts";

/** What a drill on log lines needs besides its world: Loki's answers about its lines, and rules that read them. */
export interface LogAnswers {
  /** The LogQL rules, in their order, for an engine that knows PromQL only. */
  ruleFiles: readonly RuleFile[];
  /** What Loki has against the rules, in its words, or what keeps them from being tried. */
  faults: readonly DrillFault[];
  /** What was asked; the answers are `series` of these names. */
  questions: readonly LogQuestion[];
  series: readonly SampleSeries[];
  /**
   * The values of another expression at the same ticks on the same lines, as series of this name: a rule whose
   * threshold, `for` or texts are changed reads the same series as before, only one that asks for other lines needs it.
   *
   * @throws LogqlError
   */
  ask: (logql: string, series: string) => Promise<SampleSeries[]>;
}

/**
 * Gives the lines of a drill's world to Loki and asks it for what the rules compare, at every tick. The lines stay
 * there for further questions until Loki is stopped. Of more lines than `mostLines` it is told as a fault, and none
 * is given.
 *
 * @param drill one that `needsLoki`
 * @param tenant under which the lines are kept: every drill has one of its own, so that no two meet
 * @param files the LogQL rule files as they are deployed
 */
export async function askLoki(
  loki: LokiClient,
  tenant: string,
  drill: Drill,
  platform: Platform,
  files: readonly RuleFile[],
): Promise<LogAnswers> {
  const timeline = lineTimeline(drill, platform);
  const fault = lineFault(drill, platform, timeline);
  const worlds = fault ? [] : [drill.world];
  const alerts = new Set(drill.expect.map(({ alert }) => alert));
  const answers = await answersAbout(loki, tenant, worlds, { timeline, range: ticks(drill, platform), files, alerts });
  return fault ? { ...answers, faults: [fault] } : answers;
}

/**
 * What Loki says of several worlds at once, each in an environment of its own.
 *
 * @param asked `timeline`: from when to when their lines are given; `range`: when it is asked; `files`: the LogQL rule
 *   files; `alerts`: those whose rules it is asked about, all if left out
 */
export async function answersAbout(
  loki: LokiClient,
  tenant: string,
  worlds: readonly World[],
  asked: { timeline: Timeline; range: LokiRange; files: readonly RuleFile[]; alerts?: ReadonlySet<string> },
): Promise<LogAnswers> {
  const { timeline, range, files, alerts } = asked;
  const { ruleFiles, questions: all } = logRules(files);
  const questions = all.filter(({ alert }) => alerts?.has(alert) ?? true);
  const ask = async (logql: string, series: string) =>
    (await loki.query(tenant, logql, range)).map((one) => sampleSeries(one, series, range));
  for (const world of worlds) await loki.push(tenant, logLines(world, timeline));
  const answers = await Promise.all(
    questions.map(async ({ logql, series: name, file, line }) => {
      try {
        return { series: await ask(logql, name), faults: [] };
      } catch (error) {
        if (!(error instanceof LogqlError)) throw error;
        const problem = `${file}:${line}: ${error.message}`;
        return { series: [], faults: [{ about: "Every rule file must be valid.", problem }] };
      }
    }),
  );
  const [series, faults] = [answers.flatMap((one) => one.series), answers.flatMap((one) => one.faults)];
  return { ruleFiles, questions, faults, series, ask };
}

const ticks = (drill: Drill, platform: Platform): LokiRange => {
  const { startMs, endMs } = drillTimeline(drill, platform);
  return { startMs, endMs, stepMs: platform.intervals.evaluation.value * 1000 };
};

/** How many lines Loki is given for a drill, give or take the parts of lines. */
export const linesOfDrill = (drill: Drill, platform: Platform): number =>
  countLines(drill.world, lineTimeline(drill, platform));

/** From as far before the first tick as any signal of the drill looks back, and from where its history begins. */
function lineTimeline(drill: Drill, platform: Platform) {
  const { samplesFromMs, startMs, endMs } = drillTimeline(drill, platform);
  const named = new Set(drill.expect.map(({ alert }) => alert));
  const reaches = platform.packs
    .flatMap(({ alerts }) => alerts)
    .filter(({ name }) => named.has(name))
    .map(({ signal }) => (isLogSignal(signal) ? (signal.reach?.value ?? 0) : 0));
  const history =
    drill.since === undefined ? [] : drill.world.all.flatMap(({ events }) => events.map(({ from }) => from));
  const begins = history.map((from) => clockMs(from ?? "")).filter((ms) => ms !== undefined);
  return { startMs: Math.min(samplesFromMs, startMs - 1000 * Math.max(0, ...reaches), ...begins), endMs };
}

/** Where Loki has no value at a tick the series has ended: the last value must not stand in for it. */
function sampleSeries(
  { labels, timestampsMs, values }: LokiSeries,
  name: string,
  { endMs, stepMs }: LokiRange,
): SampleSeries {
  const present = new Set(timestampsMs);
  const ends = timestampsMs.map((ms) => ms + stepMs).filter((ms) => ms <= endMs && !present.has(ms));
  return {
    labels: { ...labels, __name__: name },
    timestampsMs: Float64Array.from(timestampsMs),
    values: Float64Array.from(values),
    staleAtMs: Float64Array.from(ends),
  };
}
