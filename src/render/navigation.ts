import * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import { healthPack } from "../model/conventions.ts";
import { dashboardUid, lokiDatasourceUid } from "../model/links.ts";
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
}

/**
 * Links on top of every dashboard: to the overview, to one service, to every other dashboard and to the logs. All keep the
 * time range, and the variables that they have in common.
 */
export function navigation(platform: Platform, { page, service }: From): { build: () => sdk.DashboardLink }[] {
  const hasPages = platform.packs.some(({ name }) => name === healthPack);
  const keeping = (title: string) => new sdk.DashboardLinkBuilder(title).keepTime(true).includeVars(true);
  const pages = pageNames
    .filter((name) => hasPages && name !== page)
    .map((name) => keeping(pageTitles[name]).type(sdk.DashboardLinkType.Link).url(dashboardAddress(platform, name)));
  const all = keeping("Dashboards").type(sdk.DashboardLinkType.Dashboards).tags([dashboardTag]).asDropdown(true);
  const logs = new sdk.DashboardLinkBuilder("Logs")
    .type(sdk.DashboardLinkType.Link)
    .url(logsAddress(platform, service))
    .targetBlank(true);
  return [...pages, all, ...(platform.featureOn("logging") ? [logs] : [])].map(inSight);
}

/** The builder's default puts links into a menu, where nobody looks for them at night. */
const inSight = (link: sdk.DashboardLinkBuilder) => ({
  build: (): sdk.DashboardLink => ({ ...link.build(), placement: undefined }),
});

/**
 * Grafana's Explore with the logs of the chosen services and environments, of the same time. What Grafana puts in the place of its variables must stay
 * readable to it, so only what is around them is encoded.
 */
function logsAddress({ links }: Platform, service: string | undefined): string {
  const datasource = { type: "loki", uid: lokiDatasourceUid };
  const chosen = service === undefined ? 'service=~"${service:pipe}"' : `service=${promqlString(service)}`;
  const matchers = ['environment=~"${environment:pipe}"', chosen];
  const query = { refId: "A", datasource, queryType: "range", expr: streamSelector(matchers) };
  const panes = {
    logs: { datasource: lokiDatasourceUid, queries: [query], range: { from: "${__from}", to: "${__to}" } },
  };
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B([\w%]+?)%7D/g, (text) =>
    decodeURIComponent(text),
  );
  return `${links.grafana}/explore?schemaVersion=1&panes=${encoded}`;
}
