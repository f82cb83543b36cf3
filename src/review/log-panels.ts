import colors from "picocolors";
import type { RuleFile } from "../engine/rules.ts";
import { logRules } from "../loki/log-rules.ts";
import { LogqlError, type LokiClient } from "../loki/loki-client.ts";
import type { Artifact } from "../model/artifact.ts";
import { type Place, placeText } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { type DashboardQueries, dashboardQueries, queriesFrom } from "./dashboard-queries.ts";
import { type AskedPanel, askedPanels, askedVariables } from "./empty-panels.ts";
import { healthyLog } from "./healthy-log.ts";
import { representative } from "./healthy-platform.ts";
import type { ReportEntry } from "./report.ts";
import { counted } from "./terminal.ts";

/** A LogQL query of a panel, or what an alert compares: only Loki can tell whether it returns something. */
export interface LogQuery {
  /** `panel "Errors per second" of "Logs"`, `alert LogErrorsHigh` */
  name: string;
  place: Place;
  logql: string;
  /** On which the panel is. */
  dashboard?: DashboardQueries;
}

export interface LogQueryResult extends Pick<LogQuery, "name" | "place"> {
  outcome: "passed" | "failed" | "not-run";
  /** `It is empty with service checkout although all is well.` */
  message?: string;
  details?: string[];
}

/** Every LogQL query of panels, and every signal that a LogQL rule compares, as they are deployed. */
export function logQueries(logRuleFiles: readonly RuleFile[], dashboardFiles: readonly Artifact[]): LogQuery[] {
  const dashboards = dashboardFiles.map(({ path, text }) => queriesFrom("loki", dashboardQueries(path, text)));
  return [
    ...dashboards.flatMap((dashboard) =>
      dashboard.panels.map(({ panel, expr }) => ({
        name: `panel ${JSON.stringify(panel)} of ${JSON.stringify(dashboard.title)}`,
        place: { file: dashboard.file },
        logql: expr,
        dashboard,
      })),
    ),
    ...logRules(logRuleFiles).questions.map(({ series, logql, file, line }) => ({
      name: `alert ${series.split(":")[1]}`,
      place: { file, line },
      logql,
    })),
  ];
}

/**
 * Asks Loki every query about a platform on which all is well: panels with all variables at "All", and then with each
 * value of each variable. An empty answer fails.
 *
 * @param loki undefined: none is run
 */
export async function askLogQueries(
  queries: readonly LogQuery[],
  platform: Platform,
  loki: LokiClient | undefined,
): Promise<LogQueryResult[]> {
  if (!loki) return queries.map(({ name, place }) => ({ name, place, outcome: "not-run", message: withoutLoki }));
  if (queries.length === 0) return [];
  const { services } = representative(
    platform,
    queries.map(({ logql }) => logql),
  );
  const log = await healthyLog(platform, services, loki);
  const { scrape } = platform.intervals;

  async function answer({ logql, dashboard }: LogQuery): Promise<Answer> {
    if (!dashboard) return (await log.isEmpty(logql)) ? silentSignal(logql) : { outcome: "passed" };
    const alone = { ...dashboard, panels: dashboard.panels.filter(({ expr }) => expr === logql).slice(0, 1) };
    const variables = askedVariables([alone], scrape);
    const found = new Map<string, Record<string, string>[]>();
    for (const { asked, variable } of variables) found.set(asked, await log.labelled(asked, variable.label));
    const empty: AskedPanel[] = [];
    for (const one of askedPanels([alone], variables, found, scrape)) {
      if (await log.isEmpty(one.asked)) empty.push(one);
      // What is empty at "All" is empty with each value.
      if (empty.some(({ chosen }) => !chosen)) break;
    }
    return emptyPanel(empty);
  }

  const results: LogQueryResult[] = [];
  for (const query of queries) {
    const { name, place } = query;
    try {
      results.push({ name, place, ...(await answer(query)) });
    } catch (error) {
      if (!(error instanceof LogqlError)) throw error;
      results.push({ name, place, outcome: "failed", message: `Loki refuses it: ${error.message}` });
    }
  }
  return results;
}

type Answer = Omit<LogQueryResult, "name" | "place">;

const silentSignal = (logql: string): Answer => ({
  outcome: "failed",
  message: "What it compares has no value when all is well: nobody can tell it from an alert that cannot fire.",
  details: [`Asked: ${logql}`, "→ Let it be 0 when all is well, for example with `or 0 * …` of what is always logged."],
});

function emptyPanel(empty: readonly AskedPanel[]): Answer {
  const [first] = empty;
  if (!first) return { outcome: "passed" };
  const choices = empty.flatMap(({ chosen }) => (chosen ? `${chosen.variable} ${chosen.value}` : []));
  return {
    outcome: "failed",
    message: `It is empty${choices.length > 0 ? ` with ${choices.join(", ")}` : ""} although all is well.`,
    details: [`Asked: ${first.asked}`, "→ Show 0 where there is nothing to show, or leave the panel out."],
  };
}

const withoutLoki = "What queries of log lines return is asked of the real Loki. It is not here.";

/** What came of the queries, for a terminal: a line, and what is wrong with each that failed. */
export function logQueryLines(results: readonly LogQueryResult[]): string[] {
  if (results.length === 0) return [];
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const notRun = results.filter(({ outcome }) => outcome === "not-run");
  const passed = results.length - failed.length - notRun.length;
  return [
    colors.bold("queries of log lines"),
    ...(passed > 0
      ? [
          `  ${colors.green("✓")} ${counted(passed, "query", "queries")} ${passed === 1 ? "returns" : "return"} something`,
        ]
      : []),
    ...failed.flatMap(({ name, message, details = [], place }) => [
      `  ${colors.red("✗")} ${name}`,
      ...[`${message}`, ...details, placeText(place)].map((line) => `    ${line}`),
    ]),
    ...notRun.map(({ name }) => `  ${colors.yellow("–")} ${name}`),
    ...(notRun.length > 0
      ? [`  ${withoutLoki}`, "  → run `npm run tools`, which provides it; or say `--allow-not-run` to do without"]
      : []),
  ];
}

/** A query as a report has it. */
export const logQueryEntry = ({ name, place, outcome, message, details }: LogQueryResult): ReportEntry => ({
  kind: "check",
  name: `${name} returns something`,
  outcome,
  place,
  ...(message !== undefined && { message }),
  ...(details && { details: details.join("\n") }),
});
