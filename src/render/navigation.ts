import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { healthPack } from "../model/conventions.ts";
import { dashboardUid, lokiDatasourceUid, tempoDatasourceUid } from "../model/links.ts";
import { streamSelector } from "../model/logql.ts";
import type { Platform } from "../model/platform.ts";
import { promqlString } from "../model/promql.ts";

/** The dashboards that are not of one pack, from the whole to the part. */
export const pageNames = ["overview", "service"] as const;
export type PageName = (typeof pageNames)[number];
const pageTitles: Readonly<Record<PageName, string>> = { overview: "Platform overview", service: "Service detail" };

/** Tag of every dashboard. */
export const dashboardTag = "firedrill";

export const dashboardAddress = ({ links }: Pick<Platform, "links">, name: string): string =>
  `${links.grafana}/d/${dashboardUid(name)}`;

interface From {
  /** The page itself, which has no link to itself. @default - the dashboard of a pack */
  page?: PageName;
  /** The one service that it is about. @default - those that its variable chooses */
  service?: string;
  /** Its variables choose endpoints. @default false */
  hasRoutes?: boolean;
}

/**
 * Links on top of every dashboard: to the overview, to one service, to every other dashboard, to the logs and to the
 * traces. All keep the time range, and the variables that they have in common.
 */
export function navigation(platform: Platform, from: From): { build: () => sdk.DashboardLink }[] {
  const { page } = from;
  const hasPages = platform.packs.some(({ name }) => name === healthPack);
  const keeping = (title: string) => new sdk.DashboardLinkBuilder(title).keepTime(true).includeVars(true);
  const pages = pageNames
    .filter((name) => hasPages && name !== page)
    .map((name) => keeping(pageTitles[name]).type(sdk.DashboardLinkType.Link).url(dashboardAddress(platform, name)));
  const all = keeping("Dashboards").type(sdk.DashboardLinkType.Dashboards).tags([dashboardTag]).asDropdown(true);
  const explored = (title: string, query: ExploreQuery) =>
    new sdk.DashboardLinkBuilder(title)
      .type(sdk.DashboardLinkType.Link)
      .url(exploreAddress(platform, title.toLowerCase(), query))
      .targetBlank(true);
  return [
    ...pages,
    all,
    ...(platform.featureOn("logging") ? [explored("Logs", logsOf(from))] : []),
    ...(platform.traces ? [explored("Traces", tracesOf(from))] : []),
  ].map(inSight);
}

/** The builder's default puts links into a menu, where nobody looks for them at night. */
const inSight = (link: sdk.DashboardLinkBuilder) => ({
  build: (): sdk.DashboardLink => ({ ...link.build(), placement: undefined }),
});

interface ExploreQuery {
  refId: "A";
  datasource: { type: string; uid: string };
  queryType: string;
  expr?: string;
  query?: string;
}

/** The logs of the chosen services and environments. */
function logsOf({ service }: From): ExploreQuery {
  const chosen = service === undefined ? 'service=~"${service:pipe}"' : `service=${promqlString(service)}`;
  const datasource = { type: "loki", uid: lokiDatasourceUid };
  return {
    refId: "A",
    datasource,
    queryType: "range",
    expr: streamSelector(['environment=~"${environment:pipe}"', chosen]),
  };
}

/** The traces in which the chosen services take part in the chosen environments; on a dashboard of endpoints, those of the chosen ones. */
function tracesOf({ service, hasRoutes }: From): ExploreQuery {
  const chosen = service === undefined ? '=~"${service:pipe}"' : `=${JSON.stringify(service)}`;
  const environment = ' && resource.environment=~"${environment:pipe}"';
  const route = hasRoutes ? ' && span.http.route=~"${route:pipe}"' : "";
  const datasource = { type: "tempo", uid: tempoDatasourceUid };
  return {
    refId: "A",
    datasource,
    queryType: "traceql",
    query: `{resource.service.name${chosen}${environment}${route}}`,
  };
}

/**
 * Grafana's Explore with a query. What Grafana puts in the place of its variables must stay readable to it, so only
 * what is around them is encoded.
 */
function exploreAddress({ links }: Platform, pane: string, query: ExploreQuery): string {
  const range = { from: "${__from}", to: "${__to}" };
  const panes = { [pane]: { datasource: query.datasource.uid, queries: [query], range } };
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B([\w%]+?)%7D/g, (text) =>
    decodeURIComponent(text),
  );
  return `${links.grafana}/explore?schemaVersion=1&panes=${encoded}`;
}
