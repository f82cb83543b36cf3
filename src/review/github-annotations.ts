import { relative, resolve } from "node:path";
import { withoutControls } from "./printable.ts";
import type { ReportEntry, ReportKind } from "./report.ts";

type Level = "error" | "warning";

/** GitHub shows no more than this of each level for one step. */
const shownPerLevel = 10;

/** These only sum up what other entries say in full. */
const summaries: readonly ReportKind[] = ["check", "alert"];

/**
 * Workflow commands that make GitHub show what is not well beside the line that it is about, one per line of output.
 *
 * @param workspace the repository's folder: GitHub wants paths relative to it
 */
export function githubAnnotations(entries: readonly ReportEntry[], workspace: string): string[] {
  const shown = entries.filter(({ kind, outcome }) => outcome !== "passed" && !summaries.includes(kind));
  return (["error", "warning"] as const).flatMap((level) => {
    const all = shown.filter((entry) => levelOf(entry) === level);
    const fitting = all.length <= shownPerLevel ? all : all.slice(0, shownPerLevel - 1);
    const commands = fitting.map((entry) => annotation(level, entry, workspace));
    const left = all.length - fitting.length;
    return left === 0 ? commands : [...commands, `::${level} title=firedrill::… and ${left} more; the log names them`];
  });
}

const levelOf = ({ outcome, data }: ReportEntry): Level =>
  outcome === "not-run" || data?.severity === "warning" ? "warning" : "error";

function annotation(level: Level, { name, place, outcome, message = "" }: ReportEntry, workspace: string): string {
  const file = place && relative(workspace, resolve(place.file)).replaceAll("\\", "/");
  const properties = Object.entries({ file, line: place?.line, col: place?.column, title: name })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${property(`${value}`)}`);
  const said = outcome === "not-run" ? `Not run: ${message}` : message;
  return `::${level} ${properties.join(",")}::${data(said || name)}`;
}

// As actions/toolkit escapes them and the runner reads them back: packages/core/src/command.ts.
const data = (text: string): string =>
  withoutControls(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
