import { type Provocations, provocationOf, whyUnprovoked } from "../boundaries/provocation.ts";
import { type Trouble, troubleOf } from "../boundaries/trouble.ts";
import { drillSubject, type Level, levelsOf } from "../drills/drill-subject.ts";
import type { Engine } from "../engine/engine.ts";
import { rulesNeeded } from "../engine/needed-rules.ts";
import type { RuleFile } from "../engine/rules.ts";
import { tooManyLines } from "../loki/line-limit.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { Bench, detectionTimeline, steadyTimeline, steadyWorld, type Try, troubledWorld } from "./bench.ts";
import { type LogBench, loggedTo, scrapedFrom } from "./exposed.ts";
import type { Measured, Measurement, Unmeasured } from "./measurement.ts";
import { Search } from "./search.ts";

export interface MeasureOptions {
  engine: Engine;
  ruleFiles: readonly RuleFile[];
  provocations: Provocations;
  /** Where lines can be given, under tenants that begin so, and the rules on them. @default - alerts on logs are not run */
  logs?: LogBench;
  /** Which alerts are measured, by name. @default - all */
  isAsked?: (alert: string) => boolean;
}

/** What is measured of all levels of a service, with its rules, in a few evaluations for all of them together. */
export async function measureService(
  service: Service,
  platform: Platform,
  { engine, ruleFiles, provocations, logs, isAsked = () => true }: MeasureOptions,
): Promise<Measured> {
  const subject = drillSubject(service, platform);
  const troubles = [...service.promises.values()]
    .filter(({ alert }) => isAsked(alert.name))
    .flatMap(({ alert }) => levelsOf(alert, subject))
    // What adapts has no value at which it fires.
    .filter((level) => whyUnprovoked(level, provocations) === undefined)
    .map((level) => troubleOf(level, provocationOf(level, provocations)));
  const onLogs = troubles.filter(isOnLogs);
  const onMetrics = troubles.filter((trouble) => !isOnLogs(trouble));
  const needed = rulesNeeded(ruleFiles)(onMetrics.map(({ level }) => level.promise.alert.name));
  const scraped = new Bench(engine, platform, scrapedFrom(needed));
  const measurements = await measureLevels(onMetrics, scraped);
  if (!logs) return { measurements, unmeasured: onLogs.map(withoutLoki) };
  const unmeasured = onLogs.flatMap((trouble) => tooManyToMeasure(trouble, platform) ?? []);
  const few = onLogs.filter((trouble) => !tooManyToMeasure(trouble, platform));
  const logged = new Bench(engine, platform, loggedTo(logs, platform));
  return { measurements: [...measurements, ...(await measureLevels(few, logged))], unmeasured };
}

async function measureLevels(troubles: readonly Trouble[], bench: Bench): Promise<Measurement[]> {
  if (troubles.length === 0) return [];
  const searches = troubles.map((trouble) => new Search(trouble));
  for (let open = searches.filter((one) => !one.isOver); open.length > 0; open = open.filter((one) => !one.isOver)) {
    const tries = open.flatMap((search) => search.values().map((value) => ({ search, value })));
    const fired = await bench.steady(tries.map(({ search: { trouble }, value }) => ({ trouble, value })));
    for (const search of open) search.learn(fired.filter((_, index) => tries[index]?.search === search));
  }
  const timed = troubles.flatMap((trouble) =>
    [...new Set([trouble.beyond, trouble.strong])].map((value) => ({ trouble, value })),
  );
  const detections = await bench.detections(timed);
  return searches.map((search) =>
    search.measurement(detections.filter((_, index) => timed[index]?.trouble === search.trouble)),
  );
}

const isOnLogs = ({ level }: Trouble): boolean => isLogSignal(level.promise.alert.signal);

const headOf = ({ promise, severity }: Level): Pick<Unmeasured, "service" | "alert" | "severity"> => ({
  service: promise.service.name,
  alert: promise.alert.name,
  severity,
});

const withoutLoki = ({ level }: Trouble): Unmeasured => ({
  ...headOf(level),
  outcome: "not-run",
  reason: "An alert on log lines is measured with the real Loki. It is not here.",
  fix: "run `npm run tools`, which provides it",
});

/** A value is tried with as many lines as it has: of too many none is. */
function tooManyToMeasure(trouble: Trouble, platform: Platform): Unmeasured | undefined {
  const [most, strong] = [trouble.most, trouble.strong].map((value) => ({ trouble, value })) as [Try, Try];
  const found = [
    { world: steadyWorld(most), timeline: steadyTimeline([most], platform) },
    { world: troubledWorld(strong), timeline: detectionTimeline([strong], platform) },
  ]
    .map(({ world, timeline }) => ({ world, lines: { startMs: timeline.samplesFromMs, endMs: timeline.endMs } }))
    .map(({ world, lines }) => tooManyLines(world, lines, trouble.level, platform))
    .find((one) => one !== undefined);
  if (!found) return undefined;
  const { problem, cause, fix, path } = found;
  return { ...headOf(trouble.level), outcome: "error", reason: `${problem} ${cause}`, fix, path };
}
