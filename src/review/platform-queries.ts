import type { Engine } from "../engine/engine.ts";
import type { Matcher, ParsedExpr } from "../engine/parsed-expr.ts";
import type { RuleFile } from "../engine/rules.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Finding, Place } from "../model/finding.ts";
import type { Platform } from "../model/platform.ts";
import { buildCatalogue, type Catalogue } from "./catalogue.ts";
import { dashboardQueries, queriesFrom } from "./dashboard-queries.ts";
import { type AskedPanel, askedPanels, askedVariables } from "./empty-panels.ts";
import { healthyPlatform, representative } from "./healthy-platform.ts";
import { type QueryFault, queryChecker } from "./query-findings.ts";
import { comparedSignals, type RuleQuery, ruleQueries } from "./rule-queries.ts";

/**
 * Whether every PromQL query of every panel, variable and rule can and does return something: held against the catalogue of
 * what the services expose, then asked on a platform on which all is well.
 *
 * @param ruleFiles and dashboards as they are deployed
 */
export function platformQueryFindings(
  platform: Platform,
  ruleFiles: readonly RuleFile[],
  dashboardFiles: readonly Artifact[],
  engine: Engine,
): Finding[] {
  const rules = ruleQueries(ruleFiles, engine);
  const all = dashboardFiles.map(({ path, text }) => dashboardQueries(path, text));
  const dashboards = all.map((one) => queriesFrom("prometheus", one));
  const { scrape } = platform.intervals;
  const few = representative(platform, [
    ...ruleFiles.map(({ yaml }) => yaml),
    ...dashboardFiles.map(({ text }) => text),
  ]);
  const healthy = healthyPlatform(few, ruleFiles, engine);
  const variables = askedVariables(dashboards, scrape);
  const panels = askedPanels(dashboards, variables, healthy.ask(variables.map(({ asked }) => asked)), scrape);

  const parsed = new Map<string, ParsedExpr>();
  for (const { asked } of [...variables, ...panels]) if (!parsed.has(asked)) parsed.set(asked, engine.parse(asked));
  const catalogue = buildCatalogue(few, rules, engine);
  const check = queryChecker([...parsed.values(), ...rules.map((rule) => rule.parsed)], catalogue, engine);
  const parsedOf = (text: string) => parsed.get(text) ?? engine.parse(text);

  const answers = healthy.ask([...new Set([...panels.map(({ asked }) => asked), ...rules.flatMap(signalsOf)])]);
  /** What is wrong with every variable at "All" is wrong with each value; "All" comes first. */
  const wrong = new Set<string>();
  const isEmpty = (text: string) => answers.get(text)?.length === 0;
  return [
    ...rules.flatMap((rule) => ruleFindings(rule, check(rule.parsed), isEmpty)),
    ...variables.flatMap(({ dashboard: { file, title }, variable: { name }, asked }) =>
      asFindings(`The variable ${name} of ${JSON.stringify(title)}`, { file }, check(parsedOf(asked))),
    ),
    ...panels.flatMap((panel) => {
      const found = panelFindings(panel, parsedOf(panel.asked), { check, isEmpty, catalogue });
      const id = JSON.stringify([panel.dashboard.file, panel.panel, panel.expr]);
      if (!panel.chosen && found.length > 0) wrong.add(id);
      return panel.chosen && wrong.has(id) ? [] : found;
    }),
    ...all.flatMap(({ file, title, notChecked }): Finding[] =>
      notChecked.length === 0
        ? []
        : [
            {
              rule: "query/not-checked",
              severity: "info",
              place: { file },
              summary: `Not every query of ${JSON.stringify(title)} was checked: only PromQL and LogQL are.`,
              detail: `Not checked: ${notChecked.join(", ")}.`,
            },
          ],
    ),
  ];
}

export const asFindings = (of: string, place: Place, faults: readonly QueryFault[]): Finding[] =>
  faults.map((fault) => ({ severity: "error", place, ...fault, summary: `${of} ${fault.summary}` }));

const signalsOf = ({ kind, parsed: { tree } }: RuleQuery): string[] => (kind === "alert" ? comparedSignals(tree) : []);

function ruleFindings(rule: RuleQuery, faults: readonly QueryFault[], isEmpty: (text: string) => boolean): Finding[] {
  const { kind, name, place } = rule;
  const of = `The ${kind === "alert" ? "alert" : "recording rule"} ${name}`;
  if (faults.length > 0) return asFindings(of, place, faults);
  const silent = signalsOf(rule).filter(isEmpty);
  return silent.map((signal) => ({
    rule: "query/empty-signal",
    severity: "error",
    place,
    summary: `${of} compares ${signal}, which has no value when all is well.`,
    detail: "Nobody can tell an alert that is quiet from one that cannot fire.",
    fix: "Let the signal be 0 when all is well, for example with `or 0 * …` of a series that is always there.",
  }));
}

export const unknownVariables = (names: readonly string[]): QueryFault => ({
  rule: "query/unknown-variable",
  summary: `uses ${names.map((name) => `$${name}`).join(", ")}, a variable that the dashboard does not have.`,
});

interface PanelChecks {
  check: (parsed: ParsedExpr) => QueryFault[];
  isEmpty: (text: string) => boolean;
  catalogue: Catalogue;
}

function panelFindings(
  { dashboard: { file, title }, panel, asked, unknown, chosen, saysNone }: AskedPanel,
  parsed: ParsedExpr,
  { check, isEmpty, catalogue }: PanelChecks,
): Finding[] {
  const of = `The panel ${JSON.stringify(panel)} of ${JSON.stringify(title)}`;
  const place = { file };
  if (!chosen) {
    const faults = unknown.length > 0 ? [unknownVariables(unknown)] : check(parsed);
    if (faults.length > 0) return asFindings(of, place, faults);
  }
  if (!isEmpty(asked)) return [];
  const exists = !chosen || mayHave(parsed, chosen, catalogue);
  // What says so itself may leave out on purpose what is chosen: a threshold that only others have.
  if (saysNone && (!exists || isLeftOut(parsed, chosen))) return [];
  return [
    {
      rule: "query/empty-panel",
      severity: chosen ? (exists ? "warning" : "info") : "error",
      place,
      summary: `${of} is empty${chosen ? ` with ${chosen.variable} ${chosen.value}` : ""} although all is well.`,
      detail: exists ? `Asked: ${asked}` : "It is about something that there is not for every choice.",
      ...(exists && { fix: "Show 0 where there is nothing to show, or leave the panel out." }),
    },
  ];
}

/** Whether what a query selects exists with this value of a label. Targets, for one, exist of what is scraped only. */
function mayHave(
  { selectors = [] }: ParsedExpr,
  { label, value }: NonNullable<AskedPanel["chosen"]>,
  catalogue: Catalogue,
): boolean {
  return selectors.some(({ metric = "" }) =>
    catalogue.get(metric)?.series.some(({ [label]: values }) => values === "open" || values?.includes(value)),
  );
}

/** Whether each selector has a matcher against the value that is chosen. */
const isLeftOut = ({ selectors = [] }: ParsedExpr, chosen: AskedPanel["chosen"]): boolean =>
  chosen !== undefined &&
  selectors.every(({ matchers }) => matchers.some((one) => excludes(one, chosen.label, chosen.value)));

/** Whether a matcher leaves out a value of a label. */
function excludes({ name, op, value: pattern }: Matcher, label: string, value: string): boolean {
  if (name !== label) return false;
  const isMatch = op.endsWith("~") ? new RegExp(`^(?:${pattern})$`).test(value) : pattern === value;
  return isMatch === op.startsWith("!");
}
