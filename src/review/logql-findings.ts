import { parser } from "@grafana/lezer-logql";
import type { Engine } from "../engine/engine.ts";
import type { Matcher } from "../engine/parsed-expr.ts";
import { parseLogql } from "../loki/logql-tree.ts";
import { longestLogql } from "../model/logql.ts";
import { promqlString } from "../model/promql.ts";
import { closedValues } from "./catalogue.ts";
import { type LogCatalogue, theLog } from "./log-catalogue.ts";
import { type LogSelection, logqlLabels } from "./logql-labels.ts";
import { type MatcherValues, matcherValues } from "./matcher-values.ts";
import { distinctFaults, missingLabelFault, type QueryFault, selectorFaults } from "./query-findings.ts";

/**
 * Makes a function that holds a LogQL query against what the services log: what Grafana's grammar cannot read, labels
 * that no stream and no line has, matchers that can match nothing.
 *
 * @param queries all that will be asked about, so that Prometheus tries their matchers in one go
 */
export function logqlChecker(
  queries: readonly string[],
  catalogue: LogCatalogue,
  engine: Pick<Engine, "evaluate">,
): (query: string) => QueryFault[] {
  const known = catalogue.lines.get(theLog)?.labelNames ?? new Set<string>();
  const read = new Map(
    queries.map((query) => {
      const tree = parseLogql(query);
      return [query, tree && logqlLabels(query, tree, known)] as const;
    }),
  );
  const selections = [...read.values()].flatMap((labels) => labels?.selections ?? []);
  const matchers = selections.flatMap(({ streams, lines }) => [...streams, ...lines]);
  const matching = matcherValues(engine, matchers, (label) => closedValues(catalogue.lines, label));
  return (query) => {
    if (Buffer.byteLength(query) > longestLogql) return [tooLong(query)];
    const labels = read.get(query);
    if (!labels) return [{ rule: "query/invalid", summary: `is no LogQL: ${unreadable(query)}` }];
    return distinctFaults([
      ...labels.selections.flatMap((selection) => selectionFaults(selection, catalogue, matching)),
      ...labels.missing.map(missingLabelFault),
    ]);
  };
}

const tooLong = (query: string): QueryFault => ({
  rule: "query/too-long",
  summary: `has ${Buffer.byteLength(query).toLocaleString("en")} bytes; Loki refuses a query of more than ${longestLogql.toLocaleString("en")}.`,
  fix: "Name fewer services and patterns in it, for example by giving what many services forbid to all of them.",
});

function selectionFaults(
  { streams, lines }: LogSelection,
  catalogue: LogCatalogue,
  matching: MatcherValues,
): QueryFault[] {
  const names = (of: keyof LogCatalogue) => catalogue[of].get(theLog)?.labelNames;
  const misplaced = streams.filter(({ name }) => names("lines")?.has(name) && !names("streams")?.has(name));
  if (misplaced.length > 0) return misplaced.map(notOfStreams);
  const faults = selectorFaults({ metric: theLog, matchers: streams }, catalogue.streams, matching);
  if (faults.length > 0 || lines.length === 0) return faults;
  return selectorFaults({ metric: theLog, matchers: [...streams, ...lines] }, catalogue.lines, matching);
}

/** Loki finds nothing by what stands beside the lines. */
const notOfStreams = ({ name, op, value }: Matcher): QueryFault => ({
  rule: "query/unknown-label",
  summary: `selects ${theLog} by ${name}, which each line has, but no stream of lines.`,
  fix: `Write it behind the selector: {…} | ${name}${op}${promqlString(value)}`,
});

/** Where Grafana's grammar stops to understand. */
function unreadable(query: string): string {
  let at = query.length;
  parser.parse(query).iterate({
    enter({ type, from }) {
      if (type.isError) at = Math.min(at, from);
    },
  });
  const rest = query.slice(at).trim();
  if (rest === "") return "it ends too soon.";
  const shown = rest.length > 30 ? `${rest.slice(0, 30)}…` : rest;
  return `it cannot be understood from character ${at + 1} on, where it says ${JSON.stringify(shown)}.`;
}
