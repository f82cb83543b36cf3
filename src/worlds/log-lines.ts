import { identityLabels, instrumentationLabel } from "../model/conventions.ts";
import type { InstrumentationId } from "../model/instrumentation.ts";
import type { Service } from "../model/platform.ts";
import { clockMs } from "./clock.ts";
import type { Timeline } from "./exposition.ts";
import type { LoggedLines, LogLevel } from "./logged-lines.ts";
import { type Random, seededRandom } from "./random.ts";
import { holdsAt, stateAt, type World } from "./world.ts";

/** What one instance logs, as it leaves the collector: whose it is, and its lines in order. */
export interface LogStream {
  /** Resource attributes of OpenTelemetry. */
  resource: Record<string, string>;
  records: LogRecord[];
}

export interface LogRecord {
  /** ms since the epoch, a whole number */
  ms: number;
  body: string;
  /** Where the service says it apart from the text. */
  level?: LogLevel;
  attributes?: Record<string, string>;
}

/** Of the requests that succeed one in a hundred is logged, of those that fail every one. */
const loggedShare = 0.01;

/** Every line of every service of a world; a sidecar that is not the service logs under a name of its own. */
export const logLines = (world: World, timeline: Timeline): LogStream[] =>
  world.all
    .filter(({ isUnmarked }) => !isUnmarked)
    .flatMap((one) => one.instances.map((_, instance) => instanceLines(one, instance, timeline)));

/** How many lines these would be, give or take the parts of lines, without writing any. */
export const countLines = (world: World, timeline: Timeline): number =>
  world.all
    .filter(({ isUnmarked }) => !isUnmarked)
    .flatMap((one) => sources(one).flatMap(({ rate }) => evenSpans(one, timeline).map((span) => [rate, span] as const)))
    .reduce((sum, [rate, [fromMs, toMs]]) => sum + (rate(fromMs) * (toMs - fromMs)) / 1000, 0);

/** Bytes of lines a second at a moment, without writing any. */
export const loggedBytesPerSecond = (world: World, ms: number): number =>
  sources(world).reduce(
    (sum, { rate, entry }) => sum + rate(ms) * Buffer.byteLength(written(world.service, entry).body),
    0,
  );

function instanceLines(world: World, instance: number, timeline: Timeline): LogStream {
  const { service, environment } = world;
  const [environmentLabel, serviceLabel, teamLabel] = identityLabels;
  const name = world.instances[instance] ?? "";
  const records = sources(world).flatMap(({ rate, entry }, number) => {
    const random = world.seed === undefined ? undefined : seededRandom(world.seed, 1000 * (instance + 1) + number);
    // No two sources or instances log at the same moment.
    const phase = ((instance * 7 + number + 1) * 0.6180339887498949) % 1;
    const line = written(service, entry);
    return arrivals((ms) => rate(ms) / world.instances.length, world, timeline, phase, random).map((ms) => ({
      ms,
      ...line,
    }));
  });
  return {
    resource: {
      "service.name": service.name,
      "service.instance.id": name,
      "deployment.environment.name": environment,
      // What the collector's transform/identity sets.
      [environmentLabel]: environment,
      [serviceLabel]: service.name,
      [teamLabel]: service.owner,
      [instrumentationLabel]: service.instrumentation.kind,
    },
    records: records.filter(({ ms }) => arrives(world, instance, ms)).sort((a, b) => a.ms - b.ms),
  };
}

/** A service that is not there yet logs nothing; that a target cannot be scraped does not stop its lines. */
const arrives = ({ events }: World, instance: number, ms: number): boolean =>
  !events.some((event) => {
    const isMute = event.kind === "mute" && instance < (event.instances ?? Number.POSITIVE_INFINITY);
    const isNotThereYet = event.kind === "gap" && event.from === undefined;
    return (isMute || isNotThereYet) && holdsAt(event, ms);
  });

/** What something without requests logs on every day. */
const ordinaryPerSecond = 0.2;

