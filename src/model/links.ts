import type { Alert } from "./pack.ts";
import type { Platform } from "./platform.ts";

/** Grafana takes uids of at most 40 letters, digits, `-` and `_`: other names are cut and end in a hash of the whole. */
const maximumUidLength = 40;

/** Uid of the Loki data source in Grafana, for links that open its logs. */
export const lokiDatasourceUid = "firedrill-loki";

/** Uid of the Tempo data source in Grafana, for links that open the traces of a service or of a log line. */
export const tempoDatasourceUid = "firedrill-tempo";

/**
 * Stable uid of a pack's dashboard; a service with thresholds of its own has a dashboard of its own, and so has an
 * environment. No name has an underscore, so that no two have the same.
 */
export function dashboardUid(pack: string, service?: string, environment?: string): string {
  const whose = ["firedrill", pack, ...(service === undefined ? [] : [service])].join("-");
  const uid = environment === undefined ? whose : `${whose}_${environment}`;
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
 * Link to the service's logs of the last hour in Grafana's Explore, those of the alert's environment; an annotation
 * template. Labels' texts are quoted for LogQL, then for JSON (whatever `%q` writes is printable, so quoting it again is
 * valid JSON), then for the address.
 */
export function logsLink(platform: Platform): string {
  const datasource = `{"type":"loki","uid":"${lokiDatasourceUid}"}`;
  const query = `{"refId":"A","datasource":${datasource},"queryType":"range","expr":%q}`;
  const range = '{"from":"now-1h","to":"now"}';
  const panes = `{"logs":{"datasource":"${lokiDatasourceUid}","queries":[${query}],"range":${range}}}`;
  const selector = "(printf `{service_name=%q, environment=%q}` $labels.service $labels.environment)";
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

/** An address as the beginning of a template. */
export const base = (address: string): string => templateText(address.replace(/\/+$/, ""));

/** Text that a Go template prints as it is, whatever braces a user wrote into it. */
export const templateText = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');
