import type { Engine } from "../engine/engine.ts";
import type { Matcher, ParsedExpr, Selector } from "../engine/parsed-expr.ts";
import { type WrittenQuery, writtenQueries } from "./written-file.ts";

/** What a case under `promql_expr_test` says of an alert. */
export interface QueriedAlert {
  alert: string;
  /** other labels that the query asks for */
  labels: Record<string, string>;
  /** labels of those that must fire; undefined where the query does more than to ask for them */
  expected?: Record<string, string>[];
}

/**
 * What `promql_expr_test` asserts of alerts: `ALERTS{alertname="Down"}` with its expected samples, or `absent(…)` of it.
 * A pending alert counts as one that does not fire.
 */
export function queriedAlerts(engine: Pick<Engine, "parse">, text: string): QueriedAlert[] {
  if (!text.includes("ALERTS")) return [];
  return writtenQueries(text)
    .flat()
    .filter(({ expr }) => expr.includes("ALERTS"))
    .flatMap((query) => saidBy(query, engine));
}

function saidBy({ expr, samples }: WrittenQuery, engine: Pick<Engine, "parse">): QueriedAlert[] {
  const parsed = engine.parse(expr);
  const asks = asksOnly(parsed);
  return (parsed.selectors ?? []).flatMap((selector): QueriedAlert[] => {
    const labels = equalities(selector);
    const { alertname: alert, alertstate, ...others } = labels;
    if (!isAlerts(selector) || alert === undefined) return [];
    if (asks === undefined) return [{ alert, labels: others }];
    if (asks === "absence") return [{ alert, labels: others, ...(samples.length > 0 && { expected: [] }) }];
    // None is pending: whether it fires remains open.
    if (alertstate === "pending" && samples.length === 0) return [{ alert, labels: others }];
    const firing = samples
      .map((sample) => equalities(engine.parse(sample).selectors?.[0]))
      .filter((sample) => (sample.alertstate ?? alertstate) !== "pending");
    return [{ alert, labels: others, expected: firing }];
  });
}

/** Whether a query only asks for series, or whether there are none. */
function asksOnly({ tree }: ParsedExpr): "series" | "absence" | undefined {
  if (tree?.kind === "selector") return "series";
  return tree?.kind === "call" && tree.op === "absent" && tree.args?.[0]?.kind === "selector" ? "absence" : undefined;
}

const isAlerts = ({ metric, matchers }: Selector): boolean =>
  metric === "ALERTS" ||
  matchers.some(({ name, op, value }) => name === "__name__" && op === "=" && value === "ALERTS");

const equalities = (selector: Selector | undefined): Record<string, string> =>
  Object.fromEntries((selector?.matchers ?? []).filter(isEquality).map(({ name, value }) => [name, value]));

const isEquality = ({ op }: Matcher): boolean => op === "=";
