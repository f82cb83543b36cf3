import { parse } from "yaml";
import type { RuleFile } from "../engine/rules.ts";
import type { AnnotationName } from "../model/conventions.ts";

/**
 * Chooses from rule files, in their order, those on which a verdict about some alerts can depend: the files with rules
 * of these alerts, and those that record what a chosen file names, be it in an expression or in a message. A drill that
 * lives through three days need not evaluate what nobody looks at. What is only asked for to say a cause is left out, too:
 * it compares with days and weeks before, which a drill does not have.
 */
export function rulesNeeded(files: readonly RuleFile[]): (alerts: readonly string[]) => RuleFile[] {
  const known = files.map((file) => ({ file, ...namesIn(file) }));
  return (alerts) => {
    const chosen = new Set(known.filter((one) => alerts.some((alert) => one.alerts.has(alert))));
    // A set grows while it is walked through.
    for (const { text } of chosen) {
      for (const one of known) if (one.recorded.some((name) => text.includes(name))) chosen.add(one);
    }
    return known.filter((one) => chosen.has(one)).map(({ file }) => file);
  };
}

type Rules = { groups?: { rules?: { alert?: string; record?: string }[] }[] } | null;

function namesIn({ yaml }: RuleFile) {
  const rules = (parse(yaml) as Rules)?.groups?.flatMap((group) => group.rules ?? []) ?? [];
  const cause: AnnotationName = "cause";
  return {
    text: JSON.stringify(rules, (key, value) => (key === cause ? undefined : value)),
    alerts: new Set(rules.flatMap(({ alert }) => alert ?? [])),
    recorded: rules.flatMap(({ record }) => record ?? []),
  };
}
