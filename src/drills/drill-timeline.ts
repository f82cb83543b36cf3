import { identityLabels } from "../model/conventions.ts";
import type { Signal } from "../model/pack.ts";
import type { AlertPromise, Platform, Service } from "../model/platform.ts";
import { minutes } from "../model/quantity.ts";
import { clockMs } from "../worlds/clock.ts";
import type { Timeline } from "../worlds/exposition.ts";
import type { World } from "../worlds/world.ts";
import type { Drill, Expectation } from "./drill.ts";

/** What an expectation speaks of: the service of the world, as it is there, unless its labels name another. */
export const namedService = ({ labels }: Expectation, world: World): Service => {
  const [environmentLabel, serviceLabel] = identityLabels;
  const { [environmentLabel]: where = world.environment, [serviceLabel]: name = world.service.name } = labels;
  const named = world.all.filter(({ service }) => service.name === name);
  return (named.find(({ environment }) => environment === where) ?? named[0] ?? world).service;
};

/** The promise that an expectation speaks of. */
export const promiseOf = (expectation: Expectation, world: World): AlertPromise | undefined =>
  namedService(expectation, world).promises.get(expectation.alert);

/** After the last expected moment a little more is looked at, so that what comes too late is still seen. */
const afterthoughtMs = 120_000;

/** How far back a signal reads samples: not where it reads what is recorded of them. */
const sampledReach = ({ window, history }: Signal): number =>
  Math.max(history ? recordedFrom.value : 0, (window?.value ?? 0) - (history?.value ?? 0));

/** The window of the rates of which recorded series are made. */
const recordedFrom = minutes(5);

/** When a drill's rules are evaluated, and since when there are samples: a window needs to be full at the start. */
export interface DrillTimeline extends Timeline {
  samplesFromMs: number;
}

/**
 * A drill begins early enough that an alert which fires for no reason does so before the first change, and ends late
 * enough that every alert it speaks of could still have fired after the last one: what stays quiet had the time.
 */
export function drillTimeline({ world, expect, since, probes }: Drill, { intervals }: Platform): DrillTimeline {
  const promises = expect
    .map((expectation) => promiseOf(expectation, world))
    .filter((promise) => promise !== undefined);
  const holdMs = 1000 * Math.max(0, ...promises.map((one) => one.for.value));
  const windowMs = 1000 * Math.max(0, ...promises.map((one) => one.alert.signal.window?.value ?? 0));
  // What is only there to stay quiet needs no history to compare with.
  const compared = expect.filter(({ kind, alert }) => kind === "fires" || alert === probes?.alert);
  const reaches = compared.map((one) => promiseOf(one, world)?.alert.signal.reach?.value ?? 0);
  const reachMs = Math.max(0, ...reaches.map((seconds) => 1000 * seconds));
  const historyMs = 1000 * Math.max(0, ...promises.map((one) => one.alert.signal.history?.value ?? 0));
  const stepMs = 1000 * intervals.evaluation.value;
  const slackMs = 2 * (1000 * world.service.scrapeInterval.value + stepMs);
  const times = (texts: (string | undefined)[]) =>
    texts.map((text) => clockMs(text ?? "")).filter((ms) => ms !== undefined);
  const changes = times(world.all.flatMap(({ events }) => events.flatMap(({ from, to }) => [from, to])));
  const expected = times(
    expect.flatMap((one) => (one.kind === "fires" ? [one.from, one.to, one.resolvedFrom, one.resolvedBy] : [])),
  );
  const begins = since === undefined ? changes : times([since]);
  const first = Math.min(...begins, ...(begins.length > 0 ? [] : [clockMs("12:00") ?? 0, ...expected]));
  const last = Math.max(
    ...[first, ...changes].map((ms) => ms + windowMs + holdMs + slackMs),
    ...expected.map((ms) => ms + afterthoughtMs),
    ...times(world.all.map(({ lastsUntil }) => lastsUntil)),
  );
  const startMs = Math.floor((first - holdMs - slackMs - historyMs) / stepMs) * stepMs;
  const samplesMs = Math.max(reachMs, ...promises.map(({ alert: { signal } }) => 1000 * sampledReach(signal)));
  return { samplesFromMs: startMs - samplesMs - slackMs, startMs, endMs: Math.ceil(last / stepMs) * stepMs };
}
