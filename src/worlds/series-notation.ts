/** What is at one place of a series that is sampled at a fixed interval: a value, the end of the series, or nothing. */
export type Slot = number | "stale" | undefined;

/** The fewest values that are written as a progression. */
const leastProgression = 3;

/**
 * A series in the notation of promtool's unit tests: `0+5x3 7 _x2 stale`. Only whole numbers become progressions, since
 * promtool adds step by step, and sums of fractions would not be the same values.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export function seriesNotation(slots: readonly Slot[]): string {
  const tokens: string[] = [];
  for (let at = 0; at < slots.length; ) {
    const slot = slots[at];
    const length =
      typeof slot === "number" ? progressionLength(slots, at) : slot === undefined ? gapLength(slots, at) : 1;
    if (typeof slot === "number") tokens.push(progression(slot, Number(slots[at + 1]) - slot, length));
    else if (slot === "stale") tokens.push("stale");
    else tokens.push(length === 1 ? "_" : `_x${length}`);
    at += length;
  }
  return tokens.join(" ");
}

/** How many values from here on grow by the same whole step; 1 where it is not worth a word. */
function progressionLength(slots: readonly Slot[], from: number): number {
  const step = Number(slots[from + 1]) - Number(slots[from]);
  let length = 1;
  while (isWhole(slots[from + length]) && Number(slots[from + length]) - Number(slots[from + length - 1]) === step)
    length += 1;
  return isWhole(slots[from]) && length >= leastProgression ? length : 1;
}

const isWhole = (slot: Slot): boolean => Number.isSafeInteger(slot) && !Object.is(slot, -0);

function gapLength(slots: readonly Slot[], from: number): number {
  const end = slots.findIndex((slot, index) => index > from && slot !== undefined);
  return (end < 0 ? slots.length : end) - from;
}

/** `5`, `5x3` for four times the same, `5+2x3`, `5-2x3`. */
function progression(first: number, step: number, length: number): string {
  if (length === 1) return numberText(first);
  const sign = step < 0 ? "-" : "+";
  return `${first}${step === 0 ? "" : `${sign}${Math.abs(step)}`}x${length - 1}`;
}

/** An exponent's plus would begin a progression. */
const numberText = (value: number): string =>
  Object.is(value, -0) ? "-0" : `${value}`.replace("Infinity", "Inf").replace("e+", "e");
