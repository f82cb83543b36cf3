import { severities } from "../model/conventions.ts";
import type { Finding, Place } from "../model/finding.ts";
import { isLogSignal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { variantIn } from "../model/promises.ts";
import { formatDuration, formatQuantity, seconds } from "../model/quantity.ts";
import { measurabilityProblem } from "../worlds/measurable.ts";
import type { Detection, Measurement } from "./measurement.ts";

/** A `rate` needs two samples; with fewer than four in its window a single lost scrape leaves it without. */
const leastSamples = 4;

/** A deviation of exactly the tolerance may come out a last digit larger. */
const rounding = 1e-9;

/**
 * What was measured and is not what was promised: an alert that never fires, one that fires at a value further from
 * its threshold than buckets and whole requests excuse, one that takes longer than its window and its `for`.
 *
 * @param placeOf where something stands in monitoring.yaml, by its path in it
 */
export function measuredFindings(
  measurements: readonly Measurement[],
  platform: Platform,
  placeOf: (path: readonly (string | number)[]) => Place,
): Finding[] {
  return measurements.flatMap((measured): Finding[] => {
    const index = platform.services.findIndex(({ name }) => name === measured.service);
    const whole = platform.services[index];
    const [environment = ""] = measured.environment?.split(", ") ?? [];
    const service = whole && variantIn(whole, environment);
    const problem = service && problemOf(measured, service, platform);
    if (!problem) return [];
    const { rule, summary, detail, fix, path = [] } = problem;
    const who = `${measured.alert} ${measured.severity} of ${measured.service}${measured.environment === undefined ? "" : ` in ${measured.environment}`}`;
    const place = placeOf(["services", index, ...path]);
    return [{ rule, severity: "error", place, summary: `${who} ${summary}.`, detail, fix }];
  });
}

interface Problem {
  rule: string;
  summary: string;
  detail: string;
  fix: string;
  /** Below the service in monitoring.yaml. */
  path?: string[];
}

function problemOf(measured: Measurement, service: Service, platform: Platform): Problem | undefined {
  const { firesAt, deviation = 0, tolerance, direction } = measured;
  const declared = quantity(measured, measured.declared);
  const late = measured.detections.find(({ seconds: took, allowed }) => took === undefined || took > allowed[1]);
  const early = measured.detections.find(({ seconds: took, allowed }) => took !== undefined && took < allowed[0]);
  if (firesAt === undefined) {
    return {
      rule: "measured/never-fires",
      summary: `never fires, though it is promised ${direction} ${declared}`,
      ...causeOf(
        measured,
        service,
        platform,
        `It was quiet at every value up to ${quantity(measured, measured.quietAt)}.`,
      ),
    };
  }
  if (Math.abs(deviation) > tolerance * (1 + rounding)) {
    return {
      rule: "measured/fires-elsewhere",
      summary: `fires ${direction} ${quantity(measured, measured.quietAt)}, not ${direction} ${declared}`,
      ...causeOf(
        measured,
        service,
        platform,
        `That is ${percentText(deviation)} off; ${percentText(tolerance, "±")} is all right.`,
      ),
    };
  }
  const off = late ?? early;
  return (
    off && {
      rule: late ? "measured/fires-late" : "measured/fires-early",
      summary: `fires ${late ? "later" : "sooner"} than its window and \`for\` say`,
      ...causeOf(measured, service, platform, `${detectionText(measured, off)}.`),
    }
  );
}

/** Why, as far as it is known: the buckets, too few samples in the window, or else the rule itself. */
function causeOf(
  measured: Measurement,
  service: Service,
  { intervals }: Platform,
  seen: string,
): Pick<Problem, "detail" | "fix" | "path"> {
  const promise = service.promises.get(measured.alert);
  const signal = promise?.alert.signal;
  const scrape = service.scrapeInterval;
  const onLogs = signal !== undefined && isLogSignal(signal);
  const window = onLogs ? undefined : signal?.window;
  const severity = severities.find((one) => one === measured.severity);
  const buckets = promise && severity && measurabilityProblem(promise, severity);
  if (buckets) return { detail: `${seen} ${buckets.cause}`, fix: buckets.fix, path: ["instrumentation"] };
  if (window && window.value < leastSamples * scrape.value) {
    const samples = Math.floor(window.value / scrape.value);
    return {
      detail: `${seen} Its window of ${formatDuration(window)} holds ${samples} scrapes, ${formatDuration(scrape)} apart: a rate over so few tells little.`,
      fix: `Set ${scrape.value === intervals.scrape.value ? "intervals.scrape" : "its scrape.interval"} to ${formatDuration(seconds(window.value / leastSamples))} or less.`,
    };
  }
  return {
    detail: `${seen} ${onLogs ? "Lines are counted one by one" : "Neither buckets nor scrapes explain that"}: the rule looks at something else, over another window or for longer than its signal says.`,
    fix: `Compare the rule of ${measured.alert} under generated/${onLogs ? "loki" : "prometheus"}/rules with its signal; npx firedrill test says which of its drills fail.`,
  };
}

/** `2.4 s is told after 6m, promised are 6m to 6m30s`. */
export function detectionText(measured: Measurement, { value, seconds: took, allowed }: Detection): string {
  const [from, to] = allowed.map((limit) => formatDuration(seconds(limit)));
  const promised = from === to ? from : `${from} to ${to}`;
  const told = took === undefined ? "never told" : `told after ${formatDuration(seconds(took))}`;
  return `${quantity(measured, value)} is ${told}, promised is ${promised}`;
}

/** Four digits can be read. */
export const quantity = ({ unit }: Measurement, value: number): string =>
  formatQuantity({ unit, value: Number(value.toPrecision(4)) });

/** `+4.2 %`, `−0.1 %`. */
export const percentText = (share: number, sign = share < 0 ? "−" : "+"): string =>
  `${sign}${(Math.abs(share) * 100).toFixed(1)} %`;
