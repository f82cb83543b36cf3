import type { Alert } from "./pack.ts";
import type { Platform, Service } from "./platform.ts";
import { escapeRegex } from "./promql.ts";

/** Grafana takes uids of at most 40 characters: longer names end in a hash of the whole. */
const maximumUidLength = 40;

/** Stable uid of a pack's dashboard; a service with thresholds of its own has a dashboard of its own. */
export function dashboardUid(pack: string, service?: string): string {
  const uid = ["firedrill", pack, ...(service === undefined ? [] : [service])].join("-");
  return uid.length <= maximumUidLength ? uid : `${uid.slice(0, maximumUidLength - 9)}-${fnv1a(uid)}`;
}

/** FNV-1a, 32 bits, as 8 hex digits: short, stable and good enough to tell names apart. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Services whose thresholds of a pack differ from the default: the lines on the shared dashboard would lie for them. */
export function servicesWithOwnDashboard(pack: string, platform: Platform): Service[] {
  return platform.services.filter(
    ({ packs, promises }) =>
      packs.includes(pack) && [...promises.values()].some(({ alert, overridden }) => alert.pack === pack && overridden),
  );
}

/** Link to the panel's dashboard with service, environment and route chosen; an annotation template. */
export function dashboardLink({ pack, signal }: Alert, platform: Platform): string {
  const own = servicesWithOwnDashboard(pack, platform).map(({ name }) => name);
  const shared = dashboardUid(pack);
  const uid = own.reduceRight((rest, name) => {
    const test = `{{ if match ${JSON.stringify(`^${escapeRegex(name)}$`)} $labels.service }}`;
    return `${test}${dashboardUid(pack, name)}{{ else }}${rest}{{ end }}`;
  }, shared);
  const variables = signal.labels
    .filter((label) => ["environment", "service", "route"].includes(label))
    .map((label) => `var-${label}={{ $labels.${label} | urlquery }}`);
  return `${platform.links.grafana}/d/${uid}?${variables.join("&")}`;
}

/** Link to the service's logs in Grafana's logs view; an annotation template. */
export function logsLink(platform: Platform): string {
  return `${platform.links.grafana}/a/grafana-lokiexplore-app/explore/service/{{ $labels.service | urlquery }}/logs`;
}

export function runbookLink({ pack, name }: Alert, platform: Platform): string {
  return `${platform.links.runbooks}/${pack}/${name}.md`;
}
