/** Units a signal can have. `seconds` is also the unit of every duration. */
export type Unit =
  | "seconds"
  | "ratio"
  | "requests/second"
  | "lines/second"
  | "events/second"
  | "bytes"
  | "count"
  | "times"
  | "score";

/** A number that cannot be mistaken for another: `seconds(2)`, `percent(5)`. */
export interface Quantity<U extends Unit = Unit> {
  readonly unit: U;
  readonly value: number;
}

export type Duration = Quantity<"seconds">;

export const seconds = (value: number): Duration => ({ unit: "seconds", value });
export const minutes = (value: number): Duration => seconds(value * 60);
export const hours = (value: number): Duration => seconds(value * 3600);
export const days = (value: number): Duration => seconds(value * 86_400);
/** A share between 0 and 1. */
export const ratio = (value: number): Quantity<"ratio"> => ({ unit: "ratio", value });
/** A share given in percent: `percent(5)` is a ratio of 0.05. */
export const percent = (value: number): Quantity<"ratio"> => ratio(Number((value / 100).toPrecision(12)));
export const requestsPerSecond = (value: number): Quantity<"requests/second"> => ({ unit: "requests/second", value });
export const linesPerSecond = (value: number): Quantity<"lines/second"> => ({ unit: "lines/second", value });
/** How often something happens that is neither a request nor a log line. */
export const eventsPerSecond = (value: number): Quantity<"events/second"> => ({ unit: "events/second", value });
export const bytes = (value: number): Quantity<"bytes"> => ({ unit: "bytes", value });
export const count = (value: number): Quantity<"count"> => ({ unit: "count", value });
/** How many times as much as something else. */
export const times = (value: number): Quantity<"times"> => ({ unit: "times", value });
/** A number that has no unit and is not whole: how far a page's layout shifts. */
export const score = (value: number): Quantity<"score"> => ({ unit: "score", value });

const durationUnits: readonly (readonly [suffix: string, milliseconds: number])[] = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/**
 * Writes a duration as Prometheus does: `5m`, `1h30m`, `1s500ms`; `0s` for none.
 * Finer than a millisecond does not exist there: the value is rounded to it.
 */
export function formatDuration({ value }: Duration): string {
  let rest = Math.round(value * 1000);
  if (rest === 0) return "0s";
  let text = "";
  for (const [suffix, milliseconds] of durationUnits) {
    const whole = Math.floor(rest / milliseconds);
    // Weeks and days are written only when nothing is left over: 25h reads better than 1d1h.
    if (whole === 0 || (milliseconds >= 86_400_000 && rest % milliseconds !== 0)) continue;
    text += `${whole}${suffix}`;
    rest -= whole * milliseconds;
  }
  return text;
}

const quantityPatterns: { [U in Unit]: { pattern: RegExp; example: string; read: (text: string) => Quantity<U> } } = {
  seconds: {
    pattern: /^(?=\d)(\d+(\.\d+)?w)?(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?$/,
    example: "500ms, 2s, 1.5s, 5m, 1h30m",
    read: readDuration,
  },
  ratio: {
    pattern: /^\d+(\.\d+)?%$/,
    example: "0.5%, 5%, 99.9%",
    read: (text) => percent(Number(text.slice(0, -1))),
  },
  "requests/second": {
    pattern: /^\d+(\.\d+)?\/s$/,
    example: "0.5/s, 20/s",
    read: (text) => requestsPerSecond(Number(text.slice(0, -2))),
  },
  "lines/second": {
    pattern: /^\d+(\.\d+)?\/s$/,
    example: "0.5/s, 20/s",
    read: (text) => linesPerSecond(Number(text.slice(0, -2))),
  },
  "events/second": {
    pattern: /^\d+(\.\d+)?\/s$/,
    example: "0.1/s, 2/s",
    read: (text) => eventsPerSecond(Number(text.slice(0, -2))),
  },
  bytes: {
    pattern: /^\d+(\.\d+)?(B|KiB|MiB|GiB|TiB)$/,
    example: "512MiB, 20GiB, 1.5TiB",
    read: readBytes,
  },
  count: { pattern: /^\d+$/, example: "0, 10, 250", read: (text) => count(Number(text)) },
  times: { pattern: /^\d+(\.\d+)?x$/, example: "1x, 14.4x", read: (text) => times(Number(text.slice(0, -1))) },
  score: { pattern: /^\d+(\.\d+)?$/, example: "0.1, 0.25, 2", read: (text) => score(Number(text)) },
};

/** Each is 1024 times the one before it. */
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

function readBytes(text: string): Quantity<"bytes"> {
  const [, amount = "0", suffix = "B"] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return bytes(Number(amount) * 1024 ** byteUnits.indexOf(suffix as (typeof byteUnits)[number]));
}

function formatBytes(value: number, digits = 4): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  return `${Number((value / 1024 ** power).toPrecision(digits))} ${byteUnits[power]}`;
}

function readDuration(text: string): Duration {
  const milliseconds = new Map(durationUnits);
  let total = 0;
  for (const [, amount, suffix] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    total += Number(amount) * (milliseconds.get(suffix ?? "") ?? 0);
  }
  return seconds(Math.round(total) / 1000);
}

/** Source of the regular expression that a quantity of this unit must match in monitoring.yaml. */
export const quantityPattern = (unit: Unit): RegExp => quantityPatterns[unit].pattern;

/** Examples of how a quantity of this unit is written, for messages. */
export const quantityExample = (unit: Unit): string => quantityPatterns[unit].example;

/** Reads `2s`, `5%`, `20/s`; undefined when the text is not a quantity of this unit. */
export function parseQuantity<U extends Unit>(unit: U, text: string): Quantity<U> | undefined {
  const { pattern, read } = quantityPatterns[unit];
  return text !== "" && pattern.test(text) ? (read(text) as Quantity<U>) : undefined;
}

/** Four digits of hours or days, where seconds would be more of them than one can read. */
function formatSeconds(value: number): string {
  const [unit, suffix] = value >= 172_800 ? [86_400, "d"] : value >= 7200 ? [3600, "h"] : [1, "s"];
  return `${unit === 1 ? value : Number((value / unit).toPrecision(4))} ${suffix}`;
}

/** As `formatQuantity`, but with every digit of what somebody has set: `138h53m` and not `5.787 d`, `4.1015625 MiB`. */
export function formatThreshold(quantity: Quantity): string {
  const text = formatQuantity(quantity);
  const { unit, value } = quantity;
  if (unit === "bytes") return formatBytes(value, 12);
  if (unit !== "seconds") return text;
  return readDuration(text.replace(" ", "")).value === value ? text : formatDuration(seconds(value));
}

/** Writes a quantity as messages have it, long ones with four digits: `1.5 s`, `2.5 d`, `5 %`, `20/s`, `3`. */
export function formatQuantity(quantity: Quantity): string {
  switch (quantity.unit) {
    case "seconds":
      return formatSeconds(quantity.value);
    case "ratio":
      return `${Number((quantity.value * 100).toPrecision(12))} %`;
    case "requests/second":
    case "lines/second":
    case "events/second":
      return `${quantity.value}/s`;
    case "bytes":
      return formatBytes(quantity.value);
    case "count":
    case "score":
      return `${quantity.value}`;
    case "times":
      return `${quantity.value}x`;
  }
}
