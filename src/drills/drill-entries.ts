import type { ReportEntry } from "../review/report.ts";
import type { DrillResult, ExpectationResult } from "./drill-result.ts";
import { drillTitle, explainDrill } from "./explain-drill.ts";
import type { LeftOut } from "./left-out.ts";

type Outcome = DrillResult["outcome"];

/** A drill's result as a report has it. */
export function drillEntry(result: DrillResult): ReportEntry {
  const { pack, service, name, outcome, place, about, expects, failures } = result;
  const [first] = failures;
  return {
    kind: "drill",
    name: drillTitle(result),
    outcome,
    place,
    ...(first && { message: `${first.expected} ${first.happened}`, details: explainDrill(result) }),
    data: { pack, service, drill: name, about, expects, failures },
  };
}

/**
 * An entry for each severity of each alert that the drills name: as bad as what came of the expectations about it.
 * Expectations that name no severity are about every severity.
 */
export function alertEntries(results: readonly DrillResult[], without: readonly LeftOut[] = []): ReportEntry[] {
  const alerts = new Map<string, { pack: string } & ExpectationResult>();
  for (const { pack, expects } of results) {
    for (const one of expects.filter(({ severity }) => severity)) {
      const key = JSON.stringify([one.service, one.alert, one.severity]);
      if (!alerts.has(key)) alerts.set(key, { pack, ...one });
    }
  }
  return [...alerts.values()].map(({ pack, service, alert, severity }) => {
    const isAbout = (one: ExpectationResult) =>
      one.service === service && one.alert === alert && (one.severity ?? severity) === severity;
    const about = results.flatMap((result) => result.expects.filter(isAbout).map((one) => ({ ...one, result })));
    const countOf = (wanted: ExpectationResult["kind"]) => about.filter(({ kind }) => kind === wanted).length;
    const unmet = about.filter(({ outcome }) => outcome !== "passed");
    const names = new Set(unmet.map(({ result }) => result.name));
    const [first] = names;
    return {
      kind: "alert",
      name: drillTitle({ pack, service, name: `${alert} ${severity}` }),
      outcome: worst(about.map(({ outcome }) => outcome)),
      ...(first && { message: names.size === 1 ? first : `${first}, and ${names.size - 1} more` }),
      data: {
        pack,
        service,
        alert,
        severity,
        fires: countOf("fires"),
        quiet: countOf("quiet"),
        unmet: unmet.length,
        leftOut: without
          .filter((is) => is.service === service && is.alert === alert && is.severities.some((one) => one === severity))
          .map(({ boundaries, reason }) => ({ boundaries, reason })),
      },
    };
  });
}

const worst = (outcomes: readonly Outcome[]): Outcome =>
  (["error", "failed", "not-run"] as const).find((one) => outcomes.includes(one)) ?? "passed";
