import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { streamSelector } from "../model/logql.ts";
import { isLogSignal, type Signal } from "../model/pack.ts";
import { promqlString } from "../model/promql.ts";
import { logsDatasource, metricsDatasource, type Scope } from "./panels.ts";

/** Splits a width into whole parts as equal as can be. */
export const shareOf = (width: number, parts: number, index: number): number =>
  Math.floor((width * (index + 1)) / parts) - Math.floor((width * index) / parts);

/** Values come from every graph whose signal has the label, within what the variables before it leave. */
export function queryVariable(label: string, signals: readonly Signal[], scope: Scope): sdk.QueryVariableBuilder {
  const telling = signals.filter(({ labels }) => labels.includes(label));
  const earlier = scope.variables
    .slice(0, scope.variables.indexOf(label))
    // A choice of what they know nothing of would leave nothing of them.
    .filter((name) => telling.every(({ labels }) => labels.includes(name)));
  const chosen = [...scope.matchers, ...earlier.map((name) => `${name}=~"$${name}"`)];
  const sources = telling.flatMap((signal) => (isLogSignal(signal) ? [] : signal.series));
  const builder = new sdk.QueryVariableBuilder(label).label(`${label.charAt(0).toUpperCase()}${label.slice(1)}`);
  if (sources.length > 0) {
    const query = `label_values({${[`__name__=~${promqlString(sources.join("|"))}`, ...chosen].join(", ")}}, ${label})`;
    builder.datasource(metricsDatasource).query(query).definition(query);
  } else {
    const stream = streamSelector(chosen);
    builder
      .datasource(logsDatasource)
      // What Grafana's Loki plugin reads; type 1 is "label values".
      .query({ refId: "LokiVariableQueryEditor-VariableQuery", type: 1, label, stream })
      .definition(`label_values(${stream}, ${label})`);
  }
  return builder
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*");
}
