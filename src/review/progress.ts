/** What a progress line says. */
export interface ProgressState {
  /** What is being done: `drilling every alert`. */
  text: string;
  elapsedSeconds: number;
  /** How much of it, where that is known. */
  amount?: { done: number; all: number };
  secondsLeft?: number;
}

const columnsForBar = 60;
const barColumns = 24;

/**
 * `drilling every alert  ██████░░░░░░  31 of 63  about 15 s left`
 *
 * @param columns of a terminal: the line is shorter than that. @default - as long as it takes, without a bar
 */
export function progressLine({ text, elapsedSeconds, amount, secondsLeft }: ProgressState, columns?: number): string {
  if (!amount) return shortened(`${text} … ${elapsedSeconds} s`, columns);
  const bar = columns !== undefined && columns >= columnsForBar ? [barOf(amount.done / amount.all)] : [];
  const left = secondsLeft === undefined ? [] : [leftText(secondsLeft)];
  return shortened([text, ...bar, `${amount.done} of ${amount.all}`, ...left].join("  "), columns);
}

/** A terminal breaks a line that fills it, and what is broken cannot be rewritten. */
const shortened = (line: string, columns = Infinity): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;

function barOf(share: number): string {
  const full = Math.round(barColumns * Math.min(1, share));
  return "█".repeat(full) + "░".repeat(barColumns - full);
}

/** Coarse, since more would pretend to know it. */
function leftText(seconds: number): string {
  if (seconds < 5) return "a few seconds left";
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  return `about ${Math.ceil(seconds / 60)} min left`;
}

/** Results after which a rate means something, and for how long. */
const enoughResults = 3;
const enoughMs = 1_000;
/** What is shown counts down by itself; it is corrected only when it is wrong by more than this share. */
const tolerance = 0.25;

/**
 * When work will be done, by the rate since its first result: threads that start, and what they read, would falsify it.
 * The estimate does not jump with every result that is faster or slower than the others.
 */
export class TimeLeft {
  #first: { done: number; atMs: number } | undefined;
  #endMs: number | undefined;

  /** @returns seconds; undefined while too little is known */
  update(done: number, all: number, nowMs: number): number | undefined {
    if (done > 0) this.#first ??= { done, atMs: nowMs };
    if (!this.#first || done - this.#first.done < enoughResults || nowMs - this.#first.atMs < enoughMs)
      return undefined;
    const leftMs = ((all - done) * (nowMs - this.#first.atMs)) / (done - this.#first.done);
    const shownMs = this.#endMs === undefined ? -1 : this.#endMs - nowMs;
    if (shownMs < 0 || Math.abs(leftMs - shownMs) > tolerance * Math.max(leftMs, shownMs)) this.#endMs = nowMs + leftMs;
    return Math.max(0, ((this.#endMs ?? nowMs) - nowMs) / 1000);
  }
}
