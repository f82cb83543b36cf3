import { identityLabels } from "../src/model/conventions.ts";
import { alert, logSignal, type Pack } from "../src/model/pack.ts";
import { count, formatDuration, hours, linesPerSecond, minutes, seconds } from "../src/model/quantity.ts";

const perService = [...identityLabels];
const byService = `sum by (${perService.join(", ")})`;

const rateWindow = minutes(5);
const rateOf = (lines: string): string => `${byService} (rate(${lines}[${formatDuration(rateWindow)}]))`;

/** Lines that tell of an error. Loki finds the level, whether it stands beside the line or within it. */
export const errorLines = (streams: string): string => `${streams} | detected_level=~"error|fatal|critical"`;

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

export const logs: Pack = {
  name: "logs",
  title: "Logs",
  signals: [logErrorRate, logLineRate, logsMissing],
  alerts: [LogErrorsHigh, LogsMissing],
};
