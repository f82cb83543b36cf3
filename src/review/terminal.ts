import colors from "picocolors";
import { type Finding, type FindingSeverity, placeText } from "../model/finding.ts";

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
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export interface Progress {
  /** Says what is being done now; shown when the work takes longer than two seconds. */
  step(text: string): void;
  done(): void;
}

/** A single line that is rewritten, on a terminal only, and only for work of more than two seconds. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { step: () => {}, done: () => {} };
  let text = "";
  const started = Date.now();
  const timer = setInterval(() => {
    const elapsedSeconds = Math.floor((Date.now() - started) / 1000);
    if (elapsedSeconds >= 2) stream.write(`\r\x1b[2K${colors.dim(`${text} … ${elapsedSeconds} s`)}`);
  }, 250);
  timer.unref();
  return {
    step: (next) => {
      text = next;
    },
    done: () => {
      clearInterval(timer);
      stream.write("\r\x1b[2K");
    },
  };
}
