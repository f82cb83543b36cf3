import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { type Artifact, jsonArtifact } from "../model/artifact.ts";
import { identityLabels } from "../model/conventions.ts";
import { dashboardUid, servicesWithOwnDashboard } from "../model/links.ts";
import { isLogSignal, placeLabels, type Signal } from "../model/pack.ts";
import { canFire, isOn, type Platform, type Service, tells } from "../model/platform.ts";
import { anyOf, promqlString } from "../model/promql.ts";
import { queryVariable, shareOf } from "./dashboard-parts.ts";
import { navigation } from "./navigation.ts";
import { buildPage, type Page } from "./page.ts";
import {
  type Bars,
  barsPanel,
  graphPanel,
  gridWidth,
  type LogLines,
  logsPanel,
  type Moments,
  momentsQuery,
  panelId,
  type Scope,
  type Stat,
  statPanel,
} from "./panels.ts";

/** What a pack's dashboard shows. Queries, units, words and threshold lines all come from the signals. */
export interface Dashboard {
  pack: string;
  title: string;
  /** How far back it looks when it is opened. @default "6h" */
  opensWith?: string;
  /** One number each, in a row on top. */
  stats: readonly Stat[];
  /** One graph each, two in a row; the first screen. */
  panels: readonly Signal[];
  /** What is so now, place by place, two in a row below the graphs. @default - none */
  bars?: readonly Bars[];
  /** Graphs below them that tell causes. */
  details: readonly Signal[];
  /** Moments that its graphs are to be read with. @default - none */
  moments?: readonly Moments[];
  /** Log lines as they are, below all graphs. @default - none */
  lines?: readonly LogLines[];
}

/**
 * Classic dashboard JSON, one file per dashboard: a pack's shared one with the default thresholds drawn, and one for
 * each service with thresholds of its own, which the shared one leaves out.
 */
export function renderDashboards(platform: Platform, dashboards: readonly (Dashboard | Page)[]): Artifact[] {
  if (!platform.featureOn("dashboards")) return [];
  return dashboards
    .filter(({ pack }) => platform.packs.some(({ name }) => name === pack))
    .flatMap((dashboard) => {
      if ("page" in dashboard) return [buildPage(dashboard, platform)];
      const own = servicesWithOwnDashboard(dashboard.pack, platform);
      const others = platform.services.filter((one) => one.packs.includes(dashboard.pack) && !own.includes(one));
      return [
        ...(others.length > 0 ? [sharedDashboard(withGraphsOf(others, dashboard, platform), platform, own)] : []),
        ...own.map((service) => ownDashboard(withGraphsOf([service], dashboard, platform), platform, service)),
      ];
    })
    .map((built) => jsonArtifact(`grafana/dashboards/${built.uid}.json`, built));
}

/** Leaves out graphs of what none of the services has: of the scrape, where nothing is scraped, of facts that no exporter in use shows. */
function withGraphsOf(services: readonly Service[], dashboard: Dashboard, { packs }: Platform): Dashboard {
  const alerts = packs.flatMap((pack) => pack.alerts);
  const known = new Set(packs.flatMap(({ signals }) => signals.map(({ name }) => name)));
  const exists = (signal: Signal) =>
    known.has(signal.name) &&
    services.some((service) => tells(signal, service)) &&
    !alerts.some((alert) => alert.signal.name === signal.name && !services.some((service) => canFire(alert, service)));
  return {
    ...dashboard,
    stats: dashboard.stats.filter(({ signal }) => exists(signal)),
    panels: dashboard.panels.filter(exists),
    bars: dashboard.bars?.filter(({ signal }) => exists(signal)),
    details: dashboard.details.filter(exists),
    moments: dashboard.moments?.filter(({ signal }) => exists(signal)),
  };
}

/** One for each label by which the graphs of the first screen can be narrowed down; streams of lines by no others. */
const variablesOf = ({ panels }: Dashboard): string[] => [...new Set(panels.flatMap(chosenBy))];
const chosenBy = (signal: Signal): string[] =>
  placeLabels(signal).filter((label) => !isLogSignal(signal) || identityLabels.some((one) => one === label));

function sharedDashboard(dashboard: Dashboard, platform: Platform, own: readonly Service[]): sdk.Dashboard {
  const excluded = anyOf(
    "service",
    own.map(({ name }) => name),
    "exclude",
  );
  const scope: Scope = {
    platform,
    promises: new Map([...platform.defaults].filter(([, { alert }]) => isOn(alert, platform.features))),
    matchers: excluded ? [excluded] : [],
    variables: variablesOf(dashboard),
  };
  const others = own.length > 0 ? " Services with thresholds of their own have a dashboard of their own." : "";
  return build(dashboard, scope, {
    uid: dashboardUid(dashboard.pack),
    title: dashboard.title,
    description: `Lines are the thresholds.${others}`,
  });
}

function ownDashboard(dashboard: Dashboard, platform: Platform, service: Service): sdk.Dashboard {
  const scope: Scope = {
    platform,
    promises: service.promises,
    matchers: [`service=${promqlString(service.name)}`],
    variables: variablesOf(dashboard).filter((label) => label !== "service"),
  };
  const own = platform.packs.filter(({ name }) => service.packs.includes(name)).flatMap(({ signals }) => signals);
  const moments = dashboard.moments?.filter(({ signal }) => own.some(({ name }) => name === signal.name));
  return build({ ...dashboard, moments }, scope, {
    uid: dashboardUid(dashboard.pack, service.name),
    title: `${dashboard.title}: ${service.name}`,
    description: `Lines are the thresholds of ${service.name}, which differ from the default.`,
    service: service.name,
  });
}

interface Words {
  uid: string;
  title: string;
  description: string;
  /** The one service that it is about. @default - those that its variable chooses */
  service?: string;
}

function build(dashboard: Dashboard, scope: Scope, { uid, title, description, service }: Words): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(["firedrill", dashboard.pack])
    .links(navigation(scope.platform, { service }))
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .time({ from: `now-${dashboard.opensWith ?? "6h"}`, to: "now" })
    .refresh("1m");
  const hasLogs = dashboard.panels.some(isLogSignal);
  if (!dashboard.panels.every(isLogSignal)) {
    builder.withVariable(new sdk.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"));
  }
  if (hasLogs) builder.withVariable(new sdk.DatasourceVariableBuilder("logs").label("Logs").type("loki"));
  const variables = scope.variables.filter((name) => dashboard.panels.some(({ labels }) => labels.includes(name)));
  for (const variable of variables) builder.withVariable(queryVariable(variable, dashboard.panels, scope));
  for (const moments of dashboard.moments ?? []) builder.annotation(momentsQuery(moments, scope));
  const widths = dashboard.stats.map((_, index) => shareOf(gridWidth, dashboard.stats.length, index));
  dashboard.stats.forEach((stat, index) => {
    builder.withPanel(statPanel(stat, widths[index] ?? 0, scope));
  });
  for (const signal of dashboard.panels) builder.withPanel(graphPanel(signal, scope));
  for (const bars of dashboard.bars ?? []) builder.withPanel(barsPanel(bars, scope));
  builder.withRow(new sdk.RowBuilder("Details").id(panelId("row Details")));
  for (const signal of dashboard.details) builder.withPanel(graphPanel(signal, scope));
  for (const lines of dashboard.lines ?? []) builder.withPanel(logsPanel(lines, scope));
  return builder.build();
}
