import { parse } from "yaml";
import type { AnnotationName } from "../model/conventions.ts";
import type { RuleFile } from "./rules.ts";

/**
 * Chooses from rule files, in their order, those on which a verdict about some alerts can depend: the files with rules
 * of these alerts, and those that record what a chosen file names, be it in an expression or in a message. A drill that
 * lives through three days need not evaluate what nobody looks at. What is only asked for to say a cause is left out, too:
 * it compares with days and weeks before, which a drill does not have.
 */
export function rulesNeeded(files: readonly RuleFile[]): (alerts: readonly string[]) => RuleFile[] {
  const known = files.map(namesIn);
  return (alerts) =>
    withRecorded(
      known.filter((one) => alerts.some((alert) => one.alerts.has(alert))),
      known,
    );
}

/** Those that record what some queries name, and whatever is recorded for it. */
export function rulesRecording(queries: readonly string[], files: readonly RuleFile[]): RuleFile[] {
  const known = files.map(namesIn);
  return withRecorded(
    known.filter(({ recorded }) => recorded.some((name) => queries.some((query) => query.includes(name)))),
    known,
  );
}

function withRecorded(first: readonly NamedFile[], known: readonly NamedFile[]): RuleFile[] {
  const chosen = new Set(first);
  // A set grows while it is walked through.
  for (const { text } of chosen) {
    for (const one of known) if (one.recorded.some((name) => text.includes(name))) chosen.add(one);
  }
  return known.filter((one) => chosen.has(one)).map(({ file }) => file);
}

type Rules = { groups?: { rules?: { alert?: string; record?: string }[] }[] } | null;

type NamedFile = ReturnType<typeof namesIn>;

function namesIn(file: RuleFile) {
  const rules = (parse(file.yaml) as Rules)?.groups?.flatMap((group) => group.rules ?? []) ?? [];
  const cause: AnnotationName = "cause";
  return {
    file,
    text: JSON.stringify(rules, (key, value) => (key === cause ? undefined : value)),
    alerts: new Set(rules.flatMap(({ alert }) => alert ?? [])),
    recorded: rules.flatMap(({ record }) => record ?? []),
  };
}
