import { didYouMean } from "../config/did-you-mean.ts";
import { words } from "../config/seen.ts";
import type { Engine } from "../engine/engine.ts";
import type { ExprNode, Matcher, ParsedExpr, Selector } from "../engine/parsed-expr.ts";
import type { Finding } from "../model/finding.ts";
import { promqlString } from "../model/promql.ts";
import { type Catalogue, canMatch, closedValues, labelNames, type SeriesLabels } from "./catalogue.ts";
import { labelFlow, type MissingLabel } from "./label-flow.ts";
import { type MatcherValues, matcherValues } from "./matcher-values.ts";

/** What is wrong with a query, as the rest of a sentence that begins with what asks it. */
export type QueryFault = Pick<Finding, "rule" | "summary" | "detail" | "fix">;

/**
 * Makes a function that holds a query against what there is: metrics that nobody exposes or records, labels that they do
 * not have, matchers that can match nothing, clauses that name labels which are not there, `rate` of what is no counter.
 *
 * @param queries all that will be asked about, so that Prometheus tries their matchers in one go
 */
export function queryChecker(
  queries: readonly ParsedExpr[],
  catalogue: Catalogue,
  engine: Pick<Engine, "evaluate">,
): (parsed: ParsedExpr) => QueryFault[] {
  const matchers = queries.flatMap(({ selectors = [] }) => selectors.flatMap((one) => one.matchers));
  const matching = matcherValues(engine, matchers, (label) => closedValues(catalogue, label));
  return (parsed) => {
    if (parsed.error) return [{ rule: "query/invalid", summary: `is no PromQL: ${parsed.error.message}` }];
    const faults = [
      ...(parsed.selectors ?? []).flatMap((selector) => selectorFaults(selector, catalogue, matching)),
      ...clauseFaults(parsed, catalogue),
      ...rateFaults(parsed, catalogue),
    ];
    return distinctFaults(faults);
  };
}

export const distinctFaults = (faults: readonly QueryFault[]): QueryFault[] => [
  ...new Map(faults.map((fault) => [fault.rule + fault.summary, fault])).values(),
];

export function selectorFaults(
  { metric, matchers }: Selector,
  catalogue: Catalogue,
  matching: MatcherValues,
): QueryFault[] {
  const names = matchers.filter(({ name }) => name === "__name__");
  const candidates = [...catalogue].filter(([name]) =>
    metric === undefined ? names.every((matcher) => matching(matcher).takes(name)) : name === metric,
  );
  const what = metric ?? `a metric where ${names.map(matcherText).join(" and ")}`;
  if (candidates.length === 0) {
    const near = didYouMean(what, catalogue.keys());
    const summary = `asks for ${what}, which no service exposes and no rule records.`;
    return [{ rule: "query/unknown-metric", summary, ...(near !== undefined && { fix: `Did you mean ${near}?` }) }];
  }
  const rest = matchers.filter((one) => !names.includes(one));
  const kinds = candidates.flatMap(([, { series }]) => series);
  // Nothing of it exists on this platform: whoever records it has been told why.
  if (kinds.length === 0) return [];
  const labels = new Set(candidates.flatMap(([, { labelNames }]) => [...labelNames]));
  const unknown = rest.flatMap((matcher) => unknownLabel(matcher, what, labels));
  if (unknown.length > 0) return unknown;
  if (kinds.some((labels) => rest.every((matcher) => canMatch(labels, matcher, matching)))) return [];
  const alone = rest.find((matcher) => !kinds.some((labels) => canMatch(labels, matcher, matching)));
  return [alone ? noSuchValue(alone, what, kinds) : noSuchSeries(rest, what)];
}

/** A matcher that also takes series without the label says so on purpose: `{pod=""}`. */
function unknownLabel({ name, op, value }: Matcher, what: string, names: ReadonlySet<string>): QueryFault[] {
  if (names.has(name) || (op === "=" && value === "")) return [];
  const near = didYouMean(name, names);
  return [
    {
      rule: "query/unknown-label",
      summary: `selects ${what} by ${name}, a label that it does not have.`,
      detail: `It has: ${words([...names].sort())}.`,
      ...(near !== undefined && { fix: `Did you mean ${near}?` }),
    },
  ];
}

const matcherText = ({ name, op, value }: Matcher): string => `${name}${op}${promqlString(value)}`;

function noSuchValue(matcher: Matcher, what: string, kinds: readonly SeriesLabels[]): QueryFault {
  const values = [...new Set(kinds.flatMap((labels) => labels[matcher.name] ?? []))];
  const near = matcher.op === "=" ? didYouMean(matcher.value, values) : undefined;
  return {
    rule: "query/matches-nothing",
    summary: `selects ${what} where ${matcherText(matcher)}, which is never so.`,
    detail: `Values of ${matcher.name}: ${words(values)}.`,
    ...(near !== undefined && { fix: `Did you mean ${near}?` }),
  };
}

const noSuchSeries = (matchers: readonly Matcher[], what: string): QueryFault => ({
  rule: "query/matches-nothing",
  summary: `selects ${what} where ${matchers.map(matcherText).join(" and ")}, which is never so together.`,
  detail: "Each of them matches something, but no service has all of it.",
});

const clauseFaults = (parsed: ParsedExpr, catalogue: Catalogue): QueryFault[] =>
  labelFlow(parsed, ({ metric }) => labelNames(catalogue, metric)).missing.map(missingLabelFault);

export function missingLabelFault({ label, clause, of, has }: MissingLabel): QueryFault {
  const near = didYouMean(label, has);
  const article = clause === "unwrap" ? "an" : "a";
  return {
    rule: "query/missing-label",
    summary: `has ${clause === "by" || clause === "on" ? `${clause} (${label})` : `${article} ${clause} that needs ${label}`}, but ${of} has no such label.`,
    detail: `It has: ${words(has)}.`,
    ...(near !== undefined && { fix: `Did you mean ${near}?` }),
  };
}

/** `rate` of a gauge is a number without meaning. */
function rateFaults({ tree, selectors = [] }: ParsedExpr, catalogue: Catalogue): QueryFault[] {
  const found: QueryFault[] = [];
  const visit = ({ kind, op, args = [] }: ExprNode): void => {
    const metric = selectors[args[0]?.selector ?? -1]?.metric ?? "";
    if (kind === "call" && /^(rate|irate|increase)$/.test(op ?? "") && catalogue.get(metric)?.type === "gauge") {
      const fix = "Use deriv or delta, or a counter.";
      found.push({ rule: "query/rate-of-gauge", summary: `takes the ${op} of ${metric}, which is a gauge.`, fix });
    }
    args.forEach(visit);
  };
  if (tree) visit(tree);
  return found;
}
