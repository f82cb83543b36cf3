import { didYouMean } from "../config/did-you-mean.ts";
import type { Finding, FindingSeverity, Place } from "../model/finding.ts";
import type { AlertCoverage } from "./coverage.ts";
import type { SuiteResult } from "./suite.ts";

/** What is looked for besides promtool's verdict, and how much it matters unless the user says otherwise. */
export const suiteRules = {
  "promtool/misspelt-alert": "error",
  "promtool/missing-rule-file": "error",
  "promtool/nothing-asserted": "warning",
  "promtool/ignored-series": "warning",
  "promtool/ignored-document": "warning",
  "promtool/never-silent": "info",
  "promtool/never-fires": "info",
  "promtool/untested": "info",
} as const satisfies Record<string, FindingSeverity>;

export type SuiteRule = keyof typeof suiteRules;

/** Severities that the user set; `off` leaves a finding out. */
export type Severities = Readonly<Partial<Record<SuiteRule, FindingSeverity | "off">>>;

type Found = Omit<Finding, "rule" | "severity"> & { rule: SuiteRule };

/** Everything doubtful about the files, none of which is part of promtool's verdict. */
export function suiteFindings(
  suites: readonly SuiteResult[],
  coverage: readonly AlertCoverage[],
  severities: Severities = {},
): Finding[] {
  const found = [...suites.flatMap(findingsOfFile), ...coverage.flatMap(findingsOfAlert)];
  return found.flatMap(({ rule, ...rest }) => {
    const severity = severities[rule] ?? suiteRules[rule];
    return severity === "off" ? [] : [{ rule, severity, ...rest }];
  });
}

const findingsOfFile = (suite: SuiteResult): Found[] =>
  suite.faults.length > 0 || suite.stopped !== undefined
    ? []
    : [missingRuleFiles, nothingAsserted, misspeltAlerts, ignoredSeries, ignoredDocuments].flatMap((look) =>
        look(suite),
      );

const missingRuleFiles = ({ file, unmatched }: SuiteResult): Found[] =>
  unmatched.map(({ pattern, line }) => ({
    rule: "promtool/missing-rule-file",
    place: { file, line },
    summary: `rule_files names ${JSON.stringify(pattern)}, which matches no file.`,
    detail: "promtool only warns and tests without these rules: every alert in them counts as silent.",
    fix: "correct the path; it is relative to the folder of this file",
  }));

function nothingAsserted({ file, groups }: SuiteResult): Found[] {
  const rule = "promtool/nothing-asserted";
  const fix = "add alert_rule_test or promql_expr_test";
  if (groups.every((group) => group.passed && group.alerts.length + group.exprTests === 0))
    return [{ rule, place: { file }, summary: "The file asserts nothing, so it can only pass.", fix }];
  return groups
    .filter((group) => group.passed && group.alerts.length + group.exprTests === 0)
    .map(({ name, line }) => ({ rule, place: { file, line }, summary: `Test ${name} asserts nothing.`, fix }));
}

function misspeltAlerts({ file, groups, rules, unmatched }: SuiteResult): Found[] {
  // Where rules are missing, or could not be read, the alert may well be in them.
  if (unmatched.length > 0 || rules.length === 0) return [];
  const known = new Set(rules.flatMap(({ alert }) => alert ?? []));
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
  return groups.flatMap(({ alerts }) =>
    alerts
      .filter(({ alert }) => alert !== "" && !known.has(alert))
      .map(({ alert, line, expected }) => {
        const meant = didYouMean(alert, known);
        return {
          rule: "promtool/misspelt-alert",
          place: { file, line },
          summary: `No rule is called ${alert}${recorded.has(alert) ? ": that is a recording rule" : ""}.`,
          detail:
            expected.length > 0
              ? "It can never fire."
              : "The test says that it is silent, which is true of every alert that does not exist: promtool passes it.",
          fix:
            meant === undefined
              ? "name one of the alerts in rule_files, or add the rule file"
              : `did you mean ${meant}?`,
        };
      }),
  );
}

function ignoredSeries({ file, groups }: SuiteResult): Found[] {
  const rule = "promtool/ignored-series";
  return groups.flatMap(({ unread, replaced }) => [
    ...unread.map(
      ({ series, line }) =>
        ({
          rule,
          place: { file, line } satisfies Place,
          summary: `The input series ${series} is not read.`,
          detail: "A series before it ends in an empty line or a comment, and promtool reads no further.",
          fix: "write values in one line, or as a folded block without an end (>-)",
        }) as const,
    ),
    ...replaced.map(
      ({ series, line }) =>
        ({
          rule,
          place: { file, line } satisfies Place,
          summary: `The input series ${series} is given again further down, which replaces it.`,
          fix: "give it once",
        }) as const,
    ),
  ]);
}

const ignoredDocuments = ({ unreadDocuments }: SuiteResult): Found[] =>
  unreadDocuments.map((place) => ({
    rule: "promtool/ignored-document",
    place,
    summary: "A second YAML document begins here, which is not read.",
    detail: "promtool and Prometheus read the first one only, without a word about the rest.",
    fix: "make it a file of its own, or remove the line --- before it",
  }));

function findingsOfAlert({ alert, file, line, firing, silent, otherwise }: AlertCoverage): Found[] {
  const place = { file, line };
  // What a query such as count(ALERTS{…}) asserts of it, nobody can tell without evaluating it.
  if (otherwise > 0) return [];
  if (firing + silent === 0)
    return [
      {
        rule: "promtool/untested",
        place,
        summary: `No test speaks of ${alert}.`,
        fix: "test when it fires and when it does not",
      },
    ];
  if (firing === 0)
    return [
      {
        rule: "promtool/never-fires",
        place,
        summary: `No test expects ${alert} to fire.`,
        detail: "A rule that never fires would pass.",
        fix: "add a case in which it fires",
      },
    ];
  if (silent === 0)
    return [
      {
        rule: "promtool/never-silent",
        place,
        summary: `No test expects ${alert} to be silent.`,
        detail: "A rule that always fires would pass.",
        fix: "add a case with exp_alerts: []",
      },
    ];
  return [];
}
