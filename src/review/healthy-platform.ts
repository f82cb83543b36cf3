import type { Engine } from "../engine/engine.ts";
import type { SampleSeries } from "../engine/evaluation.ts";
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
 * Services as they are on a good day, in each of their environments, with the platform's rules evaluated on them.
 */
export function healthyPlatform(
  { intervals, packs, services }: Platform,
  ruleFiles: readonly RuleFile[],
  engine: Pick<Engine, "evaluate">,
): HealthyPlatform {
  const signals = packs.flatMap((pack) => pack.signals);
  // What looks back on what was recorded tells the same from the beginning.
  const windowMs = 1000 * Math.max(0, ...signals.map(({ window, history }) => (history ? 0 : (window?.value ?? 0))));
  const reachMs = Math.max(windowMs, ...signals.map((one) => (isLogSignal(one) ? 0 : 1000 * (one.reach?.value ?? 0))));
  const startMs = clockMs("12:00") ?? 0;
  const endMs = startMs + windowMs + settledMs;
  // A release that is as good as the one before is a part of a good day; without one there is nothing to compare.
  const released = clockText(endMs - settledMs / 2);
  const worlds = services.flatMap((service) =>
    service.environments.map((name) => {
      const world = trying(healthy(service, name));
      return service.versions ? world.releases("1.1.0", released) : world;
    }),
  );
  // What is compared with what was before has that before anything is evaluated.
  const timeline = { startMs: startMs + windowMs - reachMs, endMs };
  const series: SampleSeries[] = worlds.flatMap((world) => expose(world, timeline));
  const evaluate = (known: SampleSeries[], exprs: readonly string[]) =>
    engine.evaluate({
      ruleFiles: [...ruleFiles],
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
      : evaluate(series, learnsFrom.map(lately)).flatMap(({ series: found }, index) =>
          found.map(({ labels, values }) =>
            constant({ ...labels, __name__: learnsFrom[index] ?? "" }, values[0] ?? Number.NaN, startMs),
          ),
        );
  return {
    ask(exprs) {
      return new Map(
        evaluate([...series, ...always], exprs).map(({ id, series: found }) => [
          id,
          found.filter(({ values }) => values.some((value) => !Number.isNaN(value))).map(({ labels }) => labels),
        ]),
      );
    },
  };
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

function constant(labels: Record<string, string>, value: number, untilMs: number): SampleSeries {
  const length = (learned.days * 86_400_000) / learned.everyMs;
  return {
    labels,
    timestampsMs: Float64Array.from({ length }, (_, index) => untilMs - (length - index) * learned.everyMs),
    values: new Float64Array(length).fill(value),
  };
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
