import { formatQuantity, type Quantity } from "../model/quantity.ts";

/**
 * Levels by the lowest number that OpenTelemetry gives them (logs data model, SeverityNumber): to it, Python's critical
 * is what others call fatal.
 */
export const severityNumbers = { debug: 5, info: 9, warn: 13, error: 17, fatal: 21, critical: 21 } as const;
export type LogLevel = keyof typeof severityNumbers;

/** Lines that a service logs at an even rate. */
export interface LoggedLines {
  level: LogLevel;
  rate: Quantity<"lines/second">;
  /** @default "a job of its own" */
  text?: string;
  /** The whole line as it is, however the service writes others. @default - the text as the service writes it */
  line?: string;
}

/** `2/s lines of level error`. */
export const loggedText = ({ level, rate, line }: LoggedLines): string =>
  `${formatQuantity(rate)} lines of level ${level}, ${line === undefined ? "about no request" : quoted(line)}`;

/** As much of a line as anybody reads. */
const quoted = (line: string): string => JSON.stringify(line.length > 60 ? `${line.slice(0, 59)}…` : line);
