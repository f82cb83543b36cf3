import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { type Artifact, jsonArtifact } from "../model/artifact.ts";
import { identityLabels } from "../model/conventions.ts";
import {
  dashboardsOf,
  type OwnDashboard,
  servicesWithOwnDashboard,
  sharedDashboards,
  showsEnvironment,
} from "../model/own-dashboards.ts";
import { isDerived, isLogSignal, placeLabels, type Signal } from "../model/pack.ts";
import { canFire, type Platform, type Service, tells } from "../model/platform.ts";
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
import { type Table, tablePanel } from "./table-panel.ts";

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
  /** Beside them, row by row. @default - none */
  tables?: (platform: Platform) => readonly Table[];
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
      const { pack } = dashboard;
      const own = servicesWithOwnDashboard(pack, platform);
      const others = platform.services.filter((one) => one.packs.includes(pack) && !own.includes(one));
      return [
        ...sharedDashboards(pack, platform).flatMap((shared) => {
          const shown = others.filter(({ environments }) =>
            environments.some((name) => showsEnvironment(shared, name)),
          );
          return shown.length > 0
            ? [sharedDashboard(withGraphsOf(shown, dashboard, platform), platform, shared, shown, own)]
            : [];
        }),
        ...own.flatMap((service) =>
          dashboardsOf(service, pack).map((one) =>
            ownDashboard(withGraphsOf([service], dashboard, platform), platform, service, one),
          ),
        ),
      ];
    })
    .map((built) => jsonArtifact(`grafana/dashboards/${built.uid}.json`, built));
}

/** Leaves out graphs of what none of the services has: of the scrape, where nothing is scraped, of facts that no exporter in use shows. */
function withGraphsOf(services: readonly Service[], dashboard: Dashboard, { packs }: Platform): Dashboard {
  const alerts = packs.flatMap((pack) => pack.alerts);
  const known = new Set(packs.flatMap(({ signals }) => signals.map(({ name }) => name)));
  const derived = packs.filter(isDerived);
  /** What is derived is there for those who ask for it. */
  const isAskedFor = (signal: Signal) =>
    derived.every(
      ({ name, signals }) =>
        !signals.some((one) => one.name === signal.name) || services.some((service) => service.packs.includes(name)),
    );
  const exists = (signal: Signal) =>
    known.has(signal.name) &&
    isAskedFor(signal) &&
    services.some((service) => tells(signal, service)) &&
    !alerts.some((alert) => alert.signal.name === signal.name && !services.some((service) => canFire(alert, service)));
  return {
    ...dashboard,
    stats: dashboard.stats.filter(({ signal }) => exists(signal)),
    panels: dashboard.panels.filter(exists),
    bars: dashboard.bars?.filter(({ signal }) => exists(signal)),
    tables: (platform) => dashboard.tables?.(platform).filter(({ signal }) => exists(signal)) ?? [],
    details: dashboard.details.filter(exists),
    moments: dashboard.moments?.filter(({ signal }) => exists(signal)),
  };
}

/** Whether a service has the signal by its kind: an exporter may not show it, and there is no scrape of what sends. */
const has = (signal: Signal, service: Service, { packs }: Platform): boolean =>
  tells(signal, service) &&
  (service.scrape !== undefined ||
    !packs.some(({ alerts }) => alerts.some((one) => one.scrapedOnly && one.signal.name === signal.name)));

/** One for each label by which the graphs of the first screen can be narrowed down; streams of lines by no others. */
const variablesOf = ({ panels }: Dashboard): string[] => [...new Set(panels.flatMap(chosenBy))];
const chosenBy = (signal: Signal): string[] =>
  placeLabels(signal).filter((label) => !isLogSignal(signal) || identityLabels.some((one) => one === label));

function sharedDashboard(
  dashboard: Dashboard,
  platform: Platform,
  { uid, environments, promises }: OwnDashboard,
  shown: readonly Service[],
  own: readonly Service[],
): sdk.Dashboard {
  const excluded = anyOf(
    "service",
    own.map(({ name }) => name),
    "exclude",
  );
  const scope: Scope = {
    platform,
    promises,
    services: shown.map(({ name }) => name),
    isForSome: (signal) => !shown.every((service) => has(signal, service, platform)),
    matchers: [excluded, environmentMatcher(environments)].filter((matcher) => matcher !== ""),
    // A team narrows down what can be chosen of services.
    variables: variablesOf(dashboard).flatMap((label) => (label === "service" ? ["team", label] : [label])),
  };
  const others = own.length > 0 ? " Services with thresholds of their own have a dashboard of their own." : "";
  return build(dashboard, scope, {
    uid,
    title: dashboard.title + (environments?.mode === "include" ? ` in ${environments.names.join(", ")}` : ""),
    description: `Lines are the thresholds${whereText(environments)}.${others}`,
  });
}

function ownDashboard(
  dashboard: Dashboard,
  platform: Platform,
  service: Service,
  { uid, environments, promises }: OwnDashboard,
): sdk.Dashboard {
  const scope: Scope = {
    platform,
    promises,
    services: [service.name],
    matchers: [`service=${promqlString(service.name)}`, environmentMatcher(environments)].filter(
      (matcher) => matcher !== "",
    ),
    variables: variablesOf(dashboard).filter((label) => label !== "service"),
  };
  const own = platform.packs.filter(({ name }) => service.packs.includes(name)).flatMap(({ signals }) => signals);
  const moments = dashboard.moments?.filter(({ signal }) => own.some(({ name }) => name === signal.name));
  return build({ ...dashboard, moments }, scope, {
    uid,
    title: `${dashboard.title}: ${service.name}${environments ? ` in ${environments.names.join(", ")}` : ""}`,
    description: environments
      ? `Lines are the thresholds of ${service.name}${whereText(environments)}.`
      : `Lines are the thresholds of ${service.name}, which differ from the default.`,
    service: service.name,
  });
}

const environmentMatcher = (
  { names, mode }: NonNullable<OwnDashboard["environments"]> = { names: [], mode: "include" },
) => anyOf("environment", names, mode);

/** Of which environments the lines tell, and that there are others. */
function whereText(environments: OwnDashboard["environments"]): string {
  if (!environments) return "";
  const names = environments.names.join(", ");
  return environments.mode === "include"
    ? ` in ${names}; other environments have a dashboard of their own`
    : `; ${names} has other ones, and a dashboard of its own`;
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
    .links(navigation(scope.platform, { service, hasRoutes: scope.variables.includes("route") }))
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
  for (const table of dashboard.tables?.(scope.platform) ?? []) builder.withPanel(tablePanel(table, scope));
  builder.withRow(new sdk.RowBuilder("Details").id(panelId("row Details")));
  for (const signal of dashboard.details) builder.withPanel(graphPanel(signal, scope));
  for (const lines of dashboard.lines ?? []) builder.withPanel(logsPanel(lines, scope));
  return builder.build();
}
