import { parse, stringify } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { SampleSeries } from "../engine/evaluation.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { Artifact } from "../model/artifact.ts";
import { placeText } from "../model/finding.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { promqlString } from "../model/promql.ts";
import { formatDuration, seconds } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import { expose } from "../worlds/exposition.ts";
import { type Slot, seriesNotation } from "../worlds/series-notation.ts";
import { worldLine } from "../worlds/world.ts";
import type { Drill, Expectation } from "./drill.ts";
import { drillTimeline } from "./drill-timeline.ts";
import { drillTitle } from "./explain-drill.ts";
import { expectationText } from "./judge-drill.ts";
import { resultHead } from "./run-drills.ts";

export interface Export {
  /** A test file for each drill, and the rule files that they test. */
  artifacts: Artifact[];
  /** Drills that promtool cannot run. */
  omitted: { title: string; reason: string }[];
}

/**
 * Writes drills as promtool's unit tests. Everything that a test asserts follows from what the drill expects, nothing from
 * what the rules gave: it asks the series ALERTS, since `exp_alerts` would have to be every label and every rendered text.
 */
export function exportDrills(
  drills: readonly Drill[],
  platform: Platform,
  ruleFiles: readonly RuleFile[],
  engine: Pick<Engine, "parse">,
): Export {
  const rules = ruleFiles.map(({ name, yaml }) => ({ path: `rules/${name.replace(/^.*\//, "")}`, text: yaml }));
  const context = {
    platform,
    isRead: metricsRead(ruleFiles, engine),
    rulePaths: rules.map(({ path }) => `../${path}`),
  };
  const onLogs = new Set(
    platform.packs.flatMap(({ alerts }) => alerts.filter(({ signal }) => isLogSignal(signal)).map(({ name }) => name)),
  );
  const paths = new Set<string>();
  const tests: Artifact[] = [];
  const omitted: Export["omitted"] = [];
  for (const drill of drills) {
    const expect = drill.expect.filter(({ alert }) => !onLogs.has(alert));
    const reason = whyNot({ ...drill, expect });
    if (reason !== undefined) omitted.push({ title: drillTitle(resultHead(drill, platform)), reason });
    else tests.push({ path: pathFor(drill, paths), text: testFile({ ...drill, expect }, context) });
  }
  return { artifacts: [...rules, ...tests], omitted };
}

/** Promtool begins with the first sample, and evaluates every rule at each of so many moments. */
function whyNot({ expect, world }: Pick<Drill, "expect" | "world">): string | undefined {
  if (expect.length === 0) return "promtool knows no alerts on logs";
  if (world.all.some(({ memory }) => memory.length > 0)) return "promtool would live through its weeks of history";
  return undefined;
}

interface Context {
  platform: Platform;
  isRead: (metric: string) => boolean;
  rulePaths: string[];
}

/** `orders-api/p95-of-2-4-s-on-one-route.test.yml`; a number where two drills would have the same. */
function pathFor({ name, world }: Drill, taken: Set<string>): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 100);
  for (let number = 1; ; number += 1) {
    const path = `${world.service.name}/${slug}${number === 1 ? "" : `-${number}`}.test.yml`;
    if (taken.has(path)) continue;
    taken.add(path);
    return path;
  }
}

