import { compareText } from "./finding.ts";
import { type Alert, placeLabels } from "./pack.ts";
import { canFire, isOn, type Platform, type Service } from "./platform.ts";

/** Grafana takes uids of at most 40 letters, digits, `-` and `_`: other names are cut and end in a hash of the whole. */
const maximumUidLength = 40;

/** Uid of the Loki data source in Grafana, for links that open its logs. */
export const lokiDatasourceUid = "firedrill-loki";

/** Uid of the Tempo data source in Grafana, for links that open the traces of a service or of a log line. */
export const tempoDatasourceUid = "firedrill-tempo";

/** Stable uid of a pack's dashboard; a service with thresholds of its own has a dashboard of its own. */
export function dashboardUid(pack: string, service?: string): string {
  const uid = ["firedrill", pack, ...(service === undefined ? [] : [service])].join("-");
  const plain = uid.replace(/[^\w-]+/g, "-");
  if (plain === uid && uid.length <= maximumUidLength) return uid;
  return `${plain.slice(0, maximumUidLength - 9)}-${fnv1a(uid).toString(16).padStart(8, "0")}`;
}

/** FNV-1a, 32 bits: short, stable and good enough to tell names apart. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * Services for which the lines on the pack's shared dashboard would lie: their threshold or duration of an alert
 * differs from the default, or an alert that others have is off for them. Sorted by name.
 */
export function servicesWithOwnDashboard(pack: string, platform: Platform): readonly Service[] {
  const known = ownDashboards.get(platform) ?? new Map<string, readonly Service[]>();
  ownDashboards.set(platform, known);
  const services = known.get(pack) ?? withOwnDashboard(pack, platform);
  known.set(pack, services);
  return services;
}

/** Every rule of a pack links to them: found out once, for ten thousand services. */
const ownDashboards = new WeakMap<Platform, Map<string, readonly Service[]>>();

function withOwnDashboard(pack: string, platform: Platform): Service[] {
  const shared = [...platform.defaults.values()]
    .filter(({ alert }) => alert.pack === pack && platform.features?.[alert.name] !== false)
    .map((common) => ({ ...common, others: isOn(common.alert, platform.features) ? common : undefined }));
  return platform.services
    .filter(
      (service) =>
        service.packs.includes(pack) &&
        shared.some(({ alert, levels, others }) => {
          const own = service.promises.get(alert.name);
          const differs =
            own?.levels.warning?.value !== others?.levels.warning?.value ||
            own?.levels.critical?.value !== others?.levels.critical?.value ||
            own?.for.value !== others?.for.value;
          return differs && (own || Object.keys(levels).length > 0) && canFire(alert, service);
        }),
    )
    .sort((a, b) => compareText(a.name, b.name));
}

/**
 * Link to the dashboard with service, environment and route chosen; an annotation template. `services` are those
 * that the rule can fire for: only they are told apart in it.
 */
export function dashboardLink(
  { pack, signal }: Alert,
  platform: Platform,
  services: ReadonlySet<string> = new Set(platform.services.map(({ name }) => name)),
): string {
  const own = servicesWithOwnDashboard(pack, platform).filter(({ name }) => services.has(name));
  const cases = own.map(({ name }) => ({ name, uid: dashboardUid(pack, name) }));
  // Where every service has one of its own, the last is what remains: there is no shared one to fall back to.
  const last = cases.length === services.size ? cases.pop()?.uid : undefined;
  const tests = cases.map(
    ({ name, uid }, index) => `{{ ${index > 0 ? "else " : ""}if eq $labels.service ${JSON.stringify(name)} }}${uid}`,
  );
  const rest = last ?? dashboardUid(pack);
  const uid = tests.length > 0 ? `${tests.join("")}{{ else }}${rest}{{ end }}` : rest;
  const variables = placeLabels(signal).map((label) => `var-${label}={{ $labels.${label} | urlquery }}`);
  return `${base(platform.links.grafana)}/d/${uid}?${variables.join("&")}`;
}

/**
 * Link to the service's logs of the last hour in Grafana's Explore; an annotation template. The label's text is
 * quoted for LogQL, then for JSON (whatever `%q` writes is printable, so quoting it again is valid JSON), then for
 * the address.
 */
export function logsLink(platform: Platform): string {
  const datasource = `{"type":"loki","uid":"${lokiDatasourceUid}"}`;
  const query = `{"refId":"A","datasource":${datasource},"queryType":"range","expr":%q}`;
  const range = '{"from":"now-1h","to":"now"}';
  const panes = `{"logs":{"datasource":"${lokiDatasourceUid}","queries":[${query}],"range":${range}}}`;
  const selector = "(printf `{service_name=%q}` $labels.service)";
  return `${base(platform.links.grafana)}/explore?schemaVersion=1&panes={{ printf \`${panes}\` ${selector} | urlquery }}`;
}

/** The label of a value that belongs to one project of an error tracker. */
export const projectLabel = "project";

/**
 * Link to the list of the project's issues in the error tracker, from which stack traces and sessions are reached; an
 * annotation template. Empty for services that do not say where that is.
 *
 * @returns undefined where none of the services does, or the alert speaks of no project
 */
export function issuesLink({ signal }: Alert, platform: Platform, services: ReadonlySet<string>): string | undefined {
  if (!signal.labels.includes(projectLabel)) return undefined;
  const cases = platform.services.flatMap(({ name, instrumentation: { issuesUrl } }) =>
    services.has(name) && issuesUrl !== undefined
      ? [
          `if eq $labels.service ${JSON.stringify(name)} }}${templateText(issuesUrl)}{{ $labels.${projectLabel} | urlquery }}`,
        ]
      : [],
  );
  if (cases.length === 0) return undefined;
  return `{{ ${cases.join("{{ else ")}{{ end }}`;
}

/** Address of the alert's runbook; text, not a template, unless `links.runbooks` holds braces, which are escaped. */
export function runbookLink({ pack, name }: Pick<Alert, "pack" | "name">, platform: Platform): string {
  return `${base(platform.links.runbooks)}/${pack}/${name}.md`;
}

const base = (address: string): string => templateText(address.replace(/\/+$/, ""));

/** Text that a Go template prints as it is, whatever braces a user wrote into it. */
export const templateText = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');