interface LogEntry {
  level: LogLevel;
  text: string;
  attributes: Record<string, string | number>;
  /** The whole line, however the service writes others. */
  line?: string;
}

/** Lines of one kind, and how many a second there are of them at a moment. */
interface Source {
  rate: (ms: number) => number;
  entry: LogEntry;
}

function sources(world: World): Source[] {
  const aboutRequests = world.service.routes.flatMap((route): Source[] => {
    const at = (ms: number) => stateAt(world, route, ms);
    const entry = (level: LogLevel, text: string, status: number): LogEntry => ({
      level,
      text,
      attributes: { route, status },
    });
    return [
      { rate: (ms) => at(ms).requestsPerSecond * at(ms).errorRatio, entry: entry("error", "request failed", 500) },
      {
        rate: (ms) => at(ms).requestsPerSecond * (1 - at(ms).errorRatio) * loggedShare,
        entry: entry("info", "request answered", 200),
      },
    ];
  });
  const others = world.events.flatMap((event): Source[] =>
    event.kind === "lines"
      ? [{ rate: (ms) => (holdsAt(event, ms) ? event.lines.rate.value : 0), entry: ownEntry(event.lines) }]
      : [],
  );
  return [...(world.service.http ? aboutRequests : [ordinary]), ...others];
}

const ordinary: Source = {
  rate: () => ordinaryPerSecond,
  entry: { level: "info", text: "all is well", attributes: {} },
};

const ownEntry = ({ level, text = "a job of its own", line }: LoggedLines): LogEntry => ({
  level,
  text,
  attributes: {},
  ...(line !== undefined && { line }),
});

const written = ({ http }: Service, entry: LogEntry): Omit<LogRecord, "ms"> => ({
  ...logFormats[http?.id ?? "fastapi-instrumentator"](entry),
  ...(entry.line !== undefined && { body: entry.line }),
});

/**
 * How a service writes a line: one that sends OTLP gives level and attributes beside the text; every other writes a
 * line of JSON, in which Loki finds the level itself.
 */
const jsonLine = ({ level, text, attributes }: LogEntry) => ({
  body: JSON.stringify({ level, msg: text, ...attributes }),
});

const logFormats: Record<InstrumentationId, (entry: LogEntry) => Omit<LogRecord, "ms">> = {
  "otel-http": ({ level, text, attributes: { route, status } }) => ({
    body: text,
    level,
    ...(route !== undefined && {
      attributes: { "http.route": `${route}`, "http.response.status_code": `${status}` },
    }),
  }),
  "fastapi-instrumentator": jsonLine,
  "express-prom-bundle": jsonLine,
};

/** From one event of the world to the next: rates are constant in between. */
function evenSpans({ events }: World, { startMs, endMs }: Timeline): [fromMs: number, toMs: number][] {
  const changes = events
    .flatMap(({ from, to }) => [clockMs(from ?? ""), clockMs(to ?? "")])
    .filter((ms): ms is number => ms !== undefined && ms > startMs && ms < endMs);
  const ends = [...new Set([...changes, endMs])].sort((a, b) => a - b);
  return ends.map((end, index) => [ends[index - 1] ?? startMs, end]);
}

/**
 * Moments at which something comes that has a rate: whenever the expected number, which begins at `phase`, has grown
 * by one; with `random` by as much as chance wants, which is a Poisson process.
 *
 * @param perSecond constant from one event of the world to the next
 */
function arrivals(
  perSecond: (ms: number) => number,
  world: World,
  timeline: Timeline,
  phase: number,
  random?: Random,
): number[] {
  const step = () => (random ? -Math.log(1 - random.uniform()) : 1);
  const found: number[] = [];
  let missing = random ? step() : 1 - phase;
  for (const [start, end] of evenSpans(world, timeline)) {
    const rate = perSecond(start) / 1000;
    let now = start;
    for (; rate > 0 && now + missing / rate < end; missing = step()) {
      now += missing / rate;
      found.push(Math.round(now));
    }
    missing -= (end - now) * rate;
  }
  return found;
}
