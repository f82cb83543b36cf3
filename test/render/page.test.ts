import { expect, test } from "vitest";
import { dashboards } from "../../dashboards/index.ts";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import { lokiDatasourceUid, tempoDatasourceUid } from "../../src/model/links.ts";
import type { Platform } from "../../src/model/platform.ts";
import { percent } from "../../src/model/quantity.ts";
import { renderDashboards } from "../../src/render/dashboard.ts";
import { samplePlatform, sampleProps } from "../sample-platform.ts";

interface Link {
  title: string;
  type: string;
  url?: string;
  tags: string[];
  keepTime: boolean;
  includeVars: boolean;
  placement?: string;
}
interface Panel {
  type: string;
  title: string;
  description?: string;
  targets?: { expr: string }[];
  fieldConfig?: {
    defaults: { unit?: string };
    overrides: { matcher: { options: string }; properties: { id: string; value: unknown }[] }[];
  };
}
interface DashboardJson {
  uid: string;
  tags: string[];
  links: Link[];
  panels: Panel[];
  templating: { list: { name: string; query?: unknown; multi?: boolean; includeAll?: boolean }[] };
}

const render = (platform: Platform): DashboardJson[] =>
  renderDashboards(platform, dashboards).map(({ text }) => JSON.parse(text) as DashboardJson);

const withSlos = samplePlatform({
  services: sampleProps.services.map((service) => ({
    ...service,
    slos: [{ indicator: "availability", objective: percent(99.9) }],
  })),
});
const find = (name: string, platform = withSlos): DashboardJson => {
  const found = render(platform).find(({ uid }) => uid === `firedrill-${name}`);
  if (!found) throw new Error(`no dashboard ${name}`);
  return found;
};
const panelsOf = ({ panels }: DashboardJson) => panels.filter(({ type }) => type !== "row");

const selectorsOf = (engine: Engine, panel: Panel) =>
  (panel.targets ?? []).flatMap(({ expr }) => engine.parse(expr.replaceAll(/\$\w+/g, ".*")).selectors ?? []);

test("the first screen of the overview is full, and says what is wrong before it says when it began", () => {
  const { panels } = find("overview");
  const first = panels.slice(
    0,
    panels.findIndex(({ type }) => type === "row"),
  );
  expect(first.map(({ title }) => title)).toEqual([
    "Platform, 0 to 100",
    "Worst service, 0 to 100",
    "Critical alerts",
    "Warnings",
    "Services with data",
    "Least error budget left",
    "Services, the worst first",
    "What costs the points",
    "Health of the platform",
    "Open alerts",
    "Targets that answer, by service",
    "Error budget left",
  ]);
});

test("what no service has, has no panel", () => {
  const titles = (name: string) => panelsOf(find(name, samplePlatform())).map(({ title }) => title);
  expect([...titles("overview"), ...titles("service")].filter((title) => /budget/i.test(title))).toEqual([]);
});

test("long ranges stay fast: both pages ask for recorded series only", async () => {
  const engine = await loadEngine();
  const asked = ["overview", "service"].flatMap((name) =>
    panelsOf(find(name)).flatMap((panel) => selectorsOf(engine, panel).map(({ metric = "" }) => metric)),
  );
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((metric) => !metric.includes(":"))).toEqual([]);
});

test("every panel says in words what it shows, and in which unit", () => {
  for (const panel of ["overview", "service"].flatMap((name) => panelsOf(find(name)))) {
    expect(panel.description ?? "", panel.title).toMatch(/\w{3}.*\.$/s);
    const { defaults, overrides } = panel.fieldConfig ?? { defaults: {}, overrides: [] };
    const units = overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === "unit"));
    expect(defaults.unit ?? units[0]?.value, panel.title).toBeTruthy();
  }
});

test("from every dashboard a link leads to the others, with the time and the variables that were chosen", () => {
  const uids = new Set(render(withSlos).map(({ uid }) => uid));
  for (const { uid, links, tags } of render(withSlos)) {
    const expected = ["Platform overview", "Service detail"].filter(
      (_, index) => uid !== `firedrill-${["overview", "service"][index]}`,
    );
    expect(links.map(({ title }) => title)).toEqual([...expected, "Dashboards", "Logs"]);
    for (const { title, type, url, tags: wanted, keepTime, includeVars, placement } of links) {
      expect(placement, title).toBeUndefined();
      if (title === "Logs") continue;
      expect({ keepTime, includeVars }).toEqual({ keepTime: true, includeVars: true });
      if (type === "dashboards") expect(tags).toEqual(expect.arrayContaining(wanted));
      else expect(uids).toContain(new URL(url ?? "").pathname.split("/").at(-1));
    }
  }
});

test("a row of a table leads to its service, and an alert to its runbook", () => {
  const linkOf = (title: string, column: string) => {
    const panel = find("overview").panels.find((one) => one.title === title);
    const override = panel?.fieldConfig?.overrides.find(({ matcher }) => matcher.options === column);
    const [link] = (override?.properties.find(({ id }) => id === "links")?.value ?? []) as { url: string }[];
    return (link?.url ?? "")
      .replace("${__url_time_range}", "from=now-1h&to=now")
      .replace(/\$\{__data\.fields\.(\w+)\}/g, "the-$1")
      .replace("${datasource}", "a-source");
  };
  for (const title of ["Services, the worst first", "What costs the points"]) {
    const url = new URL(linkOf(title, "service"));
    expect(url.pathname).toBe("/d/firedrill-service");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      "var-datasource": "a-source",
      "var-environment": "the-environment",
      "var-service": "the-service",
      from: "now-1h",
      to: "now",
    });
  }
  expect(linkOf("What costs the points", "alertname")).toBe(
    "https://git.example.com/runbooks/the-pack/the-alertname.md",
  );
});

