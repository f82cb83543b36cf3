import type { Engine } from "../engine/engine.ts";
import type { RuleFile } from "../engine/rules.ts";
import { writtenLogRules } from "../loki/log-rules.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Finding } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { dashboardQueries, queriesFrom } from "./dashboard-queries.ts";
import { askedPanels, askedVariables } from "./empty-panels.ts";
import { representative } from "./healthy-platform.ts";
import { logCatalogue } from "./log-catalogue.ts";
import { logqlChecker } from "./logql-findings.ts";
import { asFindings, unknownVariables } from "./platform-queries.ts";

/**
 * Whether every LogQL query of every panel, variable and rule can return something, held against what the services log.
 * Whether it does, only Loki can tell (`askLogQueries`).
 *
 * @param logRuleFiles and dashboards as they are deployed
 */
export function logQueryFindings(
  platform: Platform,
  logRuleFiles: readonly RuleFile[],
  dashboardFiles: readonly Artifact[],
  engine: Pick<Engine, "evaluate">,
): Finding[] {
  const { scrape } = platform.intervals;
  const dashboards = dashboardFiles.map(({ path, text }) => queriesFrom("loki", dashboardQueries(path, text)));
  const rules = logRuleFiles.flatMap(({ name: file, yaml }) =>
    writtenLogRules(yaml).map((rule) => ({ ...rule, file })),
  );
  const variables = askedVariables(dashboards, scrape);
  const panels = askedPanels(dashboards, variables, new Map(), scrape);
  const queries = [...rules.map(({ expr }) => expr), ...[...variables, ...panels].map(({ asked }) => asked)];
  const check = logqlChecker(queries, logCatalogue(representative(platform, queries)), engine);
  return [
    ...rules.flatMap(({ alert, expr, file, line }) => asFindings(`The alert ${alert}`, { file, line }, check(expr))),
    ...variables.flatMap(({ dashboard: { file, title }, variable: { name }, asked }) =>
      asFindings(`The variable ${name} of ${JSON.stringify(title)}`, { file }, check(asked)),
    ),
    ...panels.flatMap(({ dashboard: { file, title }, panel, asked, unknown }) =>
      asFindings(
        `The panel ${JSON.stringify(panel)} of ${JSON.stringify(title)}`,
        { file },
        unknown.length > 0 ? [unknownVariables(unknown)] : check(asked),
      ),
    ),
  ];
}
