import type { ReportEntry } from "../review/report.ts";
import { counted } from "../review/terminal.ts";
import type { AlertCoverage } from "./coverage.ts";
import { explainFailure, explainSuite } from "./explain.ts";
import type { SuiteResult } from "./suite.ts";

/** A test file as a report has it; `data.passed` is promtool's verdict, absent where there is none. */
export function fileEntry(suite: SuiteResult): ReportEntry {
  const { file, passed, faults, groups, alertTests, exprTests, stopped } = suite;
  const failed = groups.filter((group) => !group.passed);
  const [first] = failed.flatMap(({ failures }) => failures);
  return {
    kind: "file",
    name: file,
    outcome: stopped !== undefined || faults.length > 0 ? "error" : passed ? "passed" : "failed",
    place: { file, line: faults[0]?.line ?? first?.line },
    ...(!passed && { message: messageOf(suite), details: explainSuite(suite) }),
    data: {
      ...(stopped === undefined && { passed }),
      alertTests,
      exprTests,
      tests: groups.map(({ name, line, passed, failures }) => ({ name, line, passed, failures })),
    },
  };
}

function messageOf(suite: SuiteResult): string {
  const { faults, groups, stopped } = suite;
  if (stopped !== undefined) return stopped;
  if (faults[0]) return faults[0].message;
  const failures = groups.flatMap((group) => group.failures);
  const first = failures[0] ? explainFailure(suite, failures[0]).split("\n", 1)[0] : "";
  return failures.length > 1 ? `${first} (and ${counted(failures.length - 1, "more failure")})` : `${first}`;
}

/** An alerting rule as a report has it: how often tests say that it fires and that it does not. */
export const alertEntry = ({
  alert,
  file,
  line,
  group,
  labels,
  firing,
  silent,
  otherwise,
}: AlertCoverage): ReportEntry => ({
  kind: "alert",
  name: alert,
  outcome: "passed",
  place: { file, line },
  message: `asserted to fire ${times(firing)}, to be silent ${times(silent)}${otherwise > 0 ? `, read by other queries ${times(otherwise)}` : ""}`,
  data: { group, labels, firing, silent, otherwise },
});

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** One line about all alerts: how many are tested from both sides. */
export function coverageLine(coverage: readonly AlertCoverage[]): string {
  const count = (is: (one: AlertCoverage) => boolean) => coverage.filter(is).length;
  const parts = [
    `${count(({ firing, silent }) => firing > 0 && silent > 0)} tested both firing and silent`,
    `${count(({ firing, silent }) => firing > 0 && silent === 0)} only firing`,
    `${count(({ firing, silent }) => firing === 0 && silent > 0)} only silent`,
    `${count(({ firing, silent, otherwise }) => firing + silent + otherwise === 0)} not at all`,
  ];
  const otherwise = count(({ firing, silent, otherwise }) => firing + silent === 0 && otherwise > 0);
  if (otherwise > 0) parts.splice(3, 0, `${otherwise} only by other queries`);
  return `${counted(coverage.length, "alert")}: ${parts.join(", ")}.`;
}
