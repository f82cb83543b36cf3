import type { Provocation, Provocations, Provoke } from "../src/boundaries/provocation.ts";
import { type Boundary, boundaries } from "../src/drills/boundary.ts";
import { type Level, readable } from "../src/drills/drill-subject.ts";
import { type ForbiddenPattern, forbiddenLine } from "../src/model/forbidden-pattern.ts";
import { smallLogVolume } from "../src/model/logql.ts";
import {
  days,
  formatDuration,
  formatQuantity,
  linesPerSecond,
  requestsPerSecond,
  seconds,
} from "../src/model/quantity.ts";
import { loggedBytesPerSecond } from "../src/worlds/log-lines.ts";
import type { LoggedLines, LogLevel } from "../src/worlds/logged-lines.ts";
import { everyRoute } from "../src/worlds/route-change.ts";
import { healthy, type World } from "../src/worlds/world.ts";
import {
  forbiddenLabel,
  LogVolumeHigh,
  LogVolumeSpike,
  logErrorRate,
  logForbiddenLines,
  logSpike,
  logsMissing,
  logVolume,
  logWarningRate,
} from "./logs.ts";

/** How each signal of this pack is provoked: what is logged in the world then. */
export const logsProvocations: Provocations = {
  [logErrorRate.name]: linesOf("error", "errors"),
  [logWarningRate.name]: linesOf("warn", "warnings"),
  [logVolume.name]: voluminous,
  [logSpike.name]: spiking,
  [logsMissing.name]: silent,
  [logForbiddenLines.name]: forbidden,
};

const notScraped = "log lines come as they are written: nothing of them is scraped, counted or marked as stale";
const without: Partial<Record<Boundary, string>> = {
  "missing series": notScraped,
  "stale series": notScraped,
  "counter reset": notScraped,
  "scrape gap": notScraped,
};

/** So many lines in a window that one more or less is lost in how near to the threshold a drill goes. */
const manyLines = 250;

/** The service logs lines of a level, of its own. */
function linesOf(level: LogLevel, called: string): Provoke {
  return ({ subject, promise, threshold }) => {
    const window = promise.alert.signal.window?.value ?? 0;
    return {
      world: small(subject.world),
      words: (value) => `${formatQuantity(linesPerSecond(readable(value)))} ${called} in its log`,
      happens: (world, value, from, to) =>
        value > 0 ? world.logs({ level, rate: linesPerSecond(value) }, from, to) : world,
      labels: {},
      // So many lines may be more than the budget.
      others: [LogVolumeHigh, LogVolumeSpike],
      usual: 0,
      most: readable(4 * Math.max(threshold, 1)),
      blur: 1.5 / window,
      sampledEverySeconds: 0,
      // Then every window holds the same whole number of them.
      ...(Number.isInteger(readable(threshold * window)) && {
        exactly: small(subject.world).logs({ level, rate: linesPerSecond(threshold) }),
      }),
      ...(threshold * window < manyLines && fewLines(threshold, window)),
      without,
    };
  };
}

/**
 * Where few lines make the difference, each of them counts: a steady rate puts a whole number of them into every
 * window, or one more, and the one that passes the threshold is as late as lines are apart.
 */
function fewLines(threshold: number, windowSeconds: number): Partial<Provocation> {
  const most = Math.floor(threshold * windowSeconds + 1e-9);
  const around = { below: (0.995 * most) / windowSeconds, above: (1.005 * (most + 1)) / windowSeconds };
  return {
    around,
    truth: (value, share) => Math.floor(value * share * windowSeconds) / windowSeconds,
    sampledEverySeconds: 1 / around.above,
  };
}

/** Lines of a service that goes on writing them, but from which none arrives; one each second until then. */
function silent({ subject, promise }: Level): Provocation {
  const window = promise.alert.signal.window?.value ?? 0;
  return {
    // Nothing else is logged: with no request there is no line about one.
    world: small(subject.world)
      .always(everyRoute().withTraffic(requestsPerSecond(0)))
      .logs({ level: "info", rate: linesPerSecond(1) }),
    words: (value) => (value > 0 ? "no log lines" : "log lines"),
    happens: (world, value, from = "00:00", to) => (value > 0 ? world.losesLogs(from, to) : world),
    labels: {},
    usual: 0,
    most: 1,
    // The message tells how many lines there used to be.
    truth: (value) => (value > 0 ? window : 0),
    around: { below: 0, above: 1 },
    blur: 2,
    sampledEverySeconds: 0,
    isAbsence: true,
    without,
  };
}

/** Lines a second that make a volume, as long as none is longer than Loki takes. */
const volumeLines = 0.5;
const longestLine = 200_000;
/** What Loki is given in one drill at most. */
const mostBytes = 300_000_000;
const secondsPerDay = days(1).value;

