import { parse } from "yaml";
import type { Engine, RuleFile } from "../engine/engine.ts";
import type { Severity } from "../model/conventions.ts";

/** What is known of a rule without evaluating it. */
export interface RuleFacts {
  name: string;
  isAlert: boolean;
  severity: Severity | undefined;
  /** Every alert whose result may depend on this rule, itself among them. */
  alerts: ReadonlySet<string>;
}

interface WrittenRule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: Readonly<Record<string, string>>;
}

/**
 * The rules of some files as a mutant counts them, with the alerts that read them, directly or through other rules.
 *
 * @param ruleFiles without faults
 */
export function ruleFacts(ruleFiles: readonly RuleFile[], engine: Engine): RuleFacts[] {
  const rules = ruleFiles.flatMap(({ yaml }) => {
    const { groups } = (parse(yaml) ?? {}) as { groups?: { rules?: WrittenRule[] }[] };
    return (groups ?? []).flatMap((group) => group.rules ?? []);
  });
  // A selector without a metric's name may read anything.
  const reads = rules.map(({ expr }) => engine.parse(expr).selectors?.map(({ metric }) => metric) ?? []);
  const readersOf = (name: string | undefined): number[] =>
    reads.flatMap((names, number) => (names.includes(name) || names.includes(undefined) ? [number] : []));

  function alertsAbove(start: number): Set<string> {
    const seen = new Set([start]);
    for (const number of seen) {
      const { alert, record } = rules[number] ?? {};
      for (const name of alert === undefined ? [record] : ["ALERTS", "ALERTS_FOR_STATE"]) {
        for (const reader of readersOf(name)) seen.add(reader);
      }
    }
    return new Set([...seen].flatMap((number) => rules[number]?.alert ?? []));
  }

  return rules.map(({ alert, record = "", labels }, number) => ({
    name: alert ?? record,
    isAlert: alert !== undefined,
    severity: labels?.severity as Severity | undefined,
    alerts: alertsAbove(number),
  }));
}
