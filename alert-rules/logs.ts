import { identityLabels } from "../src/model/conventions.ts";
import { type ForbiddenPattern, forbiddenFilter } from "../src/model/forbidden-pattern.ts";
import { narrowed, smallLogVolume } from "../src/model/logql.ts";
import { alert, logSignal, type Pack } from "../src/model/pack.ts";
import type { PlatformProps } from "../src/model/platform-props.ts";
import { anyOf } from "../src/model/promql.ts";
import { count, days, formatDuration, hours, linesPerSecond, minutes, seconds } from "../src/model/quantity.ts";

const perService = [...identityLabels];
const byService = `sum by (${perService.join(", ")})`;

/** The label that names what was found. */
export const forbiddenLabel = "pattern";

const rateWindow = minutes(5);
const rateOf = (lines: string): string => `${byService} (rate(${lines}[${formatDuration(rateWindow)}]))`;

/** Lines that tell of an error. Loki finds the level, whether it stands beside the line or within it. */
export const errorLines = (streams: string): string => `${streams} | detected_level=~"error|fatal|critical"`;

/** Lines of level warn; Loki calls every way to write it so. */
const warningLines = (streams: string): string => `${streams} | detected_level="warn"`;

export const logWarningRate = logSignal({
  name: "log_warning_rate",
  title: "Warnings in logs per second",
  description: "Lines of level warn, per second, over the last 5 minutes. Zero where there are none.",
  unit: "lines/second",
  labels: perService,
  window: rateWindow,
  logql: (streams) => `${rateOf(warningLines(streams))} or 0 * ${rateOf(streams)}`,
});

/** Long enough that a burst is no trouble, short enough that a day's budget is not spent before anybody knows. */
const volumeWindow = minutes(15);
const bytesPerDay = (streams: string): string =>
  `${days(1).value} * ${byService} (bytes_rate(${streams}[${formatDuration(volumeWindow)}]))`;

export const logVolume = logSignal({
  name: "log_volume",
  title: "Volume of logs, per day",
  description: "Bytes of lines that reach Loki, as many as they were in a day if it went on like the last 15 minutes.",
  unit: "bytes",
  labels: perService,
  window: volumeWindow,
  logql: bytesPerDay,
});

const spikeAlert = "LogVolumeSpike";
/** As long as what it is compared with, so that one burst counts as much there as here. */
const spikeWindow = minutes(10);
/** When it was as usual: a while ago, so that a spike is not compared with itself, and a day ago for what comes every day. */
const usualTimes = [hours(1), hours(2), days(1)];

export const logSpike = logSignal({
  name: "log_spike",
  title: "Volume of logs, times as usual",
  description:
    "Bytes of the last 10 minutes against the most in as long a time one and two hours ago and a day ago, to which 20 MiB a day are added: of a service that hardly logs, a little more is no spike. Zero where nothing was logged then.",
  unit: "times",
  labels: perService,
  window: spikeWindow,
  reach: seconds(hours(2).value + spikeWindow.value),
  isWanted: ({ services, thresholds }) =>
    [thresholds, ...services.map((one) => one.thresholds)].some((own) => own?.[spikeAlert] !== undefined),
  logql: (streams) => {
    const volume = (offset = "") =>
      `${days(1).value} * ${byService} (bytes_rate(${streams}[${formatDuration(spikeWindow)}]${offset}))`;
    // Each with a label of its own, or only the first would be left.
    const usual = usualTimes.map(
      (ago) => `label_replace(${volume(` offset ${formatDuration(ago)}`)}, "ago", "${formatDuration(ago)}", "", "")`,
    );
    const ratio = `${volume()} / (max by (${perService.join(", ")}) (${usual.join(" or ")}) + ${smallLogVolume.value})`;
    // Of a service that is new nobody can say what is usual.
    return `${ratio} or 0 * ${volume()}`;
  },
});

