import { version } from "../version.ts";
import { byKind, countOutcomes, type Report } from "./report.ts";

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const reportFormat = 1;

/** JSON for programs; docs/report.schema.json is its schema. */
export function jsonReport({ command, entries }: Report): string {
  const kinds = byKind(entries).map(([kind, some]) => [kind, countOutcomes(some)]);
  const report = {
    firedrill: version,
    format: reportFormat,
    command,
    counts: countOutcomes(entries),
    kinds: Object.fromEntries(kinds),
    entries,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