test("one service is chosen at a time where one is shown", () => {
  const list = (name: string) => find(name).templating.list.map((one) => `${one.name}${one.multi ? " (several)" : ""}`);
  expect(list("overview")).toEqual(["datasource", "environment (several)", "team (several)", "service (several)"]);
  expect(list("service")).toEqual(["datasource", "environment (several)", "service"]);
});

test("logs open for the services and the time that are looked at", async () => {
  const engine = await loadEngine();
  const logsOf = (name: string, values: Record<string, string>) => {
    const url = find(name).links.find(({ title }) => title === "Logs")?.url ?? "";
    const filled = url.replaceAll(/\$\{([\w:]+)\}/g, (_, variable: string) => values[variable] ?? "unknown");
    const panes = JSON.parse(new URL(filled).searchParams.get("panes") ?? "") as {
      logs: { datasource: string; queries: { expr: string }[]; range: unknown };
    };
    return { ...panes.logs, matchers: engine.parse(panes.logs.queries[0]?.expr ?? "").selectors?.[0]?.matchers };
  };
  const chosen = { "service:pipe": "search|gallery", "environment:pipe": "production", __from: "1000", __to: "2000" };
  const several = logsOf("overview", chosen);
  expect(several.datasource).toBe(lokiDatasourceUid);
  expect(several.range).toEqual({ from: "1000", to: "2000" });
  expect(several.matchers).toContainEqual({ name: "service", op: "=~", value: "search|gallery" });
  expect(several.matchers).toContainEqual({ name: "environment", op: "=~", value: "production" });
  // Wherever there are several of one there is a variable that says which.
  for (const { links, templating } of render(withSlos)) {
    const asked = [...(links.at(-1)?.url ?? "").matchAll(/\$\{(\w+):pipe\}/g)].map(([, name]) => name);
    expect(asked).toContain("environment");
    expect(templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(asked));
  }
  // Its own dashboard has no variable for the service.
  expect(logsOf("http-search", chosen).matchers).toContainEqual({ name: "service", op: "=", value: "search" });
});

test("traces open for the services, the endpoints and the time that are looked at, where spans are taken", () => {
  const traced = { ...withSlos, traces: { otlp: "http://tempo.internal:4318" } };
  const tracesOf = (name: string) => {
    const url = find(name, traced).links.find(({ title }) => title === "Traces")?.url ?? "";
    const values: Record<string, string> = {
      service: "search|gallery",
      environment: "production",
      route: "/items/{id}|/carts",
    };
    const filled = url.replaceAll(/\$\{(\w+)(:pipe)?\}/g, (_, variable: string) => values[variable] ?? variable);
    const panes = JSON.parse(new URL(filled).searchParams.get("panes") ?? "") as {
      traces: { datasource: string; queries: { query: string }[]; range: unknown };
    };
    expect(panes.traces.datasource).toBe(tempoDatasourceUid);
    expect(panes.traces.range).toEqual({ from: "__from", to: "__to" });
    return panes.traces.queries.map(({ query }) => query);
  };
  const [both, one] = ['resource.service.name=~"search|gallery"', 'resource.service.name="search"'];
  const where = 'resource.environment=~"production"';
  const route = 'span.http.route=~"/items/{id}|/carts"';
  expect(tracesOf("overview")).toEqual([`{${both} && ${where}}`]);
  expect(tracesOf("http")).toEqual([`{${both} && ${where} && ${route}}`]);
  expect(tracesOf("http-search")).toEqual([`{${one} && ${where} && ${route}}`]);
  expect(render(withSlos).flatMap(({ links }) => links.filter(({ title }) => title === "Traces"))).toEqual([]);
});

test("on a dashboard of several services a team can be chosen, and then only its services", () => {
  const { templating } = find("http");
  const names = templating.list.map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(["datasource", "environment", "team", "service"]);
  const services = templating.list.find(({ name }) => name === "service");
  expect(services?.query).toContain('team=~"$team"');
});

test("the graphs of a service draw the thresholds that it has itself, with what its rules compare", async () => {
  const engine = await loadEngine();
  const { panels } = find("service");
  const latency = panels.find(({ title }) => title.includes("p95"));
  const lines = (latency?.targets ?? []).slice(1);
  const thresholds = withSlos.services.flatMap(({ promises }) => {
    const promise = promises.get("HttpLatencyHigh");
    return promise ? severitiesOf(promise.levels) : [];
  });
  expect(thresholds.length).toBeGreaterThan(0);
  const all = lines.map(({ expr }) => expr).join(" or ");
  for (const value of thresholds) expect(all).toContain(`${value} * group by (environment, service) (`);
  for (const { expr } of lines) expect(engine.parse(expr.replaceAll(/\$\w+/g, ".*")).selectors).not.toEqual([]);
  expect(
    find("overview")
      .panels.flatMap(({ targets }) => targets ?? [])
      .filter(({ expr }) => expr.includes("group by")),
  ).toEqual([]);
});

const severitiesOf = (levels: { warning?: { value: number }; critical?: { value: number } }): number[] =>
  [levels.warning, levels.critical].flatMap((one) => one?.value ?? []);

test("without health there is neither page, and nothing leads there", () => {
  const all = render(samplePlatform({ features: { health: false } }));
  expect(all.map(({ uid }) => uid).filter((uid) => /overview|service$/.test(uid))).toEqual([]);
  expect(new Set(all.flatMap(({ links }) => links.map(({ title }) => title)))).toEqual(new Set(["Dashboards", "Logs"]));
  const withoutLogs = render(samplePlatform({ features: { logging: false } }));
  expect(withoutLogs.flatMap(({ links }) => links.filter(({ title }) => title === "Logs"))).toEqual([]);
});