/** Where the bytes of a service come from; neither is a label of streams, so there are no more of these for it. */
const volumeBy = (label: string, name: string, title: string, description: string) =>
  logSignal({
    name,
    title,
    description,
    unit: "bytes",
    labels: [...perService, label],
    window: volumeWindow,
    logql: (streams) =>
      `${days(1).value} * sum by (${[...perService, label].join(", ")}) (bytes_rate(${streams}[${formatDuration(volumeWindow)}]))`,
  });

export const logVolumeOfLevels = volumeBy(
  "detected_level",
  "log_volume_of_levels",
  "Volume of logs by level, per day",
  "Bytes of lines of each level, as many as they were in a day if it went on like the last 15 minutes.",
);

export const logVolumeOfInstances = volumeBy(
  "service_instance_id",
  "log_volume_of_instances",
  "Volume of logs by instance, per day",
  "Bytes of lines of each instance, as many as they were in a day if it went on like the last 15 minutes.",
);

const bytesPerGib = 1024 ** 3;

export const logCost = logSignal({
  name: "log_cost",
  title: "Cost of logs, per day",
  description:
    "What the volume of a day costs at `logs.price_per_gib`, in the currency in which that is written. Whoever is paid for the logs counts, this estimates.",
  unit: "score",
  labels: perService,
  window: volumeWindow,
  isWanted: ({ logs }) => logs?.pricePerGib !== undefined,
  logql: (streams, { logs }) => `${(logs?.pricePerGib?.value ?? 0) / bytesPerGib} * ${bytesPerDay(streams)}`,
});

export const logLineRate = logSignal({
  name: "log_line_rate",
  title: "Log lines per second",
  description: "Lines of the service that reached Loki, per second, over the last 5 minutes.",
  unit: "lines/second",
  labels: perService,
  window: rateWindow,
  logql: rateOf,
});

export const logErrorRate = logSignal({
  name: "log_error_rate",
  title: "Errors in logs per second",
  description:
    "Lines of level error, fatal or critical, per second, over the last 5 minutes. Zero where there are none.",
  unit: "lines/second",
  labels: perService,
  window: rateWindow,
  // `or` gives services without any error a zero: a graph without a line looks like one that is broken.
  logql: (streams) => `${rateOf(errorLines(streams))} or 0 * ${rateOf(streams)}`,
});

const silence = minutes(10);
const linesIn = (streams: string, offset = ""): string =>
  `${byService} (count_over_time(${streams}[${formatDuration(silence)}]${offset}))`;

export const logsMissing = logSignal({
  name: "logs_missing",
  title: "Log lines that no longer come",
  description:
    "Lines in the same 10 minutes an hour ago, or else a day ago, where there is not a single one in the last 10 minutes. Zero where lines come.",
  unit: "count",
  labels: perService,
  window: silence,
  // What was there two times in the past is cheap to ask, unlike a whole day; and it stays missing for a day.
  reach: seconds(hours(1).value + silence.value),
  logql: (streams) =>
    [
      `(${linesIn(streams, " offset 1h")} or ${linesIn(streams, " offset 1d")}) unless ${linesIn(streams)}`,
      `or 0 * ${linesIn(streams)}`,
    ].join(" "),
});

/** The first line counts, and is seen for as long as somebody may need to look. */
const lookedBack = minutes(10);

export const logForbiddenLines = logSignal({
  name: "log_forbidden_lines",
  title: "Lines that must never be logged",
  description:
    "Lines of the last 10 minutes in which a pattern was found that must never appear. The graph without a pattern is zero: lines are looked at.",
  unit: "count",
  labels: [...perService, forbiddenLabel],
  window: lookedBack,
  isWanted: (platform) => forbiddenParts(platform).length > 0,
  logql: (streams, platform) => {
    const lines = (of: string) => `${byService} (count_over_time(${of}[${formatDuration(lookedBack)}]))`;
    const found = forbiddenParts(platform).map(({ pattern, matcher }) => {
      const counted = lines(`${narrowed(streams, matcher)} ${forbiddenFilter(pattern)}`);
      return `label_replace(${counted}, "${forbiddenLabel}", "${pattern.name}", "", "")`;
    });
    return [...found, `0 * ${lines(streams)}`].join(" or ");
  },
});

