import type { Engine } from "../src/engine/engine.ts";
import type { SampleSeries } from "../src/engine/evaluation.ts";
import type { Platform } from "../src/model/platform.ts";
import { renderRules } from "../src/render/rules.ts";
import { ruleQueries } from "../src/review/rule-queries.ts";
import { clockMs } from "../src/worlds/clock.ts";
import { expose } from "../src/worlds/exposition.ts";
import { healthy } from "../src/worlds/world.ts";

export interface RuleCost {
  series: string;
  /** Of one evaluation, on one thread. */
  milliseconds: number;
}

/** Evaluations by which each rule is timed: what loading its samples takes is taken off. */
const looks = 20;

/** What one evaluation of each recording rule takes on a healthy platform, the heaviest first. */
export function recordingRuleCosts(platform: Platform, engine: Engine): RuleCost[] {
  const [startMs, endMs] = [clockMs("12:00") ?? 0, clockMs("12:20") ?? 0];
  const { scrape, evaluation } = platform.intervals;
  const stepMs = evaluation.value * 1000;
  const ruleFiles = renderRules(platform).map(({ path, text }) => ({ name: path, yaml: text }));
  const rules = ruleQueries(ruleFiles, engine).filter(({ kind }) => kind === "record");
  const scraped = platform.services.flatMap((service) => expose(healthy(service), { startMs, endMs }, scrape.value));
  const asked = { startMs, endMs, evaluationIntervalMs: stepMs };
  const recorded = engine
    .evaluate({
      ...asked,
      ruleFiles,
      series: scraped,
      queries: rules.map(({ name }) => ({ id: name, expr: name, startMs, endMs, stepMs })),
    })
    .queries.flatMap(({ id, series }) =>
      series.map(
        ({ labels, timestampsMs, values }): SampleSeries => ({
          labels: { ...labels, __name__: id },
          timestampsMs: Float64Array.from(timestampsMs),
          values: Float64Array.from(values),
        }),
      ),
    );
  const series = [...scraped, ...recorded];
  const timed = (expr: string, read: SampleSeries[]): number => {
    const began = performance.now();
    const queries = [{ id: "", expr, startMs: endMs - (looks - 1) * stepMs, endMs, stepMs }];
    engine.evaluate({ ...asked, ruleFiles: [], series: read, queries });
    return performance.now() - began;
  };
  const least = (expr: string, read: SampleSeries[]) => Math.min(timed(expr, read), timed(expr, read));
  // Only the series of which the rule speaks are loaded: loading all of them for every rule takes longer than the rest.
  const cost = (expr: string): number => {
    const isRead = ({ labels }: SampleSeries) => expr.includes("__name__") || expr.includes(labels.__name__ ?? "");
    const read = series.filter(isRead);
    return Math.max(0, least(expr, read) - least("vector(1)", read)) / looks;
  };
  return rules
    .map(({ name, expr }) => ({ series: name, milliseconds: cost(expr) }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
