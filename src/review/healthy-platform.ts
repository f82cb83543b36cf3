import type { Engine } from "../engine/engine.ts";
import type { QueryResult, SampleSeries } from "../engine/evaluation.ts";
import { rulesRecording } from "../engine/needed-rules.ts";
import type { RuleFile } from "../engine/rules.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { variantsOf } from "../model/promises.ts";
import { clockMs, clockText } from "../worlds/clock.ts";
import { expose } from "../worlds/exposition.ts";
import { healthy, type World } from "../worlds/world.ts";

/** What queries give on a platform on which all is well. */
export interface HealthyPlatform {
  /** Asks everything at once, at one instant; each answer has the labels of every series that has a number. */
  ask(exprs: readonly string[]): Map<string, Record<string, string>[]>;
}

/** How long everything has been well when it is asked, after the longest window is full. */
const settledMs = 10 * 60_000;

/**
 * For so long before that rules are evaluated: as long as rates look back. Longer windows are full of samples, and hours of
 * rules, where some learn from weeks at every tick, are what would take minutes.
 */
const evaluatedMs = 5 * 60_000;

/**
 * Services as they are on a good day, in each of their environments, with the platform's rules evaluated on them.
 */
export function healthyPlatform(
  { intervals, packs, services }: Platform,
  ruleFiles: readonly RuleFile[],
  engine: Pick<Engine, "evaluate">,
): HealthyPlatform {
  const startMs = clockMs("12:00") ?? 0;
  const endMs = startMs + evaluatedMs + settledMs;
  // A release that is as good as the one before is a part of a good day; without one there is nothing to compare.
  const released = clockText(endMs - settledMs / 2);
  const worlds = services.flatMap((service) =>
    service.environments.map((name) => {
      const world = trying(healthy(service, name));
      return service.versions ? world.releases("1.1.0", released) : world;
    }),
  );
  // Everything has that on which it looks back before anything is evaluated: what is recorded once an hour is so at once.
  const series: SampleSeries[] = worlds.flatMap((world) =>
    expose(world, { startMs: startMs - Math.max(evaluatedMs, reachMs(world.service.packs, packs)), endMs }),
  );
  const evaluate = (files: readonly RuleFile[], known: SampleSeries[], exprs: readonly string[]) =>
    engine.evaluate({
      ruleFiles: [...files],
      series: known,
      startMs,
      endMs,
      evaluationIntervalMs: intervals.evaluation.value * 1000,
      queries: exprs.map((expr) => ({ id: expr, expr, startMs: endMs, endMs, stepMs: 1 })),
    }).queries;
  const learnsFrom = packs.flatMap((pack) => pack.learnsFrom ?? []);
  // What is learned from weeks has always been as it is now.
  const always =
    learnsFrom.length === 0
      ? []
      : evaluate(rulesRecording(learnsFrom, ruleFiles), series, learnsFrom.map(lately)).flatMap(
          ({ series: found }, index) => weeksLike(learnsFrom[index] ?? "", found, startMs),
        );
  return {
    ask(exprs) {
      return new Map(
        evaluate(ruleFiles, [...series, ...always], exprs).map(({ id, series: found }) => [
          id,
          found.filter(({ values }) => values.some((value) => !Number.isNaN(value))).map(({ labels }) => labels),
        ]),
      );
    },
  };
}

/** How far the signals of a service look back on its samples; what looks back on what was recorded tells the same at once. */
function reachMs(own: readonly string[], packs: Platform["packs"]): number {
  const signals = packs.flatMap((pack) => (own.includes(pack.name) ? pack.signals : []));
  const reaches = signals.flatMap((one) => [
    one.history ? 0 : (one.window?.value ?? 0),
    isLogSignal(one) ? 0 : (one.reach?.value ?? 0),
  ]);
  return 1000 * Math.max(0, ...reaches);
}

/** One of two instances or more serves what is tried, the others what was there before. */
function trying(world: World): World {
  const { experiments } = world.service;
  if (experiments.length === 0) return world;
  return experiments.reduce(
    (tried, { label, control, treatment }) =>
      tried.tries(label, control).tries(label, treatment, undefined, { instances: 1 }),
    world.withInstances(Math.max(2, world.instances.length)),
  );
}

/** Some of it is recorded once an hour only. */
const lately = (series: string): string => `last_over_time(${series}[1h])`;

/** How long things have been as they are that are learned from, and how far apart they are seen. */
const learned = { days: 9, everyMs: 300_000 };

/** Days in which a recorded series was as it is now, until then. */
export function weeksLike(name: string, now: QueryResult["series"], untilMs: number): SampleSeries[] {
  const length = (learned.days * 86_400_000) / learned.everyMs;
  return now.map(({ labels, values }) => ({
    labels: { ...labels, __name__: name },
    timestampsMs: Float64Array.from({ length }, (_, index) => untilMs - (length - index) * learned.everyMs),
    values: new Float64Array(length).fill(values[0] ?? Number.NaN),
  }));
}

/**
 * The platform with the services that stand for all: one of those that are of one kind (instrumentation, how it is
 * reached, alerts that are on, environments) and that the same lines name. So a platform of ten thousand services is looked
 * at as fast as one of ten, also where a rule names thousands of them.
 *
 * @param texts rules and dashboards that may name services
 */
export function representative(platform: Platform, texts: readonly string[]): Platform {
  const naming = linesNaming(new Set(platform.services.map(({ name }) => name)), texts);
  const kinds = new Set<string>();
  const services = platform.services.filter((service) => {
    const { instrumentation, scrape, packs, name } = service;
    const kind = JSON.stringify([
      instrumentation.kind,
      scrape && [scrape.scheme, scrape.path],
      packs,
      variantsOf(service).map(({ promises, environments }) => [[...promises.keys()], environments]),
      [...(naming.get(name) ?? [])],
    ]);
    const isNew = !kinds.has(kind);
    kinds.add(kind);
    return isNew;
  });
  return { ...platform, services };
}

/** The numbers of the lines that have a name in them, by name. */
function linesNaming(names: ReadonlySet<string>, texts: readonly string[]): Map<string, Set<number>> {
  const naming = new Map<string, Set<number>>();
  for (const [number, line] of texts.join("\n").split("\n").entries()) {
    for (const [word] of line.matchAll(/[\w.-]+/g)) {
      if (names.has(word)) naming.set(word, (naming.get(word) ?? new Set()).add(number));
    }
  }
  return naming;
}