/** Each pattern once, with the matcher of the services to which it is forbidden; none where it is to all. */
function forbiddenParts({ logs, services }: Pick<PlatformProps, "logs" | "services">) {
  const parts = new Map<string, { pattern: ForbiddenPattern; services: string[] }>();
  for (const { name, logs: own } of services) {
    for (const pattern of own?.never ?? []) {
      const key = `${pattern.name} ${forbiddenFilter(pattern)}`;
      const part = parts.get(key) ?? { pattern, services: [] };
      parts.set(key, part);
      part.services.push(name);
    }
  }
  return [
    ...(logs?.never ?? []).map((pattern) => ({ pattern, matcher: "" })),
    ...[...parts.values()].map(({ pattern, services: names }) => ({
      pattern,
      matcher: anyOf("service", names.sort()),
    })),
  ];
}

export const LogErrorsHigh = alert({
  name: "LogErrorsHigh",
  pack: "logs",
  signal: logErrorRate,
  above: { warning: linesPerSecond(1), critical: linesPerSecond(5) },
  for: minutes(5),
  summary: "{{ $labels.service }} logs {{ $value | humanize }} errors/s",
  impact:
    "Something in {{ $labels.service }} fails again and again: a request, a job or a connection. The lines say what.",
});

/** Has no level of its own: what many warnings are differs from service to service, so each says it who wants it. */
export const LogWarningsHigh = alert({
  name: "LogWarningsHigh",
  pack: "logs",
  signal: logWarningRate,
  above: {},
  for: minutes(5),
  summary: "{{ $labels.service }} logs {{ $value | humanize }} warnings/s",
  impact:
    "{{ $labels.service }} still does what it should, but something it counts on is not as it was: retries, fallbacks, limits that come near.",
});

/** Nor has this one: it is the budget of a service. */
export const LogVolumeHigh = alert({
  name: "LogVolumeHigh",
  pack: "logs",
  signal: logVolume,
  above: {},
  for: minutes(5),
  summary: "{{ $labels.service }} logs {{ $value | humanize1024 }}B a day, if it goes on like this",
  impact:
    "The logs of {{ $labels.service }} cost more than they should, and may reach the limit above which Loki refuses lines, then those of others too.",
});

/** Nor this one: how much more than usual is too much. */
export const LogVolumeSpike = alert({
  name: spikeAlert,
  pack: "logs",
  signal: logSpike,
  above: {},
  for: minutes(5),
  summary: "{{ $labels.service }} logs {{ $value | humanize }} times as much as usual",
  impact:
    "Something in {{ $labels.service }} repeats itself or says too much: its logs cost that many times as much while it lasts, and Loki may refuse lines of it and of others.",
});

export const LogsMissing = alert({
  name: "LogsMissing",
  pack: "logs",
  signal: logsMissing,
  above: { warning: count(0) },
  for: minutes(5),
  summary: "{{ $labels.service }} logs nothing any more",
  impact:
    "{{ $labels.service }} may have stopped, or its lines get lost on the way: whatever it reports now, nobody can read it.",
});

export const LogForbiddenPattern = alert({
  name: "LogForbiddenPattern",
  pack: "logs",
  signal: logForbiddenLines,
  above: { critical: count(0) },
  // One line is enough: it is looked at for longer than this.
  for: minutes(1),
  canReach: ({ forbidden }) => forbidden.length > 0,
  summary: "{{ $labels.service }} logged what must never be logged: {{ $labels.pattern }}",
  impact:
    "What was found in lines of {{ $labels.service }} should be in no log: a secret that has to be replaced, data that others may not see, or a failure that cannot happen.",
});

export const logs: Pack = {
  name: "logs",
  title: "Logs",
  signals: [
    logErrorRate,
    logWarningRate,
    logLineRate,
    logVolume,
    logVolumeOfLevels,
    logVolumeOfInstances,
    logSpike,
    logCost,
    logsMissing,
    logForbiddenLines,
  ],
  alerts: [LogErrorsHigh, LogsMissing, LogForbiddenPattern, LogWarningsHigh, LogVolumeHigh, LogVolumeSpike],
};
