import type { PlaceKey } from "../model/exporter.ts";

/** How texts of one kind must look: the schema, typed props and messages all read it from here. */
export interface TextFormat {
  /** What it is called in a message, with its article. */
  title: string;
  /** Regular expression over the whole text, to be read with the `u` flag. */
  pattern: string;
  /** What is allowed, in words. */
  allowed: string;
  example: string;
}

const port = "([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
const hostPort = `^([A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}\\]):${port}$`;

/** Names end up in labels, file names and URLs: all of these can hold them without any quoting. */
export const textFormats = {
  name: {
    title: "a name",
    pattern: "^[a-z][a-z0-9-]{0,62}$",
    allowed: "lower-case letters, digits and hyphens; a letter first; at most 63 characters",
    example: "orders-api",
  },
  secretName: {
    title: "the name of a secret",
    pattern: "^(?!.*(\\.\\.|//))[a-z0-9]([a-z0-9._/-]{0,198}[a-z0-9_-])?$",
    allowed:
      "lower-case letters, digits and . _ / -; a letter or digit first; no `..`; at most 200 characters. It is the name under which the secret is kept, never the secret itself",
    example: "orders-slack-webhook",
  },
  description: {
    title: "a description",
    pattern: "^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]{1,500}$",
    allowed: "1 to 500 characters, none of them a control character",
    example: "Takes and shows orders",
  },
  url: {
    title: "an address",
    pattern: "^https?://[A-Za-z0-9_\\[][^\\s\\\\\"'<>`{|}^\\p{C}]{0,1990}$",
    allowed: "a whole address with its scheme, http:// or https://, and without spaces or quotes",
    example: "https://grafana.example.com",
  },
  hostPort: {
    title: "host:port",
    pattern: hostPort,
    allowed: "`host:port` with a port from 1 to 65535, and nothing before or behind it",
    example: "smtp.example.com:587",
  },
  target: {
    title: "a target",
    pattern: hostPort,
    allowed:
      "`host:port` with a port from 1 to 65535; the scheme and the path are not part of it, they have the keys `scheme` and `path`",
    example: "orders-api.production.internal:8000",
  },
  metricsPath: {
    title: "a path",
    pattern: "^/[A-Za-z0-9._~!$&()*+,;=:@%/-]{0,500}$",
    allowed: "a path that begins with `/`, without host, query and spaces",
    example: "/metrics",
  },
  route: {
    title: "a route",
    pattern: "^(/[^\\s\"'`\\\\\\p{C}]{0,300}|[A-Za-z][A-Za-z0-9_.:-]{0,100})$",
    allowed:
      "a path that begins with `/` as the instrumentation names it, or one word for what has no path (such as none), without spaces, quotes and backslashes",
    example: "/orders/{order_id}",
  },
  place: {
    title: "a part's name",
    pattern: "^[^\\s\"'`\\\\{}\\p{C}]{1,200}$",
    allowed: "1 to 200 characters as the exporter names it, without spaces, quotes, braces and backslashes",
    example: "orders",
  },
  page: {
    title: "a page",
    pattern: "^/[^\\s\"'`\\\\?#\\p{C}]{0,300}$",
    allowed:
      "a path that begins with `/`, with patterns in place of what differs from view to view, without spaces, quotes, backslashes, `?` and `#`: what users ask for is no part of a page's name",
    example: "/orders/:id",
  },
  release: {
    title: "a release",
    pattern: "^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$",
    allowed:
      "a version as the app reports it: letters, digits and . _ + -; a letter or digit first; at most 64 characters",
    example: "2.4.1+318",
  },
  variant: {
    title: "the name of a variant",
    pattern: "^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$",
    allowed: "as the label has it: letters, digits and . _ + -; a letter or digit first; at most 64 characters",
    example: "one-page",
  },
  endpoint: {
    title: "an endpoint",
    pattern: "^https?://[A-Za-z0-9_\\[][^\\s\\\\\"'<>`{|}^#\\p{C}]{0,500}$",
    allowed: "a whole address with its scheme, http:// or https://, and without spaces, quotes and `#`",
    example: "https://www.example.com/health",
  },
  canister: {
    title: "a canister id",
    pattern: "^([a-z2-7]{5}-){1,10}[a-z2-7]{1,5}$",
    allowed: "groups of five lower-case letters and digits from 2 to 7, joined by hyphens; the last may be shorter",
    example: "rrkah-fqaaa-aaaaa-aaaaq-cai",
  },
  metricName: {
    title: "the name of a metric",
    pattern: "^[A-Za-z_:][A-Za-z0-9_:]{0,199}$",
    allowed: "letters, digits, `_` and `:`; no digit first; without labels and braces",
    example: "shop_cycle_balance",
  },
  labelName: {
    title: "the name of a label",
    pattern: "^[A-Za-z_][A-Za-z0-9_]{0,99}$",
    allowed: "letters, digits and `_`; no digit first; as Prometheus shows it",
    example: "app_version",
  },
  logText: {
    title: "a text",
    pattern: "^(?=.*\\S)[^\\p{C}\\u2028\\u2029]{1,500}$",
    allowed: "1 to 500 characters of one line, none of them a control character",
    example: "out of memory",
  },
  logPattern: {
    title: "a regular expression",
    pattern: "^(?=.*\\S)[^\\p{C}\\u2028\\u2029]{1,500}$",
    allowed: "1 to 500 characters, none of them a control character; as RE2 has them",
    example: "card=[0-9]{16}",
  },
  email: {
    title: "an e-mail address",
    pattern: "^[^\\s@,;:<>()\"'`\\\\\\p{C}]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$",
    allowed: "one address, name@host, without a display name",
    example: "orders@example.com",
  },
  channel: {
    title: "a Slack channel",
    pattern: "^[#@]?[^\\s#@\"'`\\\\<>{}\\p{C}]{1,80}$",
    allowed: "#channel, @user or an id, without spaces; in YAML in quotes, because # begins a comment",
    example: "#orders-alerts",
  },
  userName: {
    title: "a user name",
    pattern: "^[^\\s\"'`\\\\\\p{C}]{1,200}$",
    allowed: "1 to 200 characters without spaces and quotes",
    example: "alerts",
  },
  telemetryName: {
    title: "a service.name",
    pattern: "^[A-Za-z0-9]([A-Za-z0-9._/-]{0,198}[A-Za-z0-9])?$",
    allowed: "letters, digits and . _ / -, as the service sends it in `service.name`",
    example: "checkout",
  },
  region: {
    title: "an AWS region",
    pattern: "^[a-z]{2}(-[a-z]{2,12}){1,3}-[1-9]\\d?$",
    allowed: "the code of a region",
    example: "eu-west-1",
  },
} as const satisfies Record<string, TextFormat>;

export type TextFormatName = keyof typeof textFormats;

/** How the places of a service are written. */
export const placeFormats: Readonly<Record<PlaceKey, TextFormatName>> = {
  canisters: "canister",
  containers: "place",
  databases: "place",
  endpoints: "endpoint",
  filesystems: "place",
  methods: "place",
  pages: "page",
  releases: "release",
  journeys: "place",
  projects: "place",
  sites: "place",
};

/** How places are written that lie within others, in words. */
export const nestedExample = "{ checkout: [cart, address, payment] }";

const compiled = new Map(Object.entries(textFormats).map(([name, { pattern }]) => [name, new RegExp(pattern, "u")]));

export const hasFormat = (format: TextFormatName, text: string): boolean => compiled.get(format)?.test(text) ?? false;
