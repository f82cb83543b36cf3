import { parse } from "yaml";
import type { Engine } from "../engine/engine.ts";
import type { Matcher } from "../engine/parsed-expr.ts";
import type { RuleFile } from "../engine/rules.ts";
import { identityLabels, type Severity } from "../model/conventions.ts";

/** What is known of a rule without evaluating it. */
export interface RuleFacts {
  file: string;
  name: string;
  isAlert: boolean;
  severity: Severity | undefined;
  /** Whether its selectors let a service through. */
  selects(service: string): boolean;
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
  const rules = ruleFiles.flatMap(({ name: file, yaml }) => {
    const { groups } = (parse(yaml) ?? {}) as { groups?: { rules?: WrittenRule[] }[] };
    return (groups ?? []).flatMap((group) => (group.rules ?? []).map((rule) => ({ ...rule, file })));
  });
  const selectors = rules.map(({ expr }) => engine.parse(expr).selectors ?? []);
  // A selector without a metric's name may read anything.
  const reads = selectors.map((all) => all.map(({ metric }) => metric));
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

  return rules.map(({ file, alert, record = "", labels }, number) => ({
    file,
    name: alert ?? record,
    isAlert: alert !== undefined,
    severity: labels?.severity as Severity | undefined,
    selects: (service) =>
      (selectors[number] ?? []).every(({ matchers }) => matchers.every((one) => lets(one, service))),
    alerts: alertsAbove(number),
  }));
}

/** Whether a matcher lets a service through; one about another label does. */
export function lets({ name, op, value }: Matcher, service: string): boolean {
  if (name !== identityLabels[1]) return true;
  const isMatch = op.endsWith("~") ? new RegExp(`^(?:${value})$`).test(service) : service === value;
  return isMatch !== op.startsWith("!");
}
