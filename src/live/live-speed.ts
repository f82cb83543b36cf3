import { compareText } from "../model/finding.ts";
import { type Duration, formatDuration, parseQuantity, seconds } from "../model/quantity.ts";

/** A duration that was shortened: what it is called, what was written there and what stands there for the run. */
export interface SpeedChange {
  name: string;
  from: string;
  to: string;
}

export interface Sped<T> {
  content: T;
  changes: SpeedChange[];
}

/**
 * Keys of Prometheus' and Alertmanager's configuration and rule files that hold a duration. Times of day (mute and
 * active intervals) are none of them: they cannot be sped up.
 */
const durationKeys: ReadonlySet<string> = new Set([
  "scrape_interval",
  "scrape_timeout",
  "evaluation_interval",
  "rule_query_offset",
  "interval",
  "limit_interval",
  "query_offset",
  "for",
  "keep_firing_for",
  "resolve_timeout",
  "group_wait",
  "group_interval",
  "repeat_interval",
]);

/** What these hold is anybody's: a label may be called `for`. */
const freeKeys: ReadonlySet<string> = new Set(["labels", "annotations", "external_labels", "params"]);

/**
 * Divides every duration of a parsed configuration or rule file by `factor`, those inside PromQL expressions too,
 * and leaves everything else as it is: what runs is what is deployed, only faster. Texts keep their durations, so a
 * message still says "for 5m".
 */
export function speedUp<T>(content: T, factor: number): Sped<T> {
  const changes: SpeedChange[] = [];
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string" && durationKeys.has(key)) return shorten(key, value, factor, changes);
    if (typeof value === "string" && key === "expr") {
      const sped = speedUpExpression(value, factor);
      changes.push(...sped.changes);
      return sped.content;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== "object" || value === null || freeKeys.has(key)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
  };
  return { content: walk(content, "") as T, changes };
}

/** What can hold a bracket or a word without meaning it comes first and is passed over: strings and comments. */
const expressionTokens =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|\[(?<range>[^\]]*)\]|\boffset\s+-?(?<offset>[\d][\da-z.]*)/g;

/**
 * Divides the ranges (`[5m]`), subquery steps (`[1h:1m]`) and offsets of a PromQL expression by `factor`. Seconds that
 * an expression has as plain numbers (`predict_linear(x[1h], 3600)`) are values, not durations, and stay.
 *
 * @throws Error when a range is not made of plain durations
 */
export function speedUpExpression(expression: string, factor: number): Sped<string> {
  const changes: SpeedChange[] = [];
  const content = expression.replace(expressionTokens, (token, ...rest) => {
    const { range, offset } = rest.at(-1) as { range?: string; offset?: string };
    if (range !== undefined) {
      const parts = range.split(":").map((part) => part.trim());
      return `[${parts.map((part) => part && shorten("range", part, factor, changes)).join(":")}]`;
    }
    return offset === undefined ? token : token.replace(offset, shorten("offset", offset, factor, changes));
  });
  return { content, changes };
}

function shorten(name: string, from: string, factor: number, changes: SpeedChange[]): string {
  const to = formatDuration(dividedBy(readDuration(from), factor));
  changes.push({ name, from, to });
  return to;
}

/**
 * Reads a duration as Prometheus writes it.
 *
 * @throws Error when the text is not one
 */
export function readDuration(text: string): Duration {
  const duration = parseQuantity("seconds", text);
  if (!duration) throw new Error(`cannot speed up "${text}": it is not a duration such as 5m or 1h30m`);
  return duration;
}

/** Divides a duration; what was not zero never becomes zero, which would switch off what it delays. */
export const dividedBy = ({ value }: Duration, factor: number): Duration =>
  seconds(value === 0 ? 0 : Math.max(value / factor, 0.001));

/** Each change once, in the order of names, then of the durations. */
export function distinctChanges(changes: readonly SpeedChange[]): SpeedChange[] {
  const byText = new Map(changes.map((change) => [`${change.name} ${change.from}`, change]));
  return [...byText.values()].sort(
    (a, b) => compareText(a.name, b.name) || readDuration(a.from).value - readDuration(b.from).value,
  );
}
