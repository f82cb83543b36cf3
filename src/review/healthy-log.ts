import { parseLogql } from "../loki/logql-tree.ts";
import type { LokiClient } from "../loki/loki-client.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { linesPerSecond } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import { logLines } from "../worlds/log-lines.ts";
import { type LogLevel, severityNumbers } from "../worlds/logged-lines.ts";
import { healthy, type World } from "../worlds/world.ts";

/** What LogQL queries give on a platform on which all is well. Both throw a LogqlError at what Loki refuses. */
export interface HealthyLog {
  isEmpty(logql: string): Promise<boolean>;
  /** Label sets, each with a value of this label that a stream of a selector has. */
  labelled(selector: string, label: string): Promise<Record<string, string>[]>;
}

/** How long everything has been well when it is asked, after the longest window is full. */
const settledMs = 10 * 60_000;

/**
 * Gives Loki what services log on a good day, in each of their environments.
 *
 * @param services those that take part
 */
export async function healthyLog(
  { packs }: Platform,
  services: readonly Service[],
  loki: LokiClient,
): Promise<HealthyLog> {
  const windows = packs.flatMap(({ signals }) => signals.filter(isLogSignal).map(({ window }) => window?.value ?? 0));
  const startMs = clockMs("12:00") ?? 0;
  const endMs = startMs + 1000 * Math.max(0, ...windows) + settledMs;
  const worlds = services.flatMap((service) => service.environments.map((name) => healthy(service, name)));
  for (const world of worlds) {
    await loki.push("healthy", logLines(world, { startMs, endMs }));
    await loki.push("talkative", logLines(talkative(world), { startMs, endMs }));
  }
  const throughout = { startMs, endMs, stepMs: 1000 };
  const atTheEnd = { ...throughout, startMs: endMs };
  return {
    /**
     * A query for lines is asked where every service logs lines of every level: that there are none of errors is what
     * its panel shows on a good day. One for numbers must have some on a good day, too, as it is of metrics: 0, not nothing.
     */
    async isEmpty(logql) {
      if (givesLines(logql)) return !(await loki.hasLines("talkative", logql, throughout));
      const series = await loki.query("healthy", logql, atTheEnd);
      return series.every(({ values }) => values.every(Number.isNaN));
    },
    async labelled(selector, label) {
      const counted = `count by (${label}) (count_over_time(${selector}[${(endMs - startMs) / 1000}s]))`;
      return (await loki.query("healthy", counted, atTheEnd)).map(({ labels }) => labels);
    },
  };
}

/** Besides the lines about its requests, it logs of every level. */
const talkative = (world: World): World =>
  (Object.keys(severityNumbers) as LogLevel[]).reduce(
    (one, level) => one.logs({ level, rate: linesPerSecond(0.1) }),
    world,
  );

/** Whether a query is one for lines, not for numbers. */
function givesLines(logql: string): boolean {
  const root = parseLogql(logql);
  const inner = root?.kind === "Paren" ? root.children[0] : root;
  return inner?.kind === "Selector" || inner?.kind === "LogExpr";
}
