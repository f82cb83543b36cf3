import { resolve } from "node:path";
import type { AlertAssertion, TestedRule } from "../engine/unit-test.ts";
import type { QueriedAlert } from "./queried-alerts.ts";
import type { SuiteResult } from "./suite.ts";

/** How often tests speak of one alerting rule. */
export interface AlertCoverage {
  /** the rule file, as the first test names it */
  file: string;
  group: string;
  line?: number;
  alert: string;
  /** those that all its alerts share: they tell apart rules of one name */
  labels: Record<string, string>;
  /** assertions that it fires, and that it does not */
  firing: number;
  silent: number;
  /** queries that read it among other things */
  otherwise: number;
}

/** Counts, for every alerting rule that the files test together, how often it is asserted to fire and to be silent. */
export function coverageOf(suites: readonly SuiteResult[]): AlertCoverage[] {
  const coverage = new Map<string, AlertCoverage>();
  for (const { rules, groups, queriedAlerts } of suites) {
    const assertions = groups.flatMap(({ alerts }) => alerts);
    for (const [number, rule] of rules.entries()) {
      if (rule.alert === undefined) continue;
      const namesakes = rules.filter(({ alert }) => alert === rule.alert);
      const place = rule.line ?? number;
      const key = JSON.stringify([resolve(rule.file), rule.group, rule.alert, place]);
      const { file, group, line, alert, labels } = rule;
      const known = coverage.get(key) ?? { file, group, line, alert, labels, firing: 0, silent: 0, otherwise: 0 };
      coverage.set(key, known);
      for (const assertion of assertions) {
        if (assertion.alert !== rule.alert) continue;
        if (expectsFiring(assertion, rule, namesakes)) known.firing += 1;
        else known.silent += 1;
      }
      for (const query of queriedAlerts) {
        if (!mayRead(query, rule)) continue;
        if (query.expected === undefined) known.otherwise += 1;
        else if (expectsFiring({ expected: query.expected }, rule, namesakes)) known.firing += 1;
        else known.silent += 1;
      }
    }
  }
  return [...coverage.values()];
}

/** Whether a query for alerts of this name can give this rule's, as far as its labels are always the same. */
const mayRead = ({ alert, labels }: QueriedAlert, rule: TestedRule): boolean =>
  alert === rule.alert &&
  Object.entries(labels).every(([name, value]) => rule.labels[name] === undefined || rule.labels[name] === value);

/** Whether one of the expected alerts is this rule's. Where the labels fit no rule of the name, all of them are meant. */
function expectsFiring(
  { expected }: Pick<AlertAssertion, "expected">,
  rule: TestedRule,
  namesakes: readonly TestedRule[],
): boolean {
  return expected.some((labels) => fits(labels, rule) || !namesakes.some((other) => fits(labels, other)));
}

const fits = (labels: Record<string, string>, rule: TestedRule): boolean =>
  Object.entries(rule.labels).every(([name, value]) => labels[name] === value);
