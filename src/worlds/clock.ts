import { type Duration, formatDuration, seconds } from "../model/quantity.ts";

/**
 * Every drill takes place on this day, in UTC, so that it gives the same on every run. It is a Monday, far from any
 * change to summer time. Hours go on past 24, as in a timetable: `26:10` is ten past two in the following night.
 */
const midnightMs = Date.UTC(2026, 0, 5);

/** `12:05` or `12:05:30` as ms since the epoch; undefined when the text is no time of day. */
export function clockMs(text: string): number | undefined {
  const [, hours, minutes, secs = "0"] = /^(\d{2,3}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  return midnightMs + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(secs)) * 1000;
}

/** ms since the epoch as `12:05`, or `12:05:30` where it is not a whole minute; rounded to a second. */
export function clockText(ms: number): string {
  const total = Math.round((ms - midnightMs) / 1000);
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return (total % 60 === 0 ? parts.slice(0, 2) : parts).map((part) => `${part}`.padStart(2, "0")).join(":");
}

/** The time of day that is a number of seconds after another. */
export const later = (text: string, by: Duration): string => clockText((clockMs(text) ?? Number.NaN) + by.value * 1000);

/** `3m`, `1m30s`: how long it is from one moment to another, to the second. */
export const spanText = (fromMs: number, toMs: number): string =>
  formatDuration(seconds(Math.round(Math.abs(toMs - fromMs) / 1000)));
