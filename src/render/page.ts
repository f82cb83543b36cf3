import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { noneOfTheKind, severities } from "../model/conventions.ts";
import { dashboardUid } from "../model/links.ts";
import { isLogSignal, type Signal } from "../model/pack.ts";
import type { Platform } from "../model/platform.ts";
import { alertingRules } from "./alerting-rules.ts";
import { queryVariable, shareOf } from "./dashboard-parts.ts";
import { dashboardTag, navigation, type PageName } from "./navigation.ts";
import { palette } from "./palette.ts";
import {
  type Chosen,
  graphPanel,
  gridWidth,
  metricsDatasource,
  panelId,
  type Scope,
  type Stat,
  select,
  statPanel,
  target,
} from "./panels.ts";
import { type Table, tablePanel } from "./table-panel.ts";

/** A graph that asks something else of a signal than every chosen series of it. */
export interface Graph {
  title: string;
  description: string;
  signal: Signal;
  query: (of: Chosen) => string;
  /** Grafana's pattern for the name of each line. */
  legend: string;
}

/** A dashboard of the whole platform: it shows signals of several packs, as far as the platform has them. */
export interface Page {
  page: PageName;
  /** The pack with which it is there. */
  pack: string;
  title: string;
  description: string;
  /** Labels that can be chosen, each within what those before it leave; all are of this signal. */
  variables: { of: Signal; labels: readonly string[] /** Has one value at a time. */; single?: string };
  /** One number each, in a row on top. */
  stats: readonly Stat[];
  /** Two in a row below them. */
  tables: (platform: Platform) => readonly Table[];
  /** Two in a row; the rest of the first screen. */
  graphs: readonly (Signal | Graph)[];
  /** Below the first screen. */
  details: readonly (Signal | Graph)[];
}

export function buildPage(page: Page, platform: Platform): sdk.Dashboard {
  const { title, description, variables, stats, tables, graphs, details } = page;
  // Services differ in their thresholds, and here stand all of them: no line is the same for all.
  const scope: Scope = { platform, promises: new Map(), matchers: [], variables: variables.labels };
  const known = new Set(platform.packs.flatMap(({ signals }) => signals.map(({ name }) => name)));
  const own = new Set(platform.packs.find(({ name }) => name === page.pack)?.signals.map(({ name }) => name));
  /** What another pack tells, it tells of some services only. */
  const forSome = <P extends { noValue: (text: string) => P }>(one: Signal | Graph | Stat, panel: P): P =>
    own.has(signalOf(one).name) ? panel : panel.noValue(noneOfTheKind);
  const exists = (one: Signal | Graph | Stat) => known.has(signalOf(one).name);
  const builder = new sdk.DashboardBuilder(title)
    .uid(dashboardUid(page.page))
    .description(description)
    .tags([dashboardTag, page.pack])
    .links(navigation(platform, { page: page.page }))
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .withVariable(new sdk.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"));
  for (const label of variables.labels) {
    const variable = queryVariable(label, [variables.of], scope);
    builder.withVariable(label === variables.single ? variable.multi(false).includeAll(false) : variable);
  }
  const shown = stats.filter(exists);
  shown.forEach((stat, index) => {
    builder.withPanel(forSome(stat, statPanel(stat, shareOf(gridWidth, shown.length, index), scope)));
  });
  for (const table of tables(platform)) builder.withPanel(tablePanel(table, scope));
  for (const graph of graphs.filter(exists)) builder.withPanel(forSome(graph, pageGraph(graph, scope)));
  builder.withRow(new sdk.RowBuilder("Details").id(panelId("row Details")));
  for (const graph of details.filter(exists)) builder.withPanel(forSome(graph, pageGraph(graph, scope)));
  return builder.build();
}

const signalOf = (one: Signal | Graph | Stat): Signal => ("signal" in one ? one.signal : one);

function pageGraph(graph: Signal | Graph, scope: Scope): TimeseriesBuilder {
  if (!("signal" in graph)) return withThresholds(graph, scope);
  const { signal, title, description, query, legend } = graph;
  const expr = query((of, ...more) => select(of, scope, ...more));
  return graphPanel(signal, scope)
    .id(panelId(`graph ${title}`))
    .title(title)
    .description(description)
    .targets([target(signal, expr, legend)]);
}

/**
 * The thresholds of whichever service is chosen, as series beside the signal: there where it has a value, at what the
 * rules of its alerts compare with.
 */
function withThresholds(signal: Signal, scope: Scope): TimeseriesBuilder {
  const panel = graphPanel(signal, scope);
  if (isLogSignal(signal)) return panel;
  const places = ["environment", "service"].filter((label) => signal.labels.includes(label));
  const alerts = scope.platform.packs.flatMap((pack) => pack.alerts.filter((one) => one.signal.name === signal.name));
  const lines = alerts.flatMap((alert) =>
    severities.flatMap((severity) => {
      const parts = alertingRules(alert, scope.platform, ({ matchers, compare }) => {
        const [, threshold = ""] = compare.split(" ");
        return `${threshold} * group by (${places.join(", ")}) (${select(signal, scope, ...matchers)})`;
      }).filter(({ labels }) => labels?.severity === severity);
      return parts.length > 0 ? [{ alert, severity, expr: parts.map(({ expr }) => expr).join(" or ") }] : [];
    }),
  );
  lines.forEach(({ alert, severity, expr }, index) => {
    const refId = "DEFGHIJKLM".charAt(index);
    const legend = `${severity} ${alert.direction}, ${alert.name} {{environment}}`;
    panel.withTarget(
      new prometheus.DataqueryBuilder()
        .refId(refId)
        .datasource(metricsDatasource)
        .range()
        .expr(expr)
        .legendFormat(legend),
    );
    panel.overrideByQuery(refId, [
      { id: "color", value: { mode: "fixed", fixedColor: palette[severity] } },
      { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } },
    ]);
  });
  return panel;
}