function testFile(drill: Drill, { platform, isRead, rulePaths }: Context): string {
  const { intervals } = platform;
  const title = drillTitle(resultHead(drill, platform));
  const timeline = drillTimeline(drill, platform);
  const [scrapeMs, stepMs] = [1000 * drill.world.service.scrapeInterval.value, 1000 * intervals.evaluation.value];
  // promtool evaluates from the first sample on; its ticks are to be the drill's.
  const firstMs = timeline.startMs - Math.ceil((timeline.startMs - timeline.samplesFromMs) / stepMs) * stepMs;
  // promtool has one interval for all series: every instance is scraped at the beginning of it.
  const series = expose(drill.world, { startMs: firstMs, endMs: timeline.endMs }, undefined, () => 0);
  const suite = {
    rule_files: rulePaths,
    evaluation_interval: formatDuration(intervals.evaluation),
    tests: [
      {
        name: title,
        start_timestamp: new Date(firstMs).toISOString(),
        interval: formatDuration(drill.world.service.scrapeInterval),
        input_series: series
          .filter(({ labels }) => isRead(labels.__name__ ?? ""))
          .map((one) => ({ series: seriesName(one.labels), values: seriesNotation(slotsOf(one, firstMs, scrapeMs)) })),
        promql_expr_test: drill.expect.flatMap((one) =>
          assertions(one, { firstMs, stepMs, blurMs: stepMs * Math.ceil(scrapeMs / stepMs), ...timeline }),
        ),
      },
    ],
  };
  const story = [
    title,
    `Written by \`firedrill export\` from ${placeText(drill.place)}. Change that, not this.`,
    "",
    ...drill.world.all.flatMap((world) =>
      world.events.map((event) => `${world.service.name}, ${worldLine(world, event)}`),
    ),
    ...drill.expect.map((one) => expectationText(one, drill.world)),
  ];
  return `${story.map(comment).join("\n")}\n${stringify(suite, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

const comment = (line: string): string => `# ${line.replace(/\s+/g, " ")}`.trimEnd();

function slotsOf(
  { timestampsMs, values, staleAtMs = new Float64Array() }: SampleSeries,
  firstMs: number,
  stepMs: number,
) {
  const slots: Slot[] = [];
  const place = (ms: number) => (ms - firstMs) / stepMs;
  timestampsMs.forEach((ms, index) => {
    slots[place(ms)] = values[index];
  });
  for (const ms of staleAtMs) slots[place(ms)] = "stale";
  return Array.from(slots);
}

const seriesName = ({ __name__ = "", ...labels }: Record<string, string>): string =>
  `${__name__}{${Object.entries(labels)
    .map(([name, value]) => `${name}=${promqlString(value)}`)
    .join(", ")}}`;

interface Assertion {
  expr: string;
  eval_time: string;
  exp_samples: { labels: string; value: number }[];
}

/**
 * ms since the epoch: of the first sample, and of the drill's first and last tick; how far ticks are apart; and how
 * far a moment may be off because all instances are scraped at once: what is seen of a change comes sooner or later by
 * less than a scrape interval, and at ticks.
 */
interface Moments {
  firstMs: number;
  startMs: number;
  endMs: number;
  stepMs: number;
  blurMs: number;
}

/** Both ends count, as in the drill. PromQL's ranges leave out their beginning, hence a millisecond more. */
function assertions(expectation: Expectation, { firstMs, startMs, endMs, stepMs, blurMs }: Moments): Assertion[] {
  const { kind, alert, severity, labels } = expectation;
  const wanted = { alertname: alert, alertstate: "firing", ...(severity && { severity }), ...labels };
  const matchers = Object.entries(wanted).map(([name, value]) => `${name}=${promqlString(value)}`);
  const fired = (isExpected: boolean, fromMs: number, toMs: number): Assertion => ({
    expr: `group(count_over_time(ALERTS{${matchers.join(", ")}}[${duration(toMs - fromMs + 1)}]))`,
    eval_time: duration(toMs - firstMs),
    exp_samples: isExpected ? [{ labels: "{}", value: 1 }] : [],
  });
  const soonest = (time: string) => (clockMs(time) ?? Number.NaN) - blurMs;
  const latest = (time: string) => Math.min(endMs, (clockMs(time) ?? Number.NaN) + blurMs);
  if (kind === "quiet") return [fired(false, startMs, endMs)];
  const { from, to, resolvedFrom, resolvedBy } = expectation;
  return [
    ...(soonest(from) > startMs ? [fired(false, startMs, soonest(from) - 1)] : []),
    fired(true, soonest(from), latest(to)),
    // What is over at a tick fired last at the one before.
    ...(resolvedFrom === undefined ? [] : [fired(true, soonest(resolvedFrom) - stepMs, endMs)]),
    ...(resolvedBy === undefined ? [] : [fired(false, latest(resolvedBy), endMs)]),
  ];
}

const duration = (ms: number): string => formatDuration(seconds(ms / 1000));

/** Whether a rule reads a metric; every metric where one selects by something else than a name. */
function metricsRead(ruleFiles: readonly RuleFile[], engine: Pick<Engine, "parse">): (metric: string) => boolean {
  const selectors = ruleFiles.flatMap(({ yaml }) =>
    expressionsOf(yaml).flatMap((expr) => engine.parse(expr).selectors ?? []),
  );
  const metrics = new Set(selectors.map(({ metric }) => metric));
  return (metric) => metrics.has(undefined) || metrics.has(metric);
}

function expressionsOf(yaml: string): string[] {
  type Rules = { groups?: { rules?: { expr?: string }[] }[] } | null;
  return (parse(yaml) as Rules)?.groups?.flatMap(({ rules = [] }) => rules.map(({ expr = "" }) => expr)) ?? [];
}
