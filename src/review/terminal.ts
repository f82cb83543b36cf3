import colors from "picocolors";
import { type Finding, type FindingSeverity, placeText } from "../model/finding.ts";
import { type ProgressState, progressLine, TimeLeft } from "./progress.ts";

const severityColors: Record<FindingSeverity, (text: string) => string> = {
  error: colors.red,
  warning: colors.yellow,
  info: colors.cyan,
};

/** A finding as a terminal shows it: place first, so that editors make it a link; then what, why and the way out. */
export function findingText({ severity, rule, place, summary, detail, fix }: Finding): string {
  const lines = [`${placeText(place)} ${severityColors[severity](severity)}: ${summary} ${colors.dim(`(${rule})`)}`];
  if (detail) lines.push(`  ${detail}`);
  if (fix) lines.push(`  ${colors.green("→")} ${fix}`);
  return lines.join("\n");
}

/** `1 alert`, `2 alerts`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

export interface Progress {
  /** Says what is being done now, and where that is known how much of how much is done. */
  step(text: string, done?: number, all?: number): void;
  done(): void;
}

const redrawMs = 250;
/** Work that takes no longer than this is not spoken of. */
const silentMs = 2_000;
const ciLineMs = 10_000;

/**
 * Shows how far work is and when it will be done: in one line that is rewritten on a terminal, in a line every 10 s in CI
 * (where `CI` is set), not at all elsewhere.
 */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const onTerminal = stream.isTTY && process.env.TERM !== "dumb";
  if (!onTerminal && !process.env.CI) return { step: () => {}, done: () => {} };
  const startedMs = Date.now();
  let text = "";
  let amount: ProgressState["amount"];
  let left = new TimeLeft();
  const line = (columns?: number) => {
    const secondsLeft = amount && left.update(amount.done, amount.all, Date.now());
    const elapsedSeconds = Math.floor((Date.now() - startedMs) / 1000);
    return progressLine({ text, elapsedSeconds, amount, secondsLeft }, columns);
  };
  const redraw = () => {
    if (Date.now() - startedMs >= silentMs) stream.write(`\r\x1b[2K${colors.dim(line(stream.columns || 80))}`);
  };
  const timer = onTerminal ? setInterval(redraw, redrawMs) : setInterval(() => stream.write(`${line()}\n`), ciLineMs);
  timer.unref();
  return {
    step(next, done, all) {
      // Another piece of work has a rate of its own.
      if (next !== text) left = new TimeLeft();
      text = next;
      amount = done === undefined || !all ? undefined : { done, all };
      if (amount) left.update(amount.done, amount.all, Date.now());
    },
    done() {
      clearInterval(timer);
      if (onTerminal) stream.write("\r\x1b[2K");
    },
  };
}
