import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { type Artifact, jsonArtifact } from "../model/artifact.ts";
import { dashboardUid, servicesWithOwnDashboard } from "../model/links.ts";
import type { Alert, Signal } from "../model/pack.ts";
import type { Platform, Service } from "../model/platform.ts";
import { anyOf, promqlString } from "../model/promql.ts";
import { datasource, graphPanel, gridWidth, panelId, type Scope, type Stat, statPanel } from "./panels.ts";

/** What a pack's dashboard shows. Queries, units, words and threshold lines all come from the signals. */
export interface Dashboard {
  pack: string;
  title: string;
  /** One number each, in a row on top. */
  stats: readonly Stat[];
  /** One graph each, two in a row; the first screen. */
  panels: readonly Signal[];
  /** Graphs below them that tell causes. */
  details: readonly Signal[];
}

/**
 * Classic dashboard JSON, one file per dashboard: a pack's shared one with the default thresholds drawn, and one for
 * each service with thresholds of its own, which the shared one leaves out.
 */
export function renderDashboards(platform: Platform, dashboards: readonly Dashboard[]): Artifact[] {
  if (!platform.featureOn("dashboards")) return [];
  return dashboards
    .filter(({ pack }) => platform.packs.some(({ name }) => name === pack))
    .flatMap((dashboard) => {
      const own = servicesWithOwnDashboard(dashboard.pack, platform);
      return [
        sharedDashboard(dashboard, platform, own),
        ...own.map((service) => ownDashboard(dashboard, platform, service)),
      ];
    })
    .map((built) => jsonArtifact(`grafana/dashboards/${built.uid}.json`, built));
}

function sharedDashboard(dashboard: Dashboard, platform: Platform, own: readonly Service[]): sdk.Dashboard {
  const excluded = anyOf(
    "service",
    own.map(({ name }) => name),
    "exclude",
  ).slice(1, -1);
  const isOn = ({ name }: Alert) => platform.features?.[name] !== false;
  const scope: Scope = {
    platform,
    promises: new Map([...platform.defaults].filter(([, { alert }]) => isOn(alert))),
    matchers: excluded ? [excluded] : [],
    variables: ["environment", "service", "route"],
  };
  const others = own.length > 0 ? " Services with thresholds of their own have a dashboard of their own." : "";
  return build(dashboard, scope, dashboardUid(dashboard.pack), dashboard.title, `Lines are the thresholds.${others}`);
}

function ownDashboard(dashboard: Dashboard, platform: Platform, service: Service): sdk.Dashboard {
  const scope: Scope = {
    platform,
    promises: service.promises,
    matchers: [`service=${promqlString(service.name)}`],
    variables: ["environment", "route"],
  };
  const title = `${dashboard.title}: ${service.name}`;
  const description = `Lines are the thresholds of ${service.name}, which differ from the default.`;
  return build(dashboard, scope, dashboardUid(dashboard.pack, service.name), title, description);
}

function build(dashboard: Dashboard, scope: Scope, uid: string, title: string, description: string): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["firedrill", dashboard.pack])
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .withVariable(new sdk.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"));
  for (const variable of scope.variables) builder.withVariable(queryVariable(variable, dashboard.panels, scope));
  const widths = dashboard.stats.map((_, index) => shareOf(gridWidth, dashboard.stats.length, index));
  dashboard.stats.forEach((stat, index) => {
    builder.withPanel(statPanel(stat, widths[index] ?? 0, scope));
  });
  for (const signal of dashboard.panels) builder.withPanel(graphPanel(signal, scope));
  builder.withRow(new sdk.RowBuilder("Details").id(panelId("row Details")));
  for (const signal of dashboard.details) builder.withPanel(graphPanel(signal, scope));
  return builder.build();
}

/** Splits a width into whole parts as equal as can be. */
const shareOf = (width: number, parts: number, index: number): number =>
  Math.floor((width * (index + 1)) / parts) - Math.floor((width * index) / parts);

/** Values come from every graph whose series has the label, within what the variables before it leave. */
function queryVariable(label: string, signals: readonly Signal[], scope: Scope): sdk.QueryVariableBuilder {
  const sources = signals.filter(({ labels }) => labels.includes(label)).map(({ series }) => series);
  const earlier = scope.variables.slice(0, scope.variables.indexOf(label)).map((name) => `${name}=~"$${name}"`);
  const matchers = [`__name__=~${promqlString(sources.join("|"))}`, ...scope.matchers, ...earlier];
  const query = `label_values({${matchers.join(", ")}}, ${label})`;
  return new sdk.QueryVariableBuilder(label)
    .label(`${label.charAt(0).toUpperCase()}${label.slice(1)}`)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*");
}