/** So many bytes a day in few lines, and long ones; how long follows from the threshold. */
export function volumeOf(bytesADay: number, threshold: number): LoggedLines {
  const length = Math.min(longestLine, Math.ceil(threshold / secondsPerDay / volumeLines));
  return { level: "info", rate: linesPerSecond(bytesADay / secondsPerDay / length), line: "x".repeat(length) };
}

/** Why Loki cannot be given a volume in a drill, which takes twice the threshold for some windows; undefined where it can. */
export function tooVoluminous(bytesADay: number, windowSeconds = 0): string | undefined {
  const bytes = (2 * bytesADay * 3 * windowSeconds) / secondsPerDay;
  if (bytes <= mostBytes) return undefined;
  const text = (value: number) => formatQuantity({ unit: "bytes", value });
  return `with a threshold of ${text(bytesADay)} a day, a drill would need ${text(bytes)} of lines`;
}

/** No boundary of a volume can be drilled that is too much for Loki. */
export const withoutVolumes = (tooMany: string | undefined): Provocation["without"] =>
  tooMany === undefined ? without : Object.fromEntries(boundaries.map((one) => [one, tooMany]));

function voluminous(level: Level): Provocation {
  const { subject, promise, threshold } = level;
  const window = promise.alert.signal.window?.value ?? 0;
  const world = small(subject.world).always(everyRoute().withTraffic(requestsPerSecond(0)));
  const usual = secondsPerDay * loggedBytesPerSecond(world, 0);
  const tooMany = tooVoluminous(threshold, window);
  const { line = "" } = volumeOf(threshold, threshold);
  return {
    world,
    words: (value) => `${formatQuantity({ unit: "bytes", value: readable(value) })} of lines a day`,
    happens: (in_, value, from, to) => (value > usual ? in_.logs(volumeOf(value - usual, threshold), from, to) : in_),
    labels: {},
    usual,
    most: readable(4 * threshold),
    blur: (1.5 * line.length * secondsPerDay) / window,
    sampledEverySeconds: 0,
    without: withoutVolumes(tooMany),
  };
}

/** Logs little, but always something: what is compared is compared with that. */
export const quietly = (world: World): World =>
  world.always(everyRoute().withTraffic(requestsPerSecond(0))).logs({ level: "info", rate: linesPerSecond(0.1) });

/** Many times as much as usual, which is next to nothing: what is added to it in the comparison is most of it. */
function spiking({ subject, promise, threshold }: Level): Provocation {
  const window = promise.alert.signal.window?.value ?? 0;
  const world = quietly(small(subject.world));
  const usually = secondsPerDay * loggedBytesPerSecond(world, 0);
  const against = usually + smallLogVolume.value;
  const { line = "" } = volumeOf(threshold * against, threshold * against);
  return {
    world,
    words: (value) => `${formatQuantity({ unit: "times", value: readable(value) })} as many bytes of lines as usual`,
    happens: (in_, value, from, to) =>
      value * against > usually ? in_.logs(volumeOf(value * against - usually, threshold * against), from, to) : in_,
    labels: {},
    others: [LogVolumeHigh],
    usual: usually / against,
    most: readable(4 * threshold),
    blur: (1.5 * line.length * secondsPerDay) / window / against,
    sampledEverySeconds: 0,
    without: withoutVolumes(tooVoluminous(threshold * against, window)),
  };
}

/** The service logs what it must not, so many lines in a window. */
function forbidden({ subject, promise, threshold }: Level): Provocation {
  const window = promise.alert.signal.window?.value ?? 0;
  const [first, second] = subject.service.forbidden;
  const at = (pattern: ForbiddenPattern | undefined) => ({
    labels: { [forbiddenLabel]: pattern?.name ?? "" },
    happens: (world: World, value: number, from?: string, to?: string) =>
      value > 0 && pattern
        ? world.logs({ level: "info", rate: linesPerSecond(value / window), line: forbiddenLine(pattern) }, from, to)
        : world,
  });
  const most = Math.floor(threshold);
  const around = { below: 0.995 * most, above: 1.005 * (most + 1) };
  return {
    world: small(subject.world),
    words: (value) =>
      `${Math.floor(value)} ${Math.floor(value) === 1 ? "line" : "lines"} in ${formatDuration(seconds(window))} of what must never be logged`,
    ...at(first),
    ...(first?.contains !== undefined &&
      second?.contains !== undefined &&
      apart(first, second) && { elsewhere: at(second) }),
    usual: 0,
    most: readable(40 * Math.max(threshold, 1)),
    truth: (value, share) => Math.floor(value * share),
    around,
    blur: 1.5,
    sampledEverySeconds: window / around.above,
    without,
  };
}

/** Neither is found in what the other is. */
const apart = ({ contains: one = "" }: ForbiddenPattern, { contains: other = "" }: ForbiddenPattern): boolean =>
  !one.includes(other) && !other.includes(one);

/** One route and one instance: what a drill does not need costs time only. */
const small = ({ service, environment }: World): World =>
  healthy({ ...service, routes: service.routes.slice(0, 1) }, environment).withInstances(1);
